"""A fortnight around 20 August 2020: a quiet week, and one in which a course cannot be found."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from records.clock import WIB, Clock
from records.database import Database
from records.models import Incident, IncidentEvent, IncidentPerson
from tests.desk.making import Scene, conversation, turn
from trends.weekly.week import Week

THE_WEEK = Week.named("2020-W34")
QUIET = {"payment_failed": 30, "package_not_found": 6, "selection_result": 3}
LOUD = {"payment_failed": 28, "package_not_found": 60, "selection_result": 2}
PLATFORMS = ("tokopedia", "tokopedia", "sisnaker", "sisnaker", None, "pintaria")


@pytest.fixture
def clock() -> Clock:
    """Monday 24 August 2020, 06.10 WIB."""
    return lambda: datetime(2020, 8, 24, 6, 10, tzinfo=WIB)


@pytest.fixture
def later() -> Callable[[int], Clock]:
    """The same time, some days later."""
    return lambda days: lambda: datetime(2020, 8, 24, 6, 10, tzinfo=WIB) + timedelta(days=days)


@pytest.fixture
async def fortnight(database: Database) -> Scene:
    """Complaints of both weeks, small talk among them, and the outage of the second."""
    scene = Scene({}, {}, {})
    async with database.write() as session:
        for week, kinds in ((THE_WEEK.before(), QUIET), (THE_WEEK, LOUD)):
            written = [intent for intent, many in kinds.items() for _ in range(many)] + ["greet"] * 7
            for number, intent in enumerate(written):
                at = datetime.combine(week.first, datetime.min.time(), tzinfo=WIB)
                at += timedelta(days=number % 7, hours=8 + number % 12)
                chat = await conversation(session, scene, f"{week.name}-{number}", f"Orang {number}", "web", at)
                platform = PLATFORMS[number % len(PLATFORMS)]
                await turn(session, chat, "tidak bisa", at, intent=intent, confidence=0.9, platform=platform)
        await _outage(session, scene)
    return scene


async def _outage(session: AsyncSession, scene: Scene) -> None:
    started = datetime(2020, 8, 19, 12, tzinfo=WIB)
    outage = Incident(
        id="katalog",
        title="Paket kursus tidak tampil",
        components=["catalogue"],
        started_at=started,
        ended_at=started + timedelta(hours=30),
        status="resolved",
        public_message="Sudah pulih.",
        source="PMO",
        as_of=started,
    )
    session.add(outage)
    await session.flush()
    said = {"incident_id": "katalog", "kind": "opened", "said": "Sedang diperbaiki.", "as_of": started}
    session.add(IncidentEvent(at=started + timedelta(minutes=18), **said))
    for number in range(30, 90):
        chat = scene.conversations[f"{THE_WEEK.name}-{number}"]
        session.add(
            IncidentPerson(
                incident_id="katalog",
                conversation_id=chat.id,
                person_key=str(uuid4()),
                channel="web",
                first_at=started,
                last_at=started,
                joined_at=started,
                how="scope",
            )
        )
