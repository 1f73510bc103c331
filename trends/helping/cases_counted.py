"""Counting cases: how long until a person answered and until it was closed, what became of its promises, its ratings.

A case is counted on the day it was opened, by its team, priority and kind as they are now. Reopened, it is not closed
any more; every reopening made a promise of its own. Time that counts is the time its promise counts: what its team
works, or every hour where the promise says so.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from records.clock import wib
from records.privacy.columns import GONE
from records.promises import Rules, read_rules

AT_ONCE = 2_000
SCORES = range(1, 6)
NEWS = text(
    """
    WITH gone AS (
        DELETE FROM case_news WHERE id IN (SELECT id FROM case_news ORDER BY id LIMIT :most) RETURNING ticket_id
    )
    SELECT DISTINCT ticket_id FROM gone
    """
)
CASES = text(
    """
    SELECT t.id, t.conversation_id, t.team_id, t.priority, t.intent, t.platform, t.channel, t.queue, t.opened_at,
           t.promised_at, t.first_reply_at, t.resolved_at, t.status, t.reopened, t.merged_into_id, t.summary,
           (SELECT jsonb_agg(jsonb_build_array(s.promised_at, s.first_reply_at, s.resolved_at) ORDER BY s.times)
            FROM case_spells s WHERE s.ticket_id = t.id) AS spells,
           (SELECT jsonb_agg(r.score) FROM ratings r WHERE r.ticket_id = t.id) AS scores,
           (SELECT jsonb_agg(m.created_at) FROM messages m
            WHERE m.conversation_id = t.conversation_id AND m.kind = 'closing' AND m.direction = 'out') AS closings,
           CASE WHEN t.summary = :gone THEN (SELECT to_jsonb(f) FROM case_facts f WHERE f.ticket_id = t.id) END AS was
    FROM tickets t WHERE t.id = ANY(:tickets)
    """
)
TIMES = "answer_minutes, answer_worked, resolve_minutes, resolve_worked"
SUMS = "reopened, kept, missed, void, asked, rated_1, rated_2, rated_3, rated_4, rated_5"
COLUMNS = f"ticket_id, day, team_id, priority, intent, platform, channel, {TIMES}, ended, {SUMS}"
CHANGED = ", ".join(f"{name} = excluded.{name}" for name in COLUMNS.split(", ")[1:])
PUT = text(
    f"""
    INSERT INTO case_facts ({COLUMNS})
    SELECT {COLUMNS} FROM jsonb_populate_recordset(NULL::case_facts, CAST(:facts AS jsonb))
    ON CONFLICT (ticket_id) DO UPDATE SET {CHANGED}
    """  # noqa: S608 (names of our own columns)
)


@dataclass(frozen=True)
class Spell:
    """From a case's opening, or reopening, to its end: one promise."""

    promised_at: datetime
    first_reply_at: datetime | None
    resolved_at: datetime | None

    @property
    def answered_at(self) -> datetime | None:
        """A person's first words; the closing words are some."""
        return self.first_reply_at or self.resolved_at


@dataclass
class Houses:
    """The rules of the teams, each read once."""

    session: AsyncSession
    known: dict[UUID, Rules] = field(default_factory=dict)

    async def of(self, team: UUID) -> Rules:
        """Return the rules of a team."""
        if team not in self.known:
            self.known[team] = await read_rules(self.session, team=team)
        return self.known[team]


async def fold_news(session: AsyncSession, most: int = AT_ONCE) -> int:
    """Count the cases that changed; returns how many there were."""
    changed = list(await session.scalars(NEWS, {"most": most}))
    await count(session, changed, Houses(session))
    return len(changed)


async def count(session: AsyncSession, tickets: list[UUID], houses: Houses) -> None:
    """Count these cases as they are now, whatever they were counted as."""
    if not tickets:
        return
    rows = (await session.execute(CASES, {"tickets": tickets, "gone": GONE})).all()
    facts = [fact(row, await houses.of(row.team_id)) for row in rows]
    if facts:
        await session.execute(PUT, {"facts": orjson.dumps(facts).decode()})


def fact(row: Any, rules: Rules) -> dict[str, Any]:
    """Return a case as it is counted."""
    if row.was and row.summary == GONE:
        # its end was the erasure, not an answer: it stays what it was, and waits for nobody
        return _erased(row.was)
    ended = row.merged_into_id is not None or (row.status == "resolved" and row.summary == GONE)
    spells = _spells(row, ended)
    answered = spells[0].answered_at
    resolved = row.resolved_at if row.status == "resolved" and not ended else None
    every_hour = rules.terms_of(row.intent, row.queue, row.priority).all_hours
    return {
        "ticket_id": str(row.id),
        "day": wib(row.opened_at).date().isoformat(),
        "team_id": str(row.team_id),
        **{name: getattr(row, name) for name in ("priority", "intent", "channel")},
        "platform": row.platform or "-",
        "answer_minutes": _minutes(row.opened_at, answered),
        "answer_worked": _worked(rules, every_hour, row.opened_at, answered),
        "resolve_minutes": _minutes(row.opened_at, resolved),
        "resolve_worked": _worked(rules, every_hour, row.opened_at, resolved),
        "ended": ended,
        "reopened": row.reopened,
        **_promises(row, spells, ended),
        **_ratings(row, spells),
    }


def _spells(row: Any, ended: bool) -> list[Spell]:
    before = [Spell(*(datetime.fromisoformat(it) if it else None for it in each)) for each in row.spells or ()]  # type: ignore[arg-type]
    resolved = row.resolved_at if row.status == "resolved" and not ended else None
    return [*before, Spell(row.promised_at, row.first_reply_at, resolved)]


def _promises(row: Any, spells: list[Spell], ended: bool) -> dict[str, int]:
    kept = sum(1 for it in spells if it.answered_at and it.answered_at <= it.promised_at)
    missed = sum(1 for it in spells if it.answered_at and it.answered_at > it.promised_at)
    # a spell that ended before spells were kept has left no promise behind
    forgotten = max(0, row.reopened + 1 - len(spells))
    return {"kept": kept, "missed": missed, "void": forgotten + (ended and spells[-1].answered_at is None)}


def _ratings(row: Any, spells: list[Spell]) -> dict[str, int]:
    ends = {it.resolved_at for it in spells if it.resolved_at}
    asked = len(ends & {datetime.fromisoformat(at) for at in row.closings or ()})
    scores: list[int] = row.scores or []
    return {"asked": max(asked, len(scores)), **{f"rated_{score}": scores.count(score) for score in SCORES}}


def _erased(was: dict[str, Any]) -> dict[str, Any]:
    if was["resolve_minutes"] is not None or was["ended"]:
        return was
    open_promise = was["reopened"] + 1 - was["kept"] - was["missed"] - was["void"]
    return {**was, "ended": True, "void": was["void"] + open_promise}


def _minutes(since: datetime, until: datetime | None) -> int | None:
    return max(0, int((until - since).total_seconds()) // 60) if until else None


def _worked(rules: Rules, every_hour: bool, since: datetime, until: datetime | None) -> int | None:
    if until is None or every_hour:
        return _minutes(since, until)
    return int(rules.working.between(since, until).total_seconds()) // 60
