"""An incident that touches 50,000 people: how long opening it takes, and its page; then it never was."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import psycopg
from sqlalchemy import select

from desk.incidents.opening import Opening, open_incident
from desk.incidents.scope import Scope
from records.bell import PostgresBell
from records.database import Database
from records.models import Staff

PEOPLE = 50_000
INTENTS = (
    *("package_not_found", "payment_failed", "purchase_otp", "purchase_status", "system_outage"),
    *("paid_no_code", "card_number_or_balance", "redeem_failed", "class_access", "login_failed"),
)
SINCE = """
    SELECT min(first_at) FROM (
        SELECT conversation_id, max(created_at) AS first_at FROM turns
        WHERE COALESCE(corrected_intent, intent) = ANY(%s) AND created_at <= %s
        GROUP BY conversation_id ORDER BY first_at DESC LIMIT %s) AS latest
"""
WORDS = "Sedang ada kendala sistem pembelian. Kami kabari lagi begitu pulih ya, Kak."
GONE = (
    "SET session_replication_role = replica",
    "UPDATE tickets SET incident_id = NULL WHERE incident_id = %(id)s",
    *(f"DELETE FROM {table} WHERE incident_id = %(id)s" for table in ("incident_people", "incident_events")),  # noqa: S608
    "DELETE FROM staff_notices WHERE path = '/insiden/' || %(id)s",
    "DELETE FROM incidents WHERE id = %(id)s",
    "SET session_replication_role = DEFAULT",
)


@dataclass(frozen=True)
class Opened:
    """What was opened, and how long it took."""

    id: str
    conversations: int
    cases: int
    seconds: float


def since(connection: psycopg.Connection, at: datetime, people: int = PEOPLE) -> datetime:
    """Return since when so many people complained of these matters."""
    row = connection.execute(SINCE, (list(INTENTS), at, people)).fetchone()
    found: datetime = row[0] if row and row[0] else at
    return found


async def opened(url: str, at: datetime, began: datetime) -> Opened:
    """Open it as the desk does."""
    database, bell = Database(url, pool_size=2), PostgresBell(url)
    scope = Scope(components=("purchase",), intents=INTENTS, since=began)
    try:
        since_then = time.perf_counter()
        async with database.write() as session:
            by = (await session.scalars(select(Staff).where(Staff.role == "lead").limit(1))).one()
            opening = Opening("Gangguan pembelian", scope, "critical", "confirmed", WORDS, at, by.id)
            made = await open_incident(session, bell, opening, by=by, at=at)
            found = made.incident.id, made.people, made.cases
        return Opened(*found, time.perf_counter() - since_then)
    finally:
        await bell.close()
        await database.close()


@contextmanager
def forgotten(connection: psycopg.Connection, incident_id: str) -> Iterator[None]:
    """Take the incident away again at the end."""
    try:
        yield
    finally:
        for statement in GONE:
            connection.execute(statement.encode(), {"id": incident_id} if "%(" in statement else None)
