"""Retention: raw words are emptied when their time is over, by the injected clock, in batches.

Every batch is a transaction of its own, so a run that is broken off goes on where it stopped, and a run over nothing
changes nothing. Of several processes one sweeps at a time. Each run leaves its proof in `retention_runs`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from records.clock import Clock, system_clock
from records.database import Database
from records.models import RetentionRun
from records.settings import RecordsSettings

SWEEP_LOCK = 7_240_825
BATCH = 1_000


@dataclass(frozen=True)
class Rule:
    """One thing that is kept for a time."""

    table: str
    column: str
    since: str
    """The column its age is counted from."""
    limit: str
    """raw_words, events or media."""
    held: str
    """Which rows still hold it."""
    empty: str
    ready: str = "true"
    """Which rows are done with."""

    @property
    def name(self) -> str:
        """What the report calls it."""
        return f"{self.table}.{self.column}"


CASE_CLOSED = """GREATEST(received_at, COALESCE(
    (SELECT max(t.resolved_at) FROM tickets t WHERE t.conversation_id = media.conversation_id), received_at))"""
NO_CASE = """(inbox_id IS NULL OR status NOT IN ('waiting', 'unscanned')) AND NOT EXISTS (
    SELECT FROM tickets t WHERE t.conversation_id = media.conversation_id AND t.status <> 'resolved')"""

RULES = (
    Rule("messages", "sealed_text", "created_at", "raw_words", "sealed_text IS NOT NULL", "NULL"),
    # what waits is never emptied: nothing is lost because nobody was there to read it
    Rule("inbox", "sealed_event", "received_at", "events", "sealed_event IS NOT NULL", "NULL", "status <> 'pending'"),
    Rule(
        *("group_updates", "sealed_event", "received_at", "events", "sealed_event IS NOT NULL", "NULL"),
        "status <> 'pending'",
    ),
    Rule(
        *("outbox", "payload", "COALESCE(sent_at, due_at)", "raw_words", "payload <> '{}'", "'{}'"),
        "status NOT IN ('due', 'sending', 'waiting')",
    ),
    Rule("media", "sealed_preview", CASE_CLOSED, "media", "sealed_preview IS NOT NULL", "NULL", NO_CASE),
    Rule(
        *("media", "sealed_content", CASE_CLOSED, "media", "sealed_content IS NOT NULL OR reference IS NOT NULL"),
        *("NULL, named = NULL, reference = NULL, digest = NULL, status = 'gone'", NO_CASE),
    ),
    Rule(
        *("conversations", "dialogue_state", "COALESCE(last_inbound_at, opened_at)", "raw_words"),
        *("dialogue_state <> '{}' OR offered <> '[]'", "'{}', offered = '[]'", "owner = 'bot'"),
    ),
)


@dataclass(frozen=True)
class Limits:
    """How long each kind is kept."""

    raw_words: timedelta
    events: timedelta
    media: timedelta

    @classmethod
    def of(cls, settings: RecordsSettings) -> "Limits":
        """Return the limits that are set."""
        return cls(settings.helpdesk_keep_raw_words, settings.helpdesk_keep_events, settings.helpdesk_keep_media)

    def as_data(self) -> dict[str, float]:
        """Return them in days."""
        kept = {"raw_words": self.raw_words, "events": self.events, "media": self.media}
        return {name: life / timedelta(days=1) for name, life in kept.items()}


@dataclass(frozen=True)
class Report:
    """What a run did."""

    at: datetime
    dry: bool
    counts: Mapping[str, int]
    oldest_left: Mapping[str, str | None]


async def sweep(
    database: Database,
    clock: Clock,
    limits: Limits,
    *,
    by: str,
    dry: bool = False,
    real: Clock = system_clock,
    batch: int = BATCH,
) -> Report:
    """Empty what is too old, batch by batch, and write the proof down."""
    began, now = real(), clock()
    counts = {}
    for rule in RULES:
        cut_off = now - getattr(limits, rule.limit)
        counts[rule.name] = await (_count(database, rule, cut_off) if dry else _empty(database, rule, cut_off, batch))
    async with database.read() as session:
        oldest = {rule.name: await _oldest(session, rule) for rule in RULES}
    async with database.write() as session:
        session.add(
            RetentionRun(
                at=now,
                began_at=began,
                ended_at=real(),
                by=by,
                dry=dry,
                limits=limits.as_data(),
                counts=counts,
                oldest_left=oldest,
            )
        )
    return Report(now, dry, counts, oldest)


async def is_due(session: AsyncSession, now: datetime, every: timedelta) -> bool:
    """Return whether the last real run is long enough ago."""
    last = await session.scalar(
        select(RetentionRun.at).where(~RetentionRun.dry).order_by(RetentionRun.id.desc()).limit(1)
    )
    return last is None or now - last >= every or now < last


async def _empty(database: Database, rule: Rule, cut_off: datetime, batch: int) -> int:
    statement = text(
        f"UPDATE {rule.table} SET {rule.column} = {rule.empty} WHERE id IN (SELECT id FROM {rule.table} "  # noqa: S608
        f"WHERE ({rule.held}) AND ({rule.ready}) AND {rule.since} < :cut_off LIMIT :batch FOR UPDATE SKIP LOCKED)"
    )
    emptied = 0
    while True:
        async with database.write() as session:
            if not await session.scalar(text("SELECT pg_try_advisory_xact_lock(:lock)"), {"lock": SWEEP_LOCK}):
                return emptied
            done = await session.execute(statement, {"cut_off": cut_off, "batch": batch})
        rows = done.rowcount if isinstance(done, CursorResult) else 0
        emptied += rows
        if rows < batch:
            return emptied


async def _count(database: Database, rule: Rule, cut_off: datetime) -> int:
    query = text(
        f"SELECT count(*) FROM {rule.table} WHERE ({rule.held}) AND ({rule.ready}) AND {rule.since} < :cut_off"  # noqa: S608
    )
    async with database.read() as session:
        return int(await session.scalar(query, {"cut_off": cut_off}) or 0)


async def _oldest(session: AsyncSession, rule: Rule) -> str | None:
    query = text(f"SELECT min({rule.since}) FROM {rule.table} WHERE {rule.held}")  # noqa: S608
    oldest: Any = await session.scalar(query)
    return oldest.isoformat() if oldest else None
