"""What an incident cost: its people once each, their complaints while it lasted, its cases, its part of all."""

from datetime import date, timedelta
from uuid import uuid4

from records.clock import Clock
from records.database import Database
from records.models import Incident, IncidentPerson
from tests.conftest import OPENING
from tests.trends.helping import Town
from trends.helping.impact import impacts
from trends.within import Within

HOUR = timedelta(hours=1)
AUGUST = Within(date(2020, 8, 1), date(2020, 8, 31))


async def test_an_incident_counts_people_once_and_only_while_it_lasted(database: Database, clock: Clock) -> None:
    town, began = Town(), OPENING - 10 * HOUR
    async with database.write() as session:
        incident = Incident(
            **{"id": "I-1", "title": "Pembayaran gagal", "components": ["purchase"], "status": "resolved"},
            **{"started_at": began, "ended_at": began + 5 * HOUR, "public_message": "x", "source": "x"},
            as_of=began,
        )
        session.add(incident)
        for channel in ("web", "telegram"):
            await town.says(session, "rina", began + HOUR, channel=channel)
        await town.says(session, "rina", began + 6 * HOUR, channel="web")
        await town.says(session, "rina", began + HOUR, "greet", channel="web")
        await town.says(session, "budi", began + HOUR)
        await town.says(session, "budi", began + 2 * HOUR, "purchase_otp")
        case = await town.case(session, "siti", began + HOUR)
        case.incident_id = "I-1"
        for chat in ("rina web", "rina telegram", "siti telegram"):
            of = {"incident_id": "I-1", "conversation_id": town.chats[chat], "person_key": chat.split()[0]}
            times = {"first_at": began, "last_at": began, "joined_at": began}
            session.add(IncidentPerson(**of, **times, channel=chat.split()[1], how="scope", turn_id=uuid4()))
    async with database.read() as session:
        (it,) = await impacts(session, AUGUST, OPENING)
        assert (it.people, it.conversations, it.messages, it.cases, it.complaints) == (2, 3, 3, 1, 5)
        assert it.share == 0.6
        (unmeasured,) = await impacts(session, AUGUST, OPENING, measured=0)
        assert (unmeasured.messages, unmeasured.share) == (None, None)
        assert await impacts(session, AUGUST.before().before(), OPENING) == []
