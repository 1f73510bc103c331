"""Whom a broadcast is meant for, to take away: one row a conversation, with where it stands and why.

The same conditions as the list on the screen; no names and nothing of what was found out about anybody.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, column, select, text

from desk.beside import Beside, as_ever, beside, read_at
from desk.broadcasts.counting import COLUMNS as BOOKS
from desk.broadcasts.people import SENT, STANDS, behind, why_words
from desk.broadcasts.standing import FROM, standing_given
from records.database import ReadSession
from records.models import Broadcast
from trends.exporting.chosen import KEY, Chosen
from trends.exporting.columns import Column
from trends.exporting.conversations import ConversationRow
from trends.exporting.pouring import Table

KEYS = """
    SELECT p.conversation_id, p.ticket_id, p.turn_id, COALESCE(p.told_at, c.opened_at) AS first_at,
           COALESCE(p.told_at, c.opened_at) AS last_at, CAST(NULL AS integer) AS written,
           array_remove(ARRAY[p.intent], NULL) AS intents, ARRAY[COALESCE(p.platform, '-')] AS platforms, p.position
    FROM {people} {sent} WHERE p.broadcast_id = :broadcast AND {clause}
"""
STANDING = f"""
    SELECT p.conversation_id, {STANDS} FROM {FROM} {SENT}
    WHERE p.broadcast_id = :broadcast AND p.conversation_id = ANY(CAST(:chats AS uuid[]))
"""  # noqa: S608 (conditions of our own)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a recipient stands."""

    column: str
    why: str
    error: str | None
    checked_at: datetime | None
    at: datetime | None


type Recipient = Beside[Standing]
OWN: tuple[Column[Recipient], ...] = (
    Column("Bagian", lambda it: BOOKS[it.own.column], 16, "Terkirim, gagal, tidak diketahui, dilewati atau menunggu"),
    Column("Keadaan", lambda it: why_words(it.own.why), 34, "Sampai di mana, atau mengapa tidak dikirimi"),
    Column("Kata kanalnya", lambda it: it.own.error, 24, "Kesalahan yang disebut kanal, bila ada"),
    Column("Dicek (WIB)", lambda it: read_at(it.own.checked_at), 20, "Cek ulang terakhir; kosong: belum ada"),
    Column("Pada (WIB)", lambda it: read_at(it.own.at), 20, "Saat keadaan itu; kosong: belum sampai di sana"),
)
OF_A_RANGE = ("Percakapan", "Pesan pertama (WIB)", "Pesan terakhir (WIB)", "Jumlah keluhan")
"""Columns that stand first here, or that only a list of words has."""
COLUMNS = (*as_ever("Percakapan"), *OWN, *as_ever(without=OF_A_RANGE))


async def recipients(session: ReadSession, broadcast: Broadcast, part: str, now: datetime) -> Table:
    """Return the recipients of one part."""
    given = await standing_given(session, broadcast, now)
    clause, more = behind(broadcast, part)
    keys = KEYS.format(people=FROM, sent=SENT, clause=clause)
    rows = (
        text(keys)
        .bindparams(**_asked(keys, given | more))
        .columns(*KEY, column("position", Integer))
        .subquery("listed")
    )
    chosen = Chosen(select(*(it for it in rows.c if it is not rows.c.position)).order_by(rows.c.position))

    async def standing(session: ReadSession, told: Sequence[ConversationRow]) -> list[Standing]:
        asked = _asked(STANDING, given) | {"chats": [row.conversation_id for row in told]}
        found = {chat: Standing(*stands) for chat, *stands in await session.execute(text(STANDING), asked)}
        return [found[row.conversation_id] for row in told]

    return beside("penerima", chosen, now, COLUMNS, standing)


def _asked(statement: str, given: dict[str, Any]) -> dict[str, Any]:
    """What of it the statement asks for."""
    return {name: value for name, value in given.items() if f":{name}" in statement}
