"""What actions read from the real records, and that a database that is away is not an empty one."""

import uuid
from datetime import timedelta

from checks.desk_records import Records
from records.database import Database
from records.models import ChannelIdentity, Conversation, Inbound, Incident, Ticket, Turn
from registry.interface import CouldNotAsk, Known
from tests.actions.programme import INCIDENT, NOW


async def conversation(database: Database, name: str) -> uuid.UUID:
    """Store a conversation and return its id."""
    async with database.write() as session:
        identity = ChannelIdentity(channel="telegram", external_id=name)
        session.add(identity)
        await session.flush()
        chat = Conversation(channel="telegram", external_id=name, identity_id=identity.id, opened_at=NOW)
        session.add(chat)
        await session.flush()
        return chat.id


def ticket(chat: uuid.UUID, participant: str | None) -> Ticket:
    """Return a ticket of a conversation."""
    return Ticket(
        conversation_id=chat,
        participant_id=participant,
        intent="package_not_found",
        summary="…",
        reason="…",
        queue="PMO_TRANSACTION",
        opened_by_turn=uuid.uuid4(),
        opened_at=NOW,
        promised_at=NOW + timedelta(hours=48),
    )


async def test_incidents_that_began_are_read_and_coming_ones_are_not(database: Database) -> None:
    async with database.write() as session:
        for name, start in (("INC-1", NOW - timedelta(days=1)), ("INC-2", NOW + timedelta(days=1))):
            session.add(
                Incident(
                    id=name,
                    title="Penyesuaian",
                    components=["purchase"],
                    platforms=["sisnaker"],
                    started_at=start,
                    estimated_end_at=INCIDENT.estimated_end_at,
                    status="confirmed",
                    public_message="…",
                    source="PMO",
                    as_of=NOW,
                )
            )
    answer = await Records(database).incidents(NOW)
    assert isinstance(answer, Known)
    assert [it.id for it in answer.value] == ["INC-1"]
    assert answer.value[0].touches(("purchase",), "sisnaker")


async def test_an_incident_opened_now_is_known_once_the_second_is_over(database: Database) -> None:
    seconds = [0.0]
    reader = Records(database, lambda: seconds[0])
    nothing = await reader.incidents(NOW)
    async with database.write() as session:
        session.add(
            Incident(
                id="INC-9", title="…", components=["login"], started_at=NOW, status="confirmed",
                public_message="…", source="PMO", as_of=NOW,
            )
        )  # fmt: skip
    at_once = await reader.incidents(NOW)
    seconds[0] = 1.0
    then = await reader.incidents(NOW)
    assert isinstance(nothing, Known)
    assert isinstance(at_once, Known)
    assert isinstance(then, Known)
    assert (len(nothing.value), len(at_once.value), len(then.value)) == (0, 0, 1)


async def test_only_ones_own_tickets_are_read(database: Database) -> None:
    mine, theirs = await conversation(database, "1"), await conversation(database, "2")
    async with database.write() as session:
        session.add_all([ticket(mine, None), ticket(theirs, "rina")])
    reader = Records(database)
    of_chat = await reader.tickets(str(mine), None, NOW)
    of_person = await reader.tickets(str(mine), "rina", NOW)
    assert isinstance(of_chat, Known)
    assert isinstance(of_person, Known)
    assert (len(of_chat.value), len(of_person.value)) == (1, 2)
    assert not isinstance(await reader.tickets(None, None, NOW), Known)


async def test_reports_of_the_last_hour_are_counted_by_conversation(database: Database) -> None:
    for number, minutes in ((1, 5), (2, 5), (3, 90)):
        chat = await conversation(database, str(number))
        async with database.write() as session:
            for time in (minutes, minutes + 1):
                inbound = Inbound(
                    channel="telegram",
                    external_id=f"{number}-{time}",
                    conversation_id=chat,
                    kind="text",
                    order_key=time,
                    received_at=NOW,
                )
                session.add(inbound)
                await session.flush()
                session.add(
                    Turn(
                        id=uuid.uuid4(),
                        inbox_id=inbound.id,
                        conversation_id=chat,
                        channel="telegram",
                        intent="system_outage",
                        outcome="answered",
                        took_ms=1.0,
                        created_at=NOW - timedelta(minutes=time),
                    )
                )
    answer = await Records(database).reports(NOW)
    assert isinstance(answer, Known)
    assert answer.value == 2


async def test_a_database_that_is_away_could_not_be_asked() -> None:
    # nobody listens on the discard port
    away = Database("postgresql://nobody@127.0.0.1:9/nothing")
    reader = Records(away)
    answers = [await reader.incidents(NOW), await reader.reports(NOW), await reader.tickets(None, "rina", NOW)]
    await away.close()
    assert all(isinstance(answer, CouldNotAsk) for answer in answers)
