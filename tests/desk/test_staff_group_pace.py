"""A hundred cases within a minute: never more posts a minute than allowed, the urgent first, all told in the end."""

import asyncio
from datetime import timedelta
from pathlib import Path

from fastapi import FastAPI
from sqlalchemy import text

from desk.staff_group.posting import post_round
from records.clock import Clock
from simulator.control.groups import USUAL_ID
from simulator.telegram.limits import TelegramLimits
from tests.desk.making import Scene, conversation, ticket, turn
from tests.desk.staff_group_scene import Hall, hall_of

CASES, URGENT, MINUTE = 100, 10, 0.5
NAMES = [f"p{number:03d}" for number in range(CASES)]


async def a_hundred_cases(hall: Hall) -> None:
    now, scene = hall.office.clock(), hall.scene
    async with hall.office.database.write() as session:
        await session.execute(text("UPDATE tickets SET status = 'resolved', resolved_at = opened_at, staff_id = NULL"))
        for number, who in enumerate(NAMES):
            chat = await conversation(session, scene, who, None, "telegram", now)
            said = await turn(session, chat, "min tolong", now, intent="payment_failed", confidence=0.9, platform=None)
            await ticket(
                *(session, scene, who, chat, said),
                intent="payment_failed",
                queue="PMO_TRANSACTION",
                priority="urgent" if is_urgent(who) else "normal",
                summary="Gagal bayar.",
                reason="Peserta minta petugas.",
                evidence=[],
                opened=now,
                promised=now + timedelta(minutes=number),
            )


def is_urgent(who: str) -> bool:
    return int(who[1:]) % (CASES // URGENT) == 7


def made(hall: Hall) -> list[str]:
    """Return the cases whose topics were made, in order."""
    told = [it.text for it in hall.simulator.chats.items("telegram", str(USUAL_ID)) if it.type == "service"]
    return [words.split()[2] for words in told if words.startswith("Topik dibuat")]


async def test_two_desks_together_make_no_more_posts_a_minute_than_allowed_the_urgent_first(
    app: FastAPI, scene: Scene, clock: Clock, tmp_path: Path
) -> None:
    async with hall_of(app, scene, clock, tmp_path) as hall:
        await a_hundred_cases(hall)
        await hall.look()
        await asyncio.gather(*(post_round(hall.office, hall.group) for _ in range(2)))
        await post_round(hall.office, hall.group)
        gate = hall.simulator.stage.telegram.gate
        assert (len(gate.passed[USUAL_ID]), gate.refused[USUAL_ID]) == (18, 0)
        urgent = {hall.scene.tickets[who].number for who in NAMES if is_urgent(who)}
        assert set(made(hall)) <= urgent
        assert [f"{CASES} kasus menunggu" in post for post in hall.posts()] == [True]


async def test_a_hundred_cases_are_all_told_in_the_end(
    app: FastAPI, scene: Scene, clock: Clock, tmp_path: Path
) -> None:
    # a minute of half a second, at the desk and at the simulator alike
    ours = timedelta(seconds=MINUTE * 61 / 60)
    async with hall_of(app, scene, clock, tmp_path, minute=ours) as hall:
        hall.simulator.stage.telegram.gate.set(TelegramLimits(per_second=None, minute=MINUTE))
        await a_hundred_cases(hall)
        async with asyncio.timeout(300):
            while len(hall.cards()) < CASES:
                await post_round(hall.office, hall.group)
                await asyncio.sleep(0.02)
        assert hall.simulator.stage.telegram.gate.most_in_a_minute(USUAL_ID) <= 20
        assert len(made(hall)) == len(set(made(hall))) == CASES
        urgent = {hall.scene.tickets[who].number for who in NAMES if is_urgent(who)}
        assert set(made(hall)[:URGENT]) == urgent
