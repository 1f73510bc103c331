"""What went badly is gathered by itself, once, with its reason; a button chosen when asked is a free label."""

from datetime import timedelta

from sqlalchemy import select

from desk.learning.gathering import gather
from records.clock import Clock
from records.database import Database
from records.models import LearningExample, Message, Rating
from tests.desk.making import Scene, bot_says, turn

HOUR = timedelta(hours=1)


async def sources(database: Database) -> dict[str, tuple[str, str | None]]:
    async with database.read() as session:
        rows = await session.scalars(select(LearningExample))
        return {row.said: (row.source, row.meant) for row in rows}


async def test_each_turn_that_went_badly_is_gathered_with_its_reason(
    scene: Scene, database: Database, clock: Clock
) -> None:
    now, chat = clock(), scene.conversations["tamu"]
    bare = {"platform": None, "confidence": 0.4}
    async with database.write() as session:
        asked = await turn(session, chat, "otp mana", now - HOUR, intent="nlu_fallback", outcome="asked", **bare)
        await bot_says(session, chat, "Soal yang mana, Kak?", now - HOUR, buttons=["OTP masuk", "OTP pembelian"])
        said = (await session.scalars(select(Message).where(Message.text == "Soal yang mana, Kak?"))).one()
        said.turn_id = asked
        later = now - HOUR + timedelta(minutes=1)
        await turn(session, chat, "OTP pembelian", later, intent="purchase_otp", confidence=1.0, platform=None)
        await turn(session, chat, "gaje bgt dah", now - HOUR, intent="nlu_fallback", outcome="asked", **bare)
        await turn(session, chat, "kartu itu apa", now - HOUR, intent="ask_programme", confidence=0.68, platform=None)
        await turn(session, chat, "makasih", now - HOUR, intent="thank", confidence=0.6, platform=None)
        await turn(session, chat, "baru saja", now, intent="nlu_fallback", outcome="asked", **bare)
    assert await gather(database, now) == 4
    found = await sources(database)
    assert found == {
        "otp mana": ("chosen", "purchase_otp"),
        "gaje bgt dah": ("fallback", None),
        "kartu itu apa": ("unsure", None),
        "gimana cara beli pelatihan": ("unsure", None),
    }
    assert "baru saja" not in found
    assert await gather(database, now) == 0
    assert await gather(database, now + HOUR) == 1


async def test_what_a_reviewer_decided_is_not_gathered_again(scene: Scene, database: Database, clock: Clock) -> None:
    await gather(database, clock())
    async with database.write() as session:
        for example in await session.scalars(select(LearningExample)):
            example.status, example.reason = "rejected", "Maksudnya tidak jelas"
    before = len(await sources(database))
    assert await gather(database, clock() + HOUR) == 0
    assert len(await sources(database)) == before > 0


async def test_a_low_rating_brings_what_began_the_case(scene: Scene, database: Database, clock: Clock) -> None:
    await gather(database, clock())
    async with database.write() as session:
        for who, score in (("siti", 1), ("rina", 5)):
            case = scene.tickets[who]
            about = {"team_id": case.team_id, "intent": case.intent, "queue": case.queue, "channel": "telegram"}
            session.add(Rating(ticket_id=case.id, times=0, score=score, at=clock(), **about))
    before = await sources(database)
    assert await gather(database, clock() + HOUR) == 1
    new = {said: why for said, why in (await sources(database)).items() if said not in before}
    assert new == {"di sisnaker, kelas desain grafis dasar": ("rating", None)}
