"""Questions that were open through an outage of more than 150 seconds are asked again, once, with new buttons."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from bot import wording
from bot.presence import EVERY_SECONDS, Presence
from records.database import Database
from tests.bot.corridor import BUDI, SITI, Corridor, ScriptedRasa, press, says, update
from tests.conftest import OPENING

CHOICE = {"intent": "inform", "slots": {"platform": "sisnaker"}}
BUTTONS = [{"title": "Sisnaker", "choice": CHOICE}, {"title": "Tokopedia", "choice": CHOICE}]
AGAIN = f"{wording.AGAIN_LEAD}\n\nDi mana?"


class Times:
    """The clock of the house and real time, both in a test's hands."""

    def __init__(self) -> None:
        self.now, self.real = OPENING, 1000.0

    def pass_by(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
        self.real += seconds


@pytest.fixture
def times() -> Times:
    return Times()


@pytest.fixture
def corridor(database: Database, data_key: str, times: Times) -> Corridor:
    def answer(asked: dict[str, Any]) -> dict[str, Any]:
        return says("Di mana?", buttons=BUTTONS) if "paket" in asked["text"] else says("Baik.")

    rasa = ScriptedRasa(answer)
    return Corridor(database, lambda: times.now, data_key, rasa)


@pytest.fixture
def begin(corridor: Corridor, times: Times) -> Callable[[], Presence]:
    """A process that begins to look."""

    def make() -> Presence:
        return Presence(corridor.database, "telegram", lambda: times.now, asyncio.Event(), lambda: times.real)

    return make


type Begin = Callable[[], Presence]


async def outage(begin: Begin, times: Times, seconds: float) -> int:
    """Be there, die, come back after some time, and look long enough for what must be asked again."""
    await begin().is_there()
    times.pass_by(seconds)
    return await back(begin, times)


async def back(begin: Begin, times: Times) -> int:
    presence, asked = begin(), 0
    for _ in range(4):
        asked += await presence.is_there()
        times.pass_by(EVERY_SECONDS)
    return asked


@pytest.mark.parametrize(("seconds", "asked"), [(140, 0), (149, 0), (160, 1), (25 * 3600, 1)])
async def test_an_open_question_is_asked_again_after_an_outage_that_may_have_swallowed_a_press(
    corridor: Corridor, begin: Begin, times: Times, seconds: float, asked: int
) -> None:
    async with corridor:
        await corridor.hear(update(1, "paket tidak ditemukan"))
        assert await outage(begin, times, seconds) == asked
        await corridor.rest()
    assert corridor.telegram.words == ["Di mana?", AGAIN][: 1 + asked]


async def test_the_new_buttons_work_the_old_ones_explain_and_typing_works_too(
    corridor: Corridor, begin: Begin, times: Times
) -> None:
    async with corridor:
        await corridor.hear(update(1, "paket tidak ditemukan"), update(2, "paket tidak ditemukan", chat=BUDI))
        old = corridor.telegram.sent[0].buttons[0].token
        assert await outage(begin, times, 200) == 2
        await corridor.rest()
        again = {message.chat: message for message in corridor.telegram.sent[2:]}
        assert [button.title for button in again[str(SITI)].buttons] == ["Sisnaker", "Tokopedia"]
        await corridor.hear(press(3, old))
        await corridor.hear(press(4, again[str(SITI)].buttons[0].token))
        await corridor.hear(update(5, "tokopedia", chat=BUDI))
    assert corridor.telegram.words[4:] == [wording.STALE_BUTTON, "Baik.", "Baik."]
    assert [asked["choice"] for asked in corridor.rasa.asked[2:]] == [CHOICE, CHOICE]


async def test_it_is_asked_once_an_outage_however_many_look_and_die(
    corridor: Corridor, begin: Begin, times: Times
) -> None:
    async with corridor:
        await corridor.hear(update(1, "paket tidak ditemukan"))
        await begin().is_there()
        times.pass_by(400)
        for _ in range(3):
            # each sees the outage and dies before anything is asked
            assert await begin().is_there() == 0
            times.pass_by(5)
        asked = await asyncio.gather(*(back(begin, times) for _ in range(3)))
        assert sum(asked) == 1
        await corridor.rest()
        assert await outage(begin, times, 500) == 1
        await corridor.rest()
    assert corridor.telegram.words == ["Di mana?", AGAIN, AGAIN]


@pytest.mark.parametrize(
    "meanwhile",
    [
        "UPDATE conversations SET owner = 'human', owner_version = 1",
        "UPDATE conversations SET unreachable = 'diblokir'",
        "UPDATE conversations SET offered = '[]'",
        "UPDATE conversations SET last_inbound_at = last_inbound_at - interval '25 hours'",
        "UPDATE lanes SET held_until = clock_timestamp() + interval '1 minute'",
        "INSERT INTO inbox (channel, external_id, conversation_id, kind, order_key, received_at) "
        "SELECT 'telegram', 'x', id, 'text', 1, now() FROM conversations",
    ],
    ids=["a person holds it", "blocked", "answered", "long ago", "being answered", "has written"],
)
async def test_nobody_else_is_asked(corridor: Corridor, begin: Begin, times: Times, meanwhile: str) -> None:
    async with corridor:
        await corridor.hear(update(1, "paket tidak ditemukan"))
    async with corridor.database.write() as session:
        await session.execute(text(meanwhile))
    assert await outage(begin, times, 400) == 0


async def test_a_question_the_talk_has_passed_by_is_not_asked_again(
    corridor: Corridor, begin: Begin, times: Times
) -> None:
    async with corridor:
        await corridor.hear(update(1, "paket tidak ditemukan"))
        await corridor.hear(update(2, "insentif belum cair"))
        assert await corridor.count("conversations WHERE offered <> '[]'") == 1
        assert await outage(begin, times, 400) == 0
    assert corridor.telegram.words == ["Di mana?", "Baik."]


@pytest.mark.parametrize(("said", "answer"), [("Sisnaker", "Baik."), ("paket lain tidak ditemukan", "Di mana?")])
async def test_who_wrote_after_the_outage_has_gone_on(
    corridor: Corridor, begin: Begin, times: Times, said: str, answer: str
) -> None:
    async with corridor:
        await corridor.hear(update(1, "paket tidak ditemukan"))
        await begin().is_there()
        times.pass_by(400)
        presence = begin()
        await presence.is_there()
        await corridor.hear(update(2, said))
        times.pass_by(EVERY_SECONDS + 1)
        assert await presence.is_there() == 0
    assert corridor.telegram.words == ["Di mana?", answer]


async def test_a_clock_that_is_moved_on_is_no_outage(corridor: Corridor, begin: Begin, times: Times) -> None:
    async with corridor:
        await corridor.hear(update(1, "paket tidak ditemukan"))
        presence = begin()
        await presence.is_there()
        times.now += timedelta(days=12)
        times.real += EVERY_SECONDS
        for _ in range(3):
            assert await presence.is_there() == 0
            times.pass_by(EVERY_SECONDS)
    assert corridor.telegram.words == ["Di mana?"]


async def test_a_channel_that_is_cut_off_while_we_live_is_an_outage_too(
    corridor: Corridor, begin: Begin, times: Times
) -> None:
    async with corridor:
        await corridor.hear(update(1, "paket tidak ditemukan"))
        presence = begin()
        await presence.is_there()
        times.pass_by(170)
        asked = 0
        for _ in range(3):
            asked += await presence.is_there()
            times.pass_by(EVERY_SECONDS)
        assert asked == 1
