"""Every way in which Rasa fails to answer, by what the bot should make of it."""

from typing import Any

import httpx

from tests.bot.corridor import says

type Said = dict[str, Any] | bytes | int | Exception

AWAY: dict[str, Said] = {
    "refuses the connection": httpx.ConnectError("down"),
    "hangs up": httpx.RemoteProtocolError("hung up"),
    "is starting": 503,
    "has no model": 404,
    "wants another token": 401,
    "is behind a gateway that fails": 502,
}
"""Nobody is at fault: the same turn is asked again."""
FAILING: dict[str, Said] = {
    "an error": 500,
    "a body that is refused": 422,
    "no answer in time": httpx.ReadTimeout("slow"),
    "an empty list": b"[]",
    "null": b"null",
    "nothing": b"",
    "no replies": says(""),
    "replies without words": {**says("x"), "replies": [{"text": ""}, {"text": None}]},
    "replies that are null": {**says("x"), "replies": None},
    "half of JSON": b'{"replies": [{"te',
    "a page of HTML": b"<html>Bad Gateway</html>",
    "a number": b"17",
    "bytes that are no text": b"\xff\xfe\x00",
    "a promise of a ticket that it does not propose": says("Laporan {ticket} dibuat."),
}
"""The turn is at fault: tried again, then a person has it."""
