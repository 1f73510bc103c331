"""Every kind of thing WhatsApp sends, one file each: read as what it is, stored, and answered where somebody waits.

A file is a webhook as Meta sends it; `expect` beside it says what must be read in it.
"""

from pathlib import Path
from typing import Any

import orjson
import pytest

from bot import wording
from bot.events import DeliveryStatus, InboundEvent, Kind, News
from bot.inbox import Illegible
from bot.webhooks import whatsapp_arrivals
from records.clock import Clock
from records.database import Database
from tests.bot.corridor import Corridor

FOLDER = Path(__file__).parent / "payloads" / "whatsapp"
PAYLOADS = {path.stem: orjson.loads(path.read_bytes()) for path in sorted(FOLDER.glob("*.json"))}
SILENT = {"service", "edited", "changed"}


@pytest.mark.parametrize("name", PAYLOADS)
def test_each_payload_is_read_as_what_it_is(name: str) -> None:
    arrivals = whatsapp_arrivals(orjson.dumps(PAYLOADS[name]))
    assert [_read(arrival, expected) for arrival, expected in zip(arrivals, expects(name), strict=True)] == expects(
        name
    )


def expects(name: str) -> list[dict[str, Any]]:
    expected: list[dict[str, Any]] = PAYLOADS[name]["expect"]
    return expected


def _read(arrival: object, expected: dict[str, Any]) -> dict[str, Any]:
    assert isinstance(arrival, InboundEvent | DeliveryStatus | News)
    return {key: getattr(arrival, key) for key in expected}


async def test_everything_is_stored_and_everybody_answered(database: Database, clock: Clock, data_key: str) -> None:
    """All of them in one batch, each from somebody of their own, with broken parts between."""
    entries = []
    for number, (_, payload) in enumerate(PAYLOADS.items()):
        entries += [_as_somebody_else(entry, number) for entry in payload["entry"]]
        entries.append({"id": "200", "changes": [{"field": "messages", "value": {"messages": [{"broken": number}]}}]})
    async with Corridor(database, clock, data_key) as corridor:
        arrivals = whatsapp_arrivals(orjson.dumps({"object": "whatsapp_business_account", "entry": entries}))
        await corridor.inbox.store(arrivals)
        await corridor.rest(60)
        people = [arrival for arrival in arrivals if isinstance(arrival, InboundEvent)]
        asked = [event for event in people if event.kind.value not in SILENT]
        assert await corridor.count("inbox") == len({_key(arrival) for arrival in arrivals})
        assert await corridor.count("inbox WHERE status = 'ignored' AND sealed_event IS NOT NULL") == len(PAYLOADS)
        assert await corridor.count("inbox WHERE conversation_id IS NOT NULL AND status = 'done'") == len(people)
        assert await corridor.count("messages WHERE direction = 'in'") == len(people)
        # nobody is told twice, nobody is left without an answer
        assert sorted(message.chat for message in corridor.whatsapp.sent) == sorted(event.chat for event in asked)
        assert await corridor.count("channel_news WHERE trouble") == sum(
            isinstance(arrival, News) and arrival.trouble for arrival in arrivals
        )


async def test_a_reaction_is_thanked_for_and_one_taken_back_is_not(
    database: Database, clock: Clock, data_key: str
) -> None:
    async with Corridor(database, clock, data_key) as corridor:
        for name in ("reaction", "reaction_taken_back"):
            await corridor.inbox.store(whatsapp_arrivals(orjson.dumps(PAYLOADS[name])))
            await corridor.rest()
    assert corridor.whatsapp.words == [wording.REACTION]


@pytest.mark.parametrize(
    "part",
    [
        {"id": "wamid.X", "from": "62812\u0000", "timestamp": "1598238000", "type": "text", "text": {"body": "halo"}},
        {"id": "wamid.X", "from": "62812", "timestamp": "99999999999999", "type": "text", "text": {"body": "halo"}},
        {"id": "wamid.X", "from": "62812", "timestamp": "-5", "type": "text", "text": {"body": "halo"}},
        {"id": "wamid.X", "from": "62812", "timestamp": "x", "type": "text", "text": {"body": "halo"}},
        {"id": "", "from": "62812", "timestamp": "1598238000", "type": "text", "text": {"body": "halo"}},
        {"id": "wamid.X", "timestamp": "1598238000", "type": "text", "text": {"body": "tanpa siapa"}},
        {"id": "wamid.X", "from": "62812", "timestamp": "1598238000", "type": "interactive", "interactive": 3},
        {"id": "wamid.X", "from": "62812", "timestamp": "1598238000", "type": ["text"]},
        "bukan objek",
        None,
    ],
)
def test_a_broken_message_loses_only_itself(part: object) -> None:
    good = {"id": "wamid.Y", "from": "62813", "timestamp": "1598238000", "type": "text", "text": {"body": "halo"}}
    body = {"entry": [{"changes": [{"field": "messages", "value": {"messages": [part, good]}}]}]}
    broken, whole = whatsapp_arrivals(orjson.dumps(body))
    assert isinstance(broken, Illegible)
    assert orjson.loads(broken.raw)["message"] == part
    assert isinstance(whole, InboundEvent)
    assert whole.text == "halo"


def test_half_a_character_in_one_message_loses_only_that_one() -> None:
    good = b'{"id": "wamid.Y", "from": "62813", "timestamp": "1", "type": "text", "text": {"body": "halo"}}'
    half = good.replace(b"wamid.Y", b"wamid.X").replace(b"halo", b"\\ud83d")
    body = b'{"entry": [{"changes": [{"field": "messages", "value": {"messages": [' + half + b"," + good + b"]}}]}]}"
    broken, whole = whatsapp_arrivals(body)
    assert isinstance(broken, Illegible)
    assert isinstance(whole, InboundEvent)
    assert whole.text == "halo"


def test_of_several_contacts_nobody_gets_anothers_name() -> None:
    contacts = [{"profile": {"name": "Budi"}, "user_id": "ID.2"}, {"profile": {"name": "Siti"}, "user_id": "ID.1"}]
    told = {"id": "wamid.Z", "timestamp": "1598238000", "type": "text", "text": {"body": "halo"}}
    value = {"contacts": contacts, "messages": [told | {"from_user_id": "ID.1"}, told | {"from_user_id": "ID.3"}]}
    siti, nobody = whatsapp_arrivals(orjson.dumps({"entry": [{"changes": [{"value": value}]}]}))
    assert isinstance(siti, InboundEvent)
    assert isinstance(nobody, InboundEvent)
    assert (siti.display_name, nobody.display_name) == ("Siti", None)


def _as_somebody_else(entry: Any, number: int) -> Any:
    said = orjson.dumps(entry).replace(b"6281200000001", f"62812{number:08}".encode())
    return orjson.loads(
        said.replace(b"ID.4411", f"ID.{number}".encode()).replace(b"wamid.OUT1", b"wamid.OUT%d" % number)
    )


def _key(arrival: object) -> str:
    return str(getattr(arrival, "external_id", ""))


def test_the_folder_has_every_kind() -> None:
    kinds = {expected["kind"] for payload in PAYLOADS.values() for expected in payload["expect"] if "kind" in expected}
    assert kinds == {kind.value for kind in Kind} - {"left", "moved"}


async def test_news_that_hold_a_code_are_kept_without_their_words(
    database: Database, clock: Clock, data_key: str
) -> None:
    echo = orjson.dumps(PAYLOADS["message_echo"]).replace(b"dari aplikasi", b"OTP Kakak 482913 ya")
    async with Corridor(database, clock, data_key) as corridor:
        await corridor.inbox.store(whatsapp_arrivals(echo))
        await corridor.inbox.store(whatsapp_arrivals(orjson.dumps(PAYLOADS["message_echo"])))
        kept = "SELECT array_agg(sealed_event IS NOT NULL ORDER BY id) AS kept FROM inbox WHERE kind = 'news'"
        assert (await corridor.row(kept))["kept"] == [False, True]
