"""What the bot sends along about a bound person: asked at once, for a moment, remembered, and never in a turn's way."""

import asyncio
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from bot.facts import Facts
from records.clock import Clock
from records.database import Database
from registry.interface import Answer
from tests.actions.programme import NOW, Programme, cast
from tests.bot.corridor import Corridor, ScriptedRasa, says, update
from tests.conftest import OPENING

CONVERSATION = UUID("00000000-0000-4000-8000-00000000000b")
A_CODE_IS_MISSING = "paid_no_code"


@dataclass
class Small:
    """The overview of the small programme."""

    programme: Programme

    async def __call__(self, who: str) -> dict[str, Answer[Any]]:
        programme = self.programme
        return {
            "participant": await programme.participant(who),
            "waves": await programme.wave_applications(who),
            "card": await programme.card(who),
            "purchases": await programme.purchases(who),
            "incentives": await programme.incentives(who),
            "payout_account": await programme.payout_account(who),
        }


@dataclass
class Elapsed:
    """A stopwatch moved by hand."""

    seconds: float = 0.0

    def __call__(self) -> float:
        return self.seconds


@dataclass
class Asked:
    """Facts over the small programme."""

    facts: Facts
    programme: Programme
    elapsed: Elapsed

    async def likelier(self, who: str | None, conversation: UUID = CONVERSATION) -> list[str]:
        """Return the meanings that were made likelier."""
        told = await self.facts.prior(who, conversation, NOW)
        return [str(it["intent"]) for it in told if float(str(it["weight"])) > 0]


@pytest.fixture
async def asked(database: Database) -> Asked:
    programme, elapsed = cast(), Elapsed()
    return Asked(Facts(Small(programme), database, wait_seconds=30, elapsed=elapsed), programme, elapsed)


async def test_rina_who_paid_yesterday_most_likely_asks_for_her_code(asked: Asked) -> None:
    assert (await asked.likelier("rina"))[0] == A_CODE_IS_MISSING


async def test_of_a_stranger_nothing_is_asked(asked: Asked) -> None:
    assert await asked.likelier(None) == []
    assert asked.programme.asked == []


async def test_a_second_message_soon_after_asks_nothing_again(asked: Asked) -> None:
    first = await asked.likelier("rina")
    questions = len(asked.programme.asked)
    asked.elapsed.seconds = 200
    assert await asked.likelier("rina") == first
    assert len(asked.programme.asked) == questions


async def test_after_a_while_it_is_asked_again(asked: Asked) -> None:
    await asked.likelier("rina")
    asked.programme.bought["rina"] = ()
    asked.elapsed.seconds = 301
    assert A_CODE_IS_MISSING not in await asked.likelier("rina")


async def test_what_is_remembered_is_this_persons_alone(asked: Asked) -> None:
    await asked.likelier("rina")
    assert A_CODE_IS_MISSING not in await asked.likelier("agus")


async def test_a_source_that_is_away_contributes_nothing_and_the_others_do(asked: Asked) -> None:
    asked.programme.away = {"purchases"}
    assert A_CODE_IS_MISSING not in await asked.likelier("rina")
    assert "payout_account_failed" in await asked.likelier("maya")


async def test_records_that_break_contribute_nothing_and_the_incident_does(database: Database) -> None:
    async def broken(who: str) -> dict[str, Answer[Any]]:
        raise RuntimeError("rusak")

    await incident(database, "confirmed", components="login")
    intents = [it["intent"] for it in await Facts(broken, database, wait_seconds=30).prior("maya", CONVERSATION, NOW)]
    assert intents[0] == "login_failed"
    assert "payout_account_failed" not in intents


async def test_records_that_do_not_answer_are_not_waited_for(database: Database) -> None:
    async def silent(who: str) -> dict[str, Answer[Any]]:
        await asyncio.sleep(3600)
        return {}

    await incident(database, "confirmed", components="login")
    facts = Facts(silent, database, wait_seconds=30, elapsed=Elapsed())
    await facts._open_incidents(NOW)  # what does answer has as long as it takes
    facts._wait = 0.25
    intents = [it["intent"] for it in await facts.prior("maya", CONVERSATION, NOW)]
    assert intents[0] == "login_failed"


async def test_what_was_late_is_heard_with_the_next_message(database: Database) -> None:
    small, elapsed, calls, late = Small(cast()), Elapsed(), [], asyncio.Event()

    async def slow_at_first(who: str) -> dict[str, Answer[Any]]:
        calls.append(who)
        if len(calls) == 1:
            await late.wait()
        return await small(who)

    facts = Facts(slow_at_first, database, wait_seconds=0.25, elapsed=elapsed)
    assert A_CODE_IS_MISSING not in [it["intent"] for it in await facts.prior("rina", CONVERSATION, NOW)]
    late.set()
    elapsed.seconds = 3
    assert A_CODE_IS_MISSING in [it["intent"] for it in await facts.prior("rina", CONVERSATION, NOW)]


async def test_nothing_is_asked_where_no_turn_may_wait(database: Database) -> None:
    programme = cast()
    assert await Facts(Small(programme), database, wait_seconds=0).prior("rina", CONVERSATION, NOW) == []
    assert programme.asked == []


async def test_an_open_incident_counts_until_it_is_resolved(asked: Asked, database: Database) -> None:
    assert "package_not_found" not in await asked.likelier("siti")
    await incident(database, "confirmed")
    asked.elapsed.seconds = 6
    assert "package_not_found" in await asked.likelier("siti")
    async with database.write() as session:
        await session.execute(text("UPDATE incidents SET status = 'resolved'"))
    asked.elapsed.seconds = 12
    assert "package_not_found" not in await asked.likelier("siti")


async def test_no_more_is_remembered_than_fits(database: Database) -> None:
    programme = cast()
    facts = Facts(Small(programme), database, wait_seconds=30, most=3)
    first = uuid4()
    for conversation in (first, *(uuid4() for _ in range(3))):
        await facts.prior("rina", conversation, NOW)
    asked_so_far = len(programme.asked)
    await facts.prior("rina", first, NOW)
    assert len(programme.asked) > asked_so_far


@dataclass
class Told:
    """A prior that remembers for whom it was asked."""

    asked: list[str | None] = field(default_factory=list)

    async def prior(self, participant: str | None, conversation: UUID, now: object) -> list[dict[str, object]]:
        self.asked.append(participant)
        return [{"intent": "paid_no_code", "weight": 1.5, "reason": "dibayar kemarin, kode belum terbit"}]


MOVED = {
    "intent": "paid_no_code",
    "weight": 1.5,
    "reason": "dibayar kemarin, kode belum terbit",
    "before": 0.41,
    "after": 0.62,
}
NOT_WORTH_IT = {"intent": "ticket_status", "weight": -1.0, "reason": "tidak ada laporan", "before": 0.002, "after": 0.0}
YES = {"title": "Ya, itu", "choice": {"intent": "paid_no_code", "slots": {}}}


def unclear(asked: dict[str, Any]) -> dict[str, Any]:
    """Rasa asks what is meant, by name."""
    said = says("Ini soal kelas Excel?", intent="nlu_fallback", buttons=[YES])
    said["understanding"]["prior"] = [MOVED, NOT_WORTH_IT]
    return said


async def told_by(database: Database, clock: Clock, data_key: str, *bodies: bytes) -> tuple[Corridor, Told]:
    """Send messages through a corridor whose prior remembers."""
    told = Told()
    corridor = Corridor(database, clock, data_key, rasa=ScriptedRasa(unclear))
    corridor.turns._prior = told.prior
    async with corridor:
        for body in bodies:
            await corridor.hear(body)
    return corridor, told


async def test_the_model_is_told_and_the_turn_keeps_what_it_changed(
    database: Database, clock: Clock, data_key: str
) -> None:
    corridor, _ = await told_by(database, clock, data_key, update(1, "blm ada nih min"))
    assert corridor.rasa.asked[0]["metadata"]["prior"][0]["intent"] == "paid_no_code"
    turn = await corridor.row("SELECT prior FROM turns")
    assert turn["prior"] == [{**MOVED, "offered": True}]


async def test_a_pressed_or_typed_button_needs_no_prior(database: Database, clock: Clock, data_key: str) -> None:
    corridor, told = await told_by(database, clock, data_key, update(1, "blm ada nih min"), update(2, "ya, itu"))
    assert corridor.rasa.asked[1]["choice"]["intent"] == "paid_no_code"
    assert corridor.rasa.asked[1]["metadata"]["prior"] == []
    assert len(told.asked) == 1


async def test_a_long_message_speaks_for_itself(database: Database, clock: Clock, data_key: str) -> None:
    long = "min saya sudah bayar kelas excel di tokopedia dari kemarin tapi sampai sekarang kodenya belum ada juga"
    corridor, told = await told_by(database, clock, data_key, update(1, long))
    assert corridor.rasa.asked[0]["metadata"]["prior"] == []
    assert told.asked == []


async def incident(database: Database, status: str, components: str = "purchase") -> None:
    """Record that something is disturbed everywhere."""
    async with database.write() as session:
        await session.execute(
            text(
                "INSERT INTO incidents (id, title, components, platforms, partners, started_at, status, "
                "public_message, source, as_of) VALUES ('INC-1', 'Gangguan', "
                "jsonb_build_array(CAST(:components AS text)), '[]', '[]', :since, :status, 'Sedang ada penyesuaian.', "
                "'PMO', :since)"
            ),
            {"since": OPENING, "status": status, "components": components},
        )
