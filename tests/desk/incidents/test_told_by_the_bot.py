"""What is decided at the desk is what the bot says next, by the way it really asks: records, checks, actions, words."""

from datetime import timedelta
from typing import Any

import pytest

from bot.facts import INCIDENTS_SECONDS, Facts
from checks.desk_records import REMEMBERED, Records
from desk.incidents.moving import Move, move
from desk.incidents.saying import say
from tests.actions.house import Answered, Chat, House
from tests.desk.incidents.outage import CLOSING, WORDS, Outage

BY_HAND = "Sisnaker sedang diperbaiki oleh timnya, Kak."
CALM = "tidak ada gangguan tercatat"
ASKED = "min kok paket kursus tidak ditemukan terus"


class RealTime:
    """Seconds of real time, as far as a scene lets them pass."""

    def __init__(self) -> None:
        self.passed = 0.0

    def __call__(self) -> float:
        return self.passed


class Bot:
    """The action server over the desk's own records, and people who write to it."""

    def __init__(self, outage: Outage) -> None:
        self.outage, self.real = outage, RealTime()
        self.records: Any = Records(outage.database, elapsed=self.real)

    async def answers(self) -> Answered:
        """Somebody new asks, after what is remembered was forgotten."""
        self.real.passed += REMEMBERED
        chat = Chat(House(records=self.records, now=self.outage.now), None)
        return await chat.says(ASKED, "package_not_found")


@pytest.fixture
def bot(outage: Outage) -> Bot:
    return Bot(outage)


async def test_an_incident_opened_at_the_desk_is_told_to_the_next_who_asks(outage: Outage, bot: Bot) -> None:
    assert WORDS not in (await bot.answers()).text
    await outage.opens()
    answer = await bot.answers()
    assert WORDS in answer.text
    assert "24 Agustus 2020" in answer.text


async def test_changed_words_are_told_with_their_own_time_and_the_old_ones_no_more(outage: Outage, bot: Bot) -> None:
    opened = await outage.opens()
    assert WORDS in (await bot.answers()).text
    outage.now += timedelta(days=1)
    given: dict[str, Any] = {"words": BY_HAND, "as_of": outage.now, "estimate": None, "version": None}
    await outage.does(say, opened.incident.id, **given)
    answer = await bot.answers()
    assert BY_HAND in answer.text
    assert WORDS not in answer.text
    assert "25 Agustus 2020" in answer.text


async def test_what_is_over_is_told_no_more(outage: Outage, bot: Bot) -> None:
    opened = await outage.opens()
    assert WORDS in (await bot.answers()).text
    await outage.does(move, opened.incident.id, Move("resolved", CLOSING, as_of=outage.now), version=None)
    said = (await bot.answers()).text
    assert WORDS not in said
    assert CLOSING not in said


async def test_an_estimate_that_has_passed_is_told_as_passed_and_never_as_something_to_come(
    outage: Outage, bot: Bot
) -> None:
    await outage.opens(estimate=outage.now + timedelta(days=1))
    assert "sudah lewat" not in (await bot.answers()).text
    outage.now += timedelta(days=2)
    said = (await bot.answers()).text
    assert "lewat" in said
    assert "25 Agustus 2020" in said


async def test_news_after_the_estimate_passed_is_told_beside_that(outage: Outage, bot: Bot) -> None:
    opened = await outage.opens(estimate=outage.now + timedelta(days=1))
    outage.now += timedelta(days=2)
    assert WORDS not in (await bot.answers()).text, "words from before may still promise what did not come"
    given: dict[str, Any] = {"words": BY_HAND, "as_of": outage.now, "estimate": opened.incident.estimated_end_at}
    await outage.does(say, opened.incident.id, **given, version=None)
    said = (await bot.answers()).text
    assert BY_HAND in said
    assert "sudah lewat" in said


async def test_the_prior_of_a_turn_knows_it_within_seconds_and_forgets_it_when_it_is_over(outage: Outage) -> None:
    real = RealTime()

    async def overview(_: str) -> dict[str, Any]:
        return {}

    facts = Facts(overview, outage.database, wait_seconds=60.0, elapsed=real)
    chat = outage.scene.conversations["siti"].id

    async def reasons() -> set[str]:
        real.passed += INCIDENTS_SECONDS
        return {str(it["reason"]) for it in await facts.prior("P-1001", chat, outage.now)}

    assert CALM in await reasons()
    opened = await outage.opens()
    assert CALM not in await reasons()
    await outage.does(move, opened.incident.id, Move("resolved", CLOSING, as_of=outage.now), version=None)
    assert CALM in await reasons()
