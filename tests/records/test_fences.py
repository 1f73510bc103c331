"""The fences the database holds by itself."""

from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from records import audit
from records.clock import Clock
from records.database import Database
from records.models import AuditEntry, Conversation, Inbound, Message, Outbound


async def a_conversation(database: Database, clock: Clock) -> Conversation:
    async with database.write() as session:
        siti = Conversation(channel="telegram", external_id="7001", opened_at=clock())
        session.add(siti)
    return siti


async def words(database: Database, siti: Conversation, author: str, version: int, clock: Clock) -> None:
    async with database.write() as session:
        said = Message(
            conversation_id=siti.id, direction="out", author=author, text="Halo Kak", kind="text", created_at=clock()
        )
        session.add(said)
        await session.flush()
        session.add(
            Outbound(
                conversation_id=siti.id,
                message_id=said.id,
                channel="telegram",
                payload={"text": "Halo Kak"},
                author=author,
                owner_version=version,
            )
        )


async def test_the_bot_cannot_speak_after_a_person_took_over(database: Database, clock: Clock) -> None:
    siti = await a_conversation(database, clock)
    await words(database, siti, "bot", 0, clock)
    async with database.write() as session:
        await session.execute(text("UPDATE conversations SET owner = 'human', owner_version = 1"))
    with pytest.raises(DBAPIError, match="fenced"):
        await words(database, siti, "bot", 0, clock)
    await words(database, siti, "agent", 1, clock)


async def test_the_same_event_is_stored_once(database: Database, clock: Clock) -> None:
    async def arrive() -> None:
        async with database.write() as session:
            session.add(
                Inbound(channel="telegram", external_id="update:1:99", kind="text", order_key=1, received_at=clock())
            )

    await arrive()
    with pytest.raises(IntegrityError):
        await arrive()


async def test_an_altered_audit_entry_is_refused_and_would_be_seen(database: Database, clock: Clock) -> None:
    for action in ("masuk", "lihat", "balas"):
        async with database.write() as session:
            await audit.record(session, at=clock(), actor="sari", action=action, object=f"ticket:{uuid4()}")
    with pytest.raises(DBAPIError, match="append-only"):
        async with database.write() as session:
            await session.execute(text("UPDATE audit SET actor = 'joko' WHERE action = 'lihat'"))
    async with database.write() as session:
        assert await audit.broken_links(session) == []
        await session.execute(text("ALTER TABLE audit DISABLE TRIGGER audit_append_only"))
        await session.execute(text("UPDATE audit SET actor = 'joko' WHERE action = 'lihat'"))
        session.expire_all()
        assert len(await audit.broken_links(session)) == 1


async def test_a_reader_cannot_write(database: Database, clock: Clock) -> None:
    async with database.read() as session:
        session.add(AuditEntry(at=clock(), actor="x", action="y", object="z", previous_hash="", hash="h"))
        with pytest.raises(DBAPIError, match="read-only"):
            await session.flush()


async def test_a_connection_lost_while_it_rested_costs_nobody_an_error(database: Database, clock: Clock) -> None:
    siti = await a_conversation(database, clock)
    async with database.read() as session:
        mine = await session.scalar(text("SELECT pg_backend_pid()"))
    other = Database(database.url, pool_size=1)
    async with other.write() as session:
        await session.execute(text("SELECT pg_terminate_backend(:pid, 60000)"), {"pid": mine})
    await other.close()
    async with database.read() as session:
        assert await session.scalar(text("SELECT id FROM conversations")) == siti.id
