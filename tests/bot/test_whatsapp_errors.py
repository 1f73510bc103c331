"""Each error code of WhatsApp has one outcome, and the table for people says the same."""

import re
import uuid
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from bot.channels.whatsapp import WhatsAppChannel
from bot.channels.whatsapp.errors import OUTCOMES, Outcome, meaning
from bot.claiming import Due
from bot.events import InboundEvent, Kind
from bot.marking import after
from bot.sending import (
    Ambiguous,
    Button,
    ChannelStopped,
    NotReached,
    OutboundMessage,
    Refused,
    Restricted,
    RetryLater,
    SendError,
    TooFast,
    Unreachable,
    WindowClosed,
)
from bot.settings import WhatsAppSettings

DOC = Path(__file__).parents[2] / "docs" / "channel-errors.md"
MEANS: dict[str, type[SendError]] = {
    "wait, whole number": TooFast,
    "wait, this person": TooFast,
    "try again": RetryLater,
    "wait for the person": WindowClosed,
    "another channel": Unreachable,
    "broadcasts rest": Restricted,
    "stop and page": ChannelStopped,
    "refused": Refused,
}
BECOMES = {
    "wait, whole number": "due",
    "wait, this person": "due",
    "try again": "due",
    "wait for the person": "waiting",
    "another channel": "refused",
    "broadcasts rest": "due",
    "stop and page": "due",
    "refused": "refused",
}
SETTINGS = WhatsAppSettings(whatsapp_token="t", whatsapp_phone_number_id="100", _env_file=None)
CODES = [code for code in OUTCOMES if not 200 < code < 299]


def message(*titles: str, attempts: int = 1) -> OutboundMessage:
    buttons = tuple(Button(title, f"t{n}") for n, title in enumerate(titles))
    return OutboundMessage(str(uuid.uuid4()), "ID.1", "62812", "Halo Kak", buttons, attempts=attempts)


def due(attempts: int = 1, priority: int = 0) -> Due:
    return Due(uuid.uuid4(), uuid.uuid4(), "whatsapp", message(attempts=attempts), attempts, priority)


def channel(*answers: httpx.Response) -> tuple[WhatsAppChannel, list[httpx.Request]]:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return answers[min(len(asked), len(answers)) - 1]

    return WhatsAppChannel(SETTINGS, httpx.AsyncClient(transport=httpx.MockTransport(answer))), asked


def refusal(code: int, status: int = 400) -> httpx.Response:
    said = {"message": f"(#{code}) Title", "code": code, "error_data": {"details": "Rincian dari Meta."}}
    return httpx.Response(status, json={"error": said})


def documented() -> dict[int, str]:
    """The codes of the table for people."""
    table = DOC.read_text().split("## WhatsApp Cloud API")[1].split("| code |")[1].split("\n\n")[0]
    found: dict[int, str] = {}
    for codes, outcome in re.findall(r"^\| ([\d, -]+) \|.*\| ([^|]+) \|$", table, re.MULTILINE):
        for part in codes.split(", "):
            first, _, last = part.partition("-")
            found |= dict.fromkeys(range(int(first), int(last or first) + 1), outcome)
    return found


def test_the_table_for_people_is_the_one_that_is_kept() -> None:
    assert documented() == {code: outcome.name for code, outcome in OUTCOMES.items()}


@pytest.mark.parametrize("code", CODES)
async def test_each_code_comes_to_what_the_table_says(code: int) -> None:
    sender, asked = channel(refusal(code))
    outcome: Outcome = OUTCOMES[code]
    with pytest.raises(MEANS[outcome.name]) as raised:
        await sender.send(message())
    assert len(asked) == 1
    assert str(raised.value).startswith(f"{code}: Rincian")
    mark = after(due(), raised.value)
    assert mark.status == BECOMES[outcome.name]


@pytest.mark.parametrize("code", [code for code in CODES if BECOMES[OUTCOMES[code].name] == "due"])
def test_whoever_waits_for_a_limit_is_never_dropped(code: int) -> None:
    statuses = {after(due(attempts), meaning(code, "x", 400, attempts)).status for attempts in range(1, 200)}
    assert statuses == ({"due", "refused"} if OUTCOMES[code].name == "try again" else {"due"})


def test_the_pair_limit_waits_longer_each_time_for_this_person_alone() -> None:
    problems = [meaning(131056, "x", 400, attempts) for attempts in (1, 2, 3, 4, 5, 6, 60)]
    assert [after(due(), problem).pause for problem in problems] == [4, 16, 64, 256, 1024, 1024, 1024]
    assert not any(isinstance(problem, RetryLater) and problem.whole_channel for problem in problems)


def test_the_numbers_limit_waits_for_everybody() -> None:
    problem = meaning(130429, "x", 400)
    assert isinstance(problem, TooFast)
    assert problem.whole_channel


def test_a_restriction_rests_broadcasts_for_an_hour_and_replies_a_minute() -> None:
    problem = meaning(131048, "x", 400)
    assert after(due(priority=2), problem).pause == 3600
    assert after(due(), problem).pause == 60


@pytest.mark.parametrize(
    ("answer", "becomes"),
    [
        (httpx.Response(502, html="<h1>Bad Gateway</h1>"), "unknown"),
        (httpx.Response(504, text=""), "unknown"),
        (httpx.Response(200, text="ok"), "unknown"),
        (httpx.Response(200, json={"messages": []}), "unknown"),
        (httpx.Response(500, html="<h1>Sorry</h1>"), "due"),
        (httpx.Response(503, text=""), "due"),
        (httpx.Response(429, text=""), "due"),
        (httpx.Response(401, text=""), "due"),
        (httpx.Response(400, json={"error": "not an object"}), "due"),
        (refusal(999999), "refused"),
        (refusal(999999, 503), "due"),
    ],
)
async def test_what_no_code_explains_is_judged_by_its_status(answer: httpx.Response, becomes: str) -> None:
    with pytest.raises(SendError) as raised:
        await channel(answer)[0].send(message())
    assert after(due(), raised.value).status == becomes


@pytest.mark.parametrize(
    ("problem", "means"),
    [
        (httpx.ConnectError("x"), NotReached),
        (httpx.ConnectTimeout("x"), NotReached),
        (httpx.ReadTimeout("x"), Ambiguous),
        (httpx.RemoteProtocolError("x"), Ambiguous),
        (httpx.WriteError("x"), Ambiguous),
    ],
)
async def test_only_what_surely_never_left_is_sent_again(problem: Exception, means: type[SendError]) -> None:
    def fail(_: httpx.Request) -> httpx.Response:
        raise problem

    sender = WhatsAppChannel(SETTINGS, httpx.AsyncClient(transport=httpx.MockTransport(fail)))
    with pytest.raises(means):
        await sender.send(message())


async def test_choices_that_meta_does_not_take_go_out_to_be_typed() -> None:
    sender, asked = channel(refusal(131009), httpx.Response(200, json={"messages": [{"id": "wamid.1"}]}))
    assert await sender.send(message("Tokopedia", "Bukalapak")) == "wamid.1"
    said = _json(asked[1])["text"]["body"]
    assert said.startswith("Halo Kak\n\n")
    assert said.endswith("• Tokopedia\n• Bukalapak")


async def test_reading_and_typing_never_fail_a_turn() -> None:
    event = InboundEvent("whatsapp", "wamid.IN", "ID.1", "ID.1", Kind.TEXT, 0, b"")
    sender, asked = channel(refusal(190, 401))
    await sender.typing(event)
    await sender.read(event)
    assert _json(asked[0]) == {
        "messaging_product": "whatsapp",
        "status": "read",
        "message_id": "wamid.IN",
        "typing_indicator": {"type": "text"},
    }
    assert "typing_indicator" not in _json(asked[1])

    def fail(_: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("x")

    await WhatsAppChannel(SETTINGS, httpx.AsyncClient(transport=httpx.MockTransport(fail))).typing(event)


def _json(request: httpx.Request) -> Any:
    return orjson.loads(request.content)
