"""The queue to take away: every case of a tab under its filters, in the order of the lines, one row a case.

No names and no summaries: a file holds no more than everybody may read of whose queue names the case.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, DateTime, Integer, Select, String, cast, literal_column, null, select

from desk.beside import Beside, as_ever, beside, read_at
from desk.queue.reading import Question
from desk.wording import QUEUES, TICKET_STATUSES
from records.database import ReadSession
from records.models import Staff, Ticket
from trends.exporting.chosen import Chosen
from trends.exporting.columns import Column
from trends.exporting.conversations import ConversationRow
from trends.exporting.pouring import Table

INTENTS: ColumnElement[Any] = literal_column(
    "ARRAY[tickets.intent] || ARRAY(SELECT jsonb_array_elements_text(tickets.also))"
)
PLATFORMS: ColumnElement[Any] = literal_column("ARRAY[COALESCE(tickets.platform, '-')]")


@dataclass(frozen=True, slots=True)
class Work:
    """Where a case stands."""

    status: str
    queue: str
    holder: str | None
    opened_at: datetime
    promised_at: datetime
    waiting_since: datetime | None
    snoozed_until: datetime | None
    resolved_at: datetime | None


type Case = Beside[Work]
OWN: tuple[Column[Case], ...] = (
    Column("Keadaan", lambda it: TICKET_STATUSES.get(it.own.status, it.own.status), 18, "Keadaan tiket saat diunduh"),
    Column("Petugas", lambda it: it.own.holder, 22, "Pemegang tiket, atau yang menyelesaikannya"),
    Column("Antrean", lambda it: QUEUES.get(it.own.queue, it.own.queue), 18, "Antrean yang dituju tiket"),
    Column("Dibuka (WIB)", lambda it: read_at(it.own.opened_at), 20, "Saat tiket dibuka"),
    Column("Janji (WIB)", lambda it: read_at(it.own.promised_at), 20, "Batas jawaban pertama petugas"),
    Column("Menunggu sejak (WIB)", lambda it: read_at(it.own.waiting_since), 20, "Kosong: giliran peserta"),
    Column("Ditunda sampai (WIB)", lambda it: read_at(it.own.snoozed_until), 20, "Kosong: tidak ditunda"),
    Column("Selesai (WIB)", lambda it: read_at(it.own.resolved_at), 20, "Kosong: belum selesai"),
)
OF_A_RANGE = ("Tiket", "Percakapan", "Pesan pertama (WIB)", "Pesan terakhir (WIB)", "Jumlah keluhan")
"""Columns that stand first here, or that only a list of words has."""
COLUMNS = (*as_ever("Tiket", "Percakapan"), *OWN, *as_ever(without=OF_A_RANGE))


def queue_table(asked: Question) -> Table:
    """Return the cases of the question; who it names is to be known before (`desk.queue.reading.named`)."""
    moment = DateTime(timezone=True)
    keys = (
        select(
            Ticket.conversation_id,
            Ticket.id.label("ticket_id"),
            Ticket.opened_by_turn.label("turn_id"),
            Ticket.opened_at.label("first_at"),
            cast(Ticket.opened_at, moment).label("last_at"),
            cast(null(), Integer).label("written"),
            cast(INTENTS, ARRAY(String)).label("intents"),
            cast(PLATFORMS, ARRAY(String)).label("platforms"),
        )
        .where(asked.holds())
        .order_by(*asked.order.by())
    )
    return beside("tiket", Chosen(keys), asked.now, COLUMNS, _work)


async def _work(session: ReadSession, rows: Sequence[ConversationRow]) -> list[Work]:
    """What there is to these cases beside what every table tells."""
    wanted: Select[*tuple[Any, ...]] = (
        select(
            *(Ticket.number, Ticket.status, Ticket.queue, Staff.name, Ticket.opened_at, Ticket.promised_at),
            *(Ticket.waiting_since, Ticket.snoozed_until, Ticket.resolved_at),
        )
        .outerjoin(Staff, Staff.id == Ticket.staff_id)
        .where(Ticket.number.in_([row.ticket for row in rows]))
    )
    found = {number: Work(*work) for number, *work in await session.execute(wanted)}
    return [found[str(row.ticket)] for row in rows]
