"""Whom a broadcast is meant for: one row a person, on the chat they wrote in last and can be reached on.

A participant with chats on two channels is one person. The rows are made by one statement, so fifty thousand are as
quick to have as fifty.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import CursorResult, text
from sqlalchemy.ext.asyncio import AsyncSession

from desk.broadcasts.words import ANNOUNCEMENT, CORRECTION, RECOVERY
from records.clock import midnight
from records.models import Broadcast

KEY = "COALESCE(i.participant_id, i.id::text, c.id::text)"

OF_INCIDENT = """
    SELECT DISTINCT ON (p.person_key) p.person_key, p.participant_id, p.turn_id, p.intent, p.platform,
           p.last_at AS told_at, p.conversation_id
    FROM incident_people p
    WHERE p.incident_id = :incident AND p.taken_out_at IS NULL
    ORDER BY p.person_key, (p.intent IS NULL), p.last_at DESC
"""
OF_TURNS = f"""
    SELECT DISTINCT ON (person_key) * FROM (
        SELECT {KEY} AS person_key, i.participant_id, t.id AS turn_id, COALESCE(t.corrected_intent, t.intent) AS intent,
               t.platform, t.created_at AS told_at, t.conversation_id
        FROM turns t
        JOIN conversations c ON c.id = t.conversation_id
        LEFT JOIN identities i ON i.id = c.identity_id
        WHERE {{where}}
    ) AS told
    ORDER BY person_key, told_at DESC
"""  # noqa: S608 (names of our own columns)
MAKE = """
    WITH wanted AS MATERIALIZED ({wanted}),
    chats AS (
        SELECT w.person_key, c.id, c.identity_id, c.channel, c.unreachable, c.external_id, c.window_until,
               c.last_inbound_at
        FROM wanted w JOIN conversations c ON c.id = w.conversation_id
        UNION
        SELECT w.person_key, c.id, c.identity_id, c.channel, c.unreachable, c.external_id, c.window_until,
               c.last_inbound_at
        FROM wanted w
        JOIN identities i ON i.participant_id = w.participant_id
        JOIN conversations c ON c.identity_id = i.id
    ),
    chosen AS (
        SELECT DISTINCT ON (person_key) * FROM chats
        ORDER BY person_key, (unreachable IS NOT NULL OR external_id LIKE 'terhapus:%'),
                 (channel = 'whatsapp' AND window_until <= :now AND NOT CAST(:template AS boolean)),
                 last_inbound_at DESC NULLS LAST, id
    )
    INSERT INTO broadcast_people (broadcast_id, person_key, position, conversation_id, identity_id, participant_id,
                                  channel, turn_id, intent, platform, told_at, due_at)
    SELECT :broadcast, w.person_key, row_number() OVER (ORDER BY w.told_at, w.person_key), ch.id, ch.identity_id,
           w.participant_id, ch.channel, w.turn_id, w.intent, w.platform, w.told_at, :now
    FROM wanted w JOIN chosen ch ON ch.person_key = w.person_key
    ON CONFLICT (broadcast_id, person_key) DO NOTHING
"""
REACHED = """
    INSERT INTO broadcast_people (broadcast_id, person_key, position, conversation_id, identity_id, participant_id,
                                  channel, turn_id, intent, platform, told_at, due_at)
    SELECT :broadcast, p.person_key, p.position, p.conversation_id, p.identity_id, p.participant_id, p.channel,
           p.turn_id, p.intent, p.platform, COALESCE(o.sent_at, p.queued_at), :now
    FROM broadcast_people p JOIN outbox o ON o.message_id = p.message_id
    WHERE p.broadcast_id = :corrects AND o.status IN ('sent', 'delivered', 'read', 'unknown')
    ON CONFLICT (broadcast_id, person_key) DO NOTHING
"""
FORGET = text("DELETE FROM broadcast_people WHERE broadcast_id = :broadcast")


@dataclass(frozen=True)
class Chosen:
    """What staff chose, combined: who told of this, there, then, and is of these."""

    first: date | None = None
    last: date | None = None
    intent: str | None = None
    platform: str | None = None
    channel: str | None = None
    incident: str | None = None
    wave: int | None = None
    province: str | None = None

    @classmethod
    def of(cls, kept: dict[str, Any]) -> "Chosen":
        """Return it as it is kept with the broadcast."""
        days: dict[str, Any] = {name: date.fromisoformat(kept[name]) for name in ("first", "last") if kept.get(name)}
        rest = {name: kept.get(name) or None for name in ("intent", "platform", "channel", "incident", "province")}
        return cls(**days, **rest, wave=int(kept["wave"]) if kept.get("wave") is not None else None)

    def as_data(self) -> dict[str, Any]:
        """Return it as it is kept."""
        said = {name: value.isoformat() if isinstance(value, date) else value for name, value in vars(self).items()}
        return {name: value for name, value in said.items() if value is not None}


@dataclass
class _Where:
    clauses: list[str] = field(default_factory=lambda: ["true"])
    given: dict[str, Any] = field(default_factory=dict)

    def add(self, clause: str, **given: Any) -> None:
        self.clauses.append(clause)
        self.given |= given


async def make(session: AsyncSession, broadcast: Broadcast, now: datetime) -> int:
    """Write down everybody the broadcast is meant for, forgetting whoever was before; returns how many."""
    await session.execute(FORGET, {"broadcast": broadcast.id})
    given: dict[str, Any] = {"broadcast": broadcast.id, "now": now, "template": broadcast.template is not None}
    if broadcast.kind == CORRECTION:
        statement, given = REACHED, {"broadcast": broadcast.id, "corrects": broadcast.corrects_id, "now": now}
    elif broadcast.kind == RECOVERY:
        statement = MAKE.format(wanted=OF_INCIDENT)
        given |= {"incident": broadcast.incident_id}
    else:
        assert broadcast.kind == ANNOUNCEMENT  # noqa: S101 (the database knows no other)
        where = _where(Chosen.of(broadcast.audience))
        statement = MAKE.format(wanted=OF_TURNS.format(where=" AND ".join(where.clauses)))
        given |= where.given
    made = await session.execute(text(statement), given)
    return made.rowcount if isinstance(made, CursorResult) else 0


def _where(chosen: Chosen) -> _Where:
    where = _Where()
    if chosen.first:
        where.add("t.created_at >= :first", first=midnight(chosen.first))
    if chosen.last:
        where.add("t.created_at < :last", last=midnight(chosen.last, after=True))
    if chosen.intent:
        where.add("COALESCE(t.corrected_intent, t.intent) = :intent", intent=chosen.intent)
    if chosen.platform:
        where.add("t.platform = :platform", platform=chosen.platform)
    if chosen.channel:
        where.add("t.channel = :channel", channel=chosen.channel)
    if chosen.incident:
        where.add(
            "EXISTS (SELECT FROM incident_people ip WHERE ip.incident_id = :incident AND ip.taken_out_at IS NULL "
            "AND ip.conversation_id = t.conversation_id)",
            incident=chosen.incident,
        )
    register = "EXISTS (SELECT FROM programme.participants r WHERE r.id = i.participant_id AND {})"
    if chosen.wave is not None:
        where.add(register.format("r.recipient_wave = :wave"), wave=chosen.wave)
    if chosen.province:
        where.add(register.format("r.province = :province"), province=chosen.province)
    return where
