"""Erasing a person: every column that is theirs is emptied, in one transaction, by the list of `columns`.

Nothing is erased under a worker's hands: the lanes are locked, and where an event still waits or a lane is held, the
erasure comes back later. An open ticket is closed, for nobody could answer it any more; it keeps what it was about.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, text
from sqlalchemy.ext.asyncio import AsyncSession

from records.privacy.columns import PERSONAL, Whose
from records.privacy.person import Subject

BUSY = text(
    """
    SELECT EXISTS (SELECT FROM lanes WHERE conversation_id = ANY(:conversations) AND held_until > clock_timestamp())
        OR EXISTS (SELECT FROM inbox WHERE conversation_id = ANY(:conversations) AND status = 'pending')
    """
)
LOCK = text("SELECT 1 FROM lanes WHERE conversation_id = ANY(:conversations) ORDER BY conversation_id FOR UPDATE")
TO_THE_BOT = text(
    """
    UPDATE conversations SET owner = 'bot', staff_id = NULL, owner_version = owner_version + 1
    WHERE id = ANY(:conversations)
    """
)
UNTIE = text("UPDATE identities SET bound_through = NULL WHERE bound_through = ANY(:identities)")


class StillBusy(Exception):
    """Something of this person is being worked on: try again in a moment."""


async def erase(session: AsyncSession, subject: Subject, now: datetime) -> dict[str, int]:
    """Empty everything of the person and return the rows by table; raises StillBusy."""
    given = {"identities": list(subject.identities), "conversations": list(subject.conversations), "now": now}
    await session.execute(LOCK, given)
    if await session.scalar(BUSY, given):
        raise StillBusy
    await session.execute(UNTIE, given)
    counts = {}
    for table, whose in PERSONAL.items():
        statement = _statement(table, whose)
        if statement is None:
            continue
        done = await session.execute(text(statement), _needed(statement, given))
        if isinstance(done, CursorResult) and done.rowcount:
            counts[table] = done.rowcount
    await session.execute(TO_THE_BOT, given)
    return counts


def _statement(table: str, whose: Whose) -> str | None:
    if whose.deleted:
        return f"DELETE FROM {table} WHERE {whose.rows}"  # noqa: S608
    if not whose.emptied:
        return None
    emptied = ", ".join(f'"{column}" = {value}' for column, value in whose.emptied.items())
    return f"UPDATE {table} SET {emptied} WHERE {whose.rows}"  # noqa: S608


def _needed(statement: str, given: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if f":{name}" in statement}
