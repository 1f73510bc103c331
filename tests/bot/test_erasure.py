"""Somebody asks to be erased: nothing of theirs is left, every figure is as before, and they may begin anew."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from pydantic import SecretStr
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.keeping import Keeper
from bot.webhooks import telegram_arrival
from records.audit import broken_links
from records.bell import PostgresBell
from records.clock import wib
from records.database import Database
from records.models import AuditEntry, DataRequest
from records.privacy.columns import ERASED, GONE
from records.privacy.correcting import Correction, correct
from records.privacy.person import subject_of
from records.privacy.requests import Asked, ask_to_delete, digest_of, finish_deletion
from records.privacy.showing import everything_held
from records.sealed import Seal
from records.settings import RecordsSettings
from tests.bot.corridor import A_TICKET, BUDI, SITI, Corridor, ScriptedRasa, says, update
from tests.bot.test_secrets import whatsapp
from tests.conftest import OPENING
from trends.bars import counted
from trends.export import BY, export
from trends.rows import complaint_rows, count_rows
from trends.total import all_complaints, left_out
from trends.within import Within

NIK, NAME, NUMBER = "3171234507900001", "Siti Canggih", "62800000001"
SITIS = {"id": SITI, "is_bot": False, "first_name": NAME}
MORE = {"platform": "sisnaker"}


def understood(asked: dict[str, object]) -> dict[str, object]:
    ticket = A_TICKET | {"summary": f"{NAME} tidak bisa.", "course": f"Kelas {NAME}"}
    if "petugas" in str(asked["text"]):
        return says(
            "Kami teruskan.", intent="package_not_found", proposals=[ticket, {"kind": "hand_over", "reason": "x"}]
        )
    found = [] if "juga" in str(asked["text"]) else [{"check": "card", "summary": NAME}]
    return says("Baik, Kak.", intent="payment_failed", findings=found, state={"slots": MORE})


@pytest.fixture
async def corridor(database: Database, data_key: str) -> AsyncIterator[Corridor]:
    """Siti on Telegram and WhatsApp, bound on both; Budi beside her; staff hold Siti's case."""
    async with Corridor(database, lambda: OPENING, data_key, rasa=ScriptedRasa(understood)) as corridor:
        await corridor.hear(update(1, f"nik {NIK} gagal bayar", **{"from": SITIS}))
        await corridor.hear(update(2, "gagal bayar juga", chat=BUDI))
        await corridor.inbox.store(whatsapp({"type": "text", "text": {"body": f"gagal bayar {NIK}"}}, name=NAME))
        await corridor.rest()
        await corridor.hear(update(3, "mau petugas", **{"from": SITIS}))
        async with database.write() as session:
            bind = "UPDATE identities SET participant_id = 'P-1001', bound_by = 'rehearsal' WHERE display_name = :name"
            await session.execute(text(bind), {"name": NAME})
        yield corridor


async def chat_of(database: Database, key: int | str) -> UUID:
    async with database.read() as session:
        found = await session.scalar(text("SELECT id FROM conversations WHERE external_id = :key"), {"key": str(key)})
    assert isinstance(found, UUID)
    return found


async def ask(corridor: Corridor, chat: UUID) -> DataRequest:
    async with corridor.database.write() as session:
        return await ask_within(session, corridor, chat)


async def ask_within(session: AsyncSession, corridor: Corridor, chat: UUID) -> DataRequest:
    return await ask_to_delete(
        session,
        PostgresBell(corridor.database.url),
        Asked("delete", chat, "sari", "Diminta lewat tiket."),
        what="Semua data dihapus.",
        farewell="Data Kakak kami hapus. Tanda terima {number}.",
        now=OPENING,
    )


async def look(corridor: Corridor, data_key: str, now: datetime = OPENING) -> None:
    settings = RecordsSettings(database_url=corridor.database.url, helpdesk_data_key=SecretStr(data_key))
    await Keeper(corridor.database, lambda: now, settings).look()


async def all_rows(database: Database) -> dict[str, str]:
    """Every table of the help desk as text."""
    async with database.read() as session:
        tables = (await session.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))).all()
        return {
            table: "\n".join(str(row) for row in await session.scalars(text(f'SELECT to_jsonb(t) FROM "{table}" t')))  # noqa: S608
            for table in tables
        }


async def figures(database: Database) -> list[object]:
    within = Within.last_days(lambda: OPENING, 30)
    async with database.read() as session:
        rows = await complaint_rows(session, within)
        return [
            *[await counted(session, within, by) for by in BY],
            *[await export(session, by=by, within=within) for by in BY],
            await all_complaints(session, within),
            await left_out(session, within),
            await count_rows(session, within),
            # of the rows only who said it and what was said are gone
            [replace(row, name=None, said=None) for row in rows],
        ]


async def test_nothing_of_an_erased_person_is_left_and_every_figure_is_as_before(
    corridor: Corridor, database: Database, data_key: str
) -> None:
    before = await figures(database)
    await ask(corridor, await chat_of(database, SITI))
    await corridor.rest()
    assert "DP-100001" in corridor.telegram.words[-1]
    await look(corridor, data_key)
    for table, rows in (await all_rows(database)).items():
        for canary in (NIK, NAME, NUMBER, "P-1001", f'"{SITI}"', f"'{SITI}'"):
            assert canary not in rows, table
    assert await figures(database) == before
    assert await corridor.count("messages WHERE text = 'gagal bayar juga'") == 1


async def test_the_deletion_waits_until_the_last_message_was_sent(
    corridor: Corridor, database: Database, data_key: str
) -> None:
    chat = await chat_of(database, SITI)
    async with database.write() as session:
        # in one transaction: the farewell must not leave before it is put off
        request = await ask_within(session, corridor, chat)
        await session.execute(text("UPDATE outbox SET due_at = now() + interval '1 hour' WHERE status = 'due'"))
    async with database.write() as session:
        assert not await finish_deletion(session, request.id, OPENING)
    assert await chat_of(database, SITI) == chat
    async with database.write() as session:
        await session.execute(text("UPDATE outbox SET status = 'refused' WHERE status = 'due'"))
        assert await finish_deletion(session, request.id, OPENING)


async def test_a_deletion_waits_while_something_is_worked_on(
    corridor: Corridor, database: Database, data_key: str
) -> None:
    chat = await chat_of(database, SITI)
    request = await ask(corridor, chat)
    await corridor.rest()
    async with database.write() as session:
        await session.execute(text("UPDATE lanes SET held_until = clock_timestamp() + interval '1 minute'"))
        assert not await finish_deletion(session, request.id, OPENING)


async def test_asking_twice_is_one_request_and_finishing_twice_one_receipt(
    corridor: Corridor, database: Database, data_key: str
) -> None:
    chat = await chat_of(database, SITI)
    first, second = await ask(corridor, chat), await ask(corridor, chat)
    assert first.number == second.number
    await corridor.rest()
    await asyncio.gather(*(look(corridor, data_key) for _ in range(3)))
    async with database.read() as session:
        acts = (await session.scalars(select(AuditEntry.action))).all()
    assert acts.count("data_request_done") == 1


async def test_the_receipt_says_what_was_done_and_the_audit_carries_it_without_a_name(
    corridor: Corridor, database: Database, data_key: str
) -> None:
    await ask(corridor, await chat_of(database, SITI))
    await corridor.rest()
    await look(corridor, data_key)
    async with database.read() as session:
        request = (await session.scalars(select(DataRequest))).one()
        entry = (await session.scalars(select(AuditEntry).where(AuditEntry.action == "data_request_done"))).one()
        assert await broken_links(session) == []
    assert request.status == "done"
    assert request.counts["identities"] == 2
    assert request.counts["conversations"] == 2
    assert request.due_at - request.asked_at == timedelta(hours=72)
    assert entry.detail["digest"] == request.digest == digest_of(request)
    assert entry.object == "request:DP-100001"


async def test_an_open_case_is_closed_and_keeps_what_it_was_about(
    corridor: Corridor, database: Database, data_key: str
) -> None:
    await ask(corridor, await chat_of(database, SITI))
    await corridor.rest()
    await look(corridor, data_key)
    ticket = await corridor.row("SELECT * FROM tickets")
    assert (ticket["status"], ticket["intent"], ticket["platform"]) == ("resolved", "package_not_found", "sisnaker")
    assert (ticket["summary"], ticket["course"], ticket["evidence"]) == (GONE, None, [])


async def test_a_late_copy_of_an_old_message_is_known_and_brings_nobody_back(
    corridor: Corridor, database: Database, data_key: str
) -> None:
    await ask(corridor, await chat_of(database, SITI))
    await corridor.rest()
    await look(corridor, data_key)
    asked = len(corridor.rasa.asked)
    arrivals = whatsapp({"type": "text", "text": {"body": f"gagal bayar {NIK}"}}, name=NAME)
    async with Corridor(database, lambda: OPENING, data_key, rasa=corridor.rasa) as later:
        await later.inbox.store([telegram_arrival(update(1, f"nik {NIK} gagal bayar", **{"from": SITIS}))])
        await later.inbox.store(arrivals)
        await later.rest()
    assert len(corridor.rasa.asked) == asked
    assert await corridor.count("inbox") == 4
    assert NAME not in str(await all_rows(database))


async def test_whoever_writes_again_begins_anew_even_at_a_bot_that_still_knew_the_chat(
    corridor: Corridor, database: Database, data_key: str
) -> None:
    old = await chat_of(database, SITI)
    await ask(corridor, old)
    await corridor.rest()
    await look(corridor, data_key)
    await corridor.hear(update(9, "halo lagi"))
    new = await chat_of(database, SITI)
    assert new != old
    assert corridor.rasa.asked[-1]["state"] in ({}, None)
    assert corridor.rasa.asked[-1]["metadata"]["participant_id"] is None
    assert (await corridor.row(f"SELECT external_id FROM conversations WHERE id = '{old}'"))[  # noqa: S608
        "external_id"
    ] == f"{ERASED}{old}"
    await ask(corridor, new)
    await corridor.rest()
    await look(corridor, data_key)
    assert await corridor.count(f"conversations WHERE external_id LIKE '{ERASED}%'") == 3


async def test_what_is_shown_is_all_of_it_with_ones_own_words_and_nobody_elses(
    corridor: Corridor, database: Database, data_key: str
) -> None:
    chat = await chat_of(database, SITI)
    async with database.read() as session:
        held = await everything_held(session, await subject_of(session, chat), Seal(data_key))
    said = str(held)
    assert NIK in said
    assert NAME in said
    assert len(held["conversations"]) == 2
    assert "gagal bayar juga" not in said
    assert "_hash" not in said
    assert wib(OPENING).isoformat() in said


async def test_a_claimed_participant_shares_nothing(corridor: Corridor, database: Database) -> None:
    async with database.read() as session:
        budi = await subject_of(session, await chat_of(database, BUDI))
    assert (len(budi.conversations), budi.participant) == (1, None)


async def test_a_correction_leaves_no_old_value(corridor: Corridor, database: Database) -> None:
    chat = await chat_of(database, SITI)
    async with database.write() as session:
        subject = await subject_of(session, chat)
        ticket = await session.scalar(text("SELECT id FROM tickets"))
        correction = Correction(unbind=True, display_name="Siti Baru 081234567890", ticket=ticket, course="Desain")
        counts = await correct(session, subject, correction)
    assert counts == {"identities": 1, "tickets": 1}
    row = await corridor.row(f"SELECT display_name, participant_id FROM identities WHERE external_id = '{SITI}'")  # noqa: S608
    assert row == {"display_name": "Siti Baru [TELEPON]", "participant_id": None}
    assert (await corridor.row("SELECT course FROM tickets"))["course"] == "Desain"
    assert NAME not in correction.what
