"""One row a conversation: what was written in it, by whom and where, what became of it, and how it was served."""

from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select, text

from records.database import ReadSession, same_moment
from records.lanes import all_ended
from records.models import TrendKey
from trends.exporting.chosen import Chosen
from trends.names import names
from trends.within import NONE

AT_ONCE = 1_000
"""Conversations read at a time; a few times as many are ever in memory."""

# one lookup by key a conversation and thing (LIMIT 1 keeps the planner from reading whole tables for a few thousand);
# the case is the one that was alive in the time asked about
TOLD = text(
    """
    SELECT chats.channel, turns.outcome, facts.wave, facts.institution, facts.partner, facts.province,
           cases.number, cases.priority, teams.name AS team,
           cases.opened_at, cases.first_reply_at, cases.promised_at, cases.resolved_at, rated.score,
           incidents.title AS incident, said.written_in, said.written_out
    FROM unnest(CAST(:conversations AS uuid[]), CAST(:tickets AS uuid[]), CAST(:turns AS uuid[]))
        WITH ORDINALITY AS chosen (conversation_id, ticket_id, turn_id, place)
    CROSS JOIN LATERAL (SELECT channel FROM conversations WHERE id = chosen.conversation_id LIMIT 1) AS chats
    LEFT JOIN LATERAL (SELECT outcome FROM turns WHERE id = chosen.turn_id LIMIT 1) AS turns ON true
    LEFT JOIN LATERAL (
        SELECT wave, institution, partner, province FROM trend_facts WHERE turn_id = chosen.turn_id LIMIT 1
    ) AS facts ON true
    LEFT JOIN LATERAL (
        SELECT id, number, priority, team_id, incident_id, opened_at, first_reply_at, promised_at, resolved_at
        FROM tickets
        WHERE tickets.conversation_id = chosen.conversation_id
          AND (chosen.ticket_id IS NULL OR tickets.id = chosen.ticket_id)
          AND tickets.opened_at < :until AND (tickets.resolved_at IS NULL OR tickets.resolved_at >= :since)
        ORDER BY tickets.opened_at DESC, tickets.number DESC LIMIT 1
    ) AS cases ON true
    LEFT JOIN teams ON teams.id = cases.team_id
    LEFT JOIN LATERAL (
        SELECT score FROM ratings WHERE ratings.ticket_id = cases.id ORDER BY times DESC LIMIT 1
    ) AS rated ON true
    LEFT JOIN LATERAL (
        SELECT incident_id FROM incident_people AS belong
        WHERE belong.conversation_id = chosen.conversation_id AND belong.taken_out_at IS NULL
          AND belong.first_at < :until AND belong.last_at >= :since
        ORDER BY belong.last_at DESC LIMIT 1
    ) AS touched ON true
    LEFT JOIN incidents ON incidents.id = COALESCE(cases.incident_id, touched.incident_id)
    CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE direction = 'in') AS written_in,
               count(*) FILTER (WHERE direction = 'out') AS written_out
        FROM messages
        WHERE messages.conversation_id = chosen.conversation_id AND direction <> 'note'
          AND messages.created_at >= :since AND messages.created_at < :until
    ) AS said
    ORDER BY chosen.place
    """
)


@dataclass(slots=True)
class ConversationRow:
    """One conversation as an export tells it."""

    conversation_id: UUID
    channel: str
    first_at: datetime
    last_at: datetime
    intents: Sequence[str]
    written: int | None
    """Complaints among the messages; none where they are not counted."""
    platforms: Sequence[str]
    outcome: str | None
    """Of the latest complaint; so are the four below, as they were known when it was counted. None: not known."""
    institution: str | None
    partner: str | None
    wave: str | None
    province: str | None
    ticket: str | None
    priority: str | None
    team: str | None
    answered_in: timedelta | None
    """From the opening of the case to the first words of a person."""
    resolved_in: timedelta | None
    kept: bool | None
    """Whether the promised answer came in time; none while it may still come, or without a case."""
    rating: int | None
    incident: str | None
    messages_in: int
    messages_out: int


async def conversation_rows(
    session: ReadSession, chosen: Chosen, now: datetime, at_once: int = AT_ONCE
) -> AsyncGenerator[list[ConversationRow]]:
    """Yield the conversations in their order, so many at a time, through a cursor of the database.

    Two such parts are looked up at once, over two connections that see the same moment: looking up takes longest.
    """
    called = await _names(session)
    async with same_moment(session) as other:
        stream = await session.stream(chosen.keys, execution_options={"yield_per": at_once})
        parts = stream.partitions()
        while keys := [part async for part in _few(parts, 2)]:
            lanes = zip((session, other), keys, strict=False)
            every = await all_ended(*(_told(lane, chosen, part) for lane, part in lanes))
            for part, told in zip(keys, every, strict=True):
                yield [_row(key, told[number], called, now) for number, key in enumerate(part)]


async def _few[Part](parts: AsyncIterator[Part], few: int) -> AsyncIterator[Part]:
    for _ in range(few):
        async for part in parts:
            yield part
            break


async def _names(session: ReadSession) -> dict[int | None, str]:
    """What readers call what the codes of the facts stand for; what is not known stands for nothing."""
    said = await names(session)
    rows = await session.execute(select(TrendKey.code, TrendKey.dimension, TrendKey.key).where(TrendKey.key != NONE))
    return {row.code: said(row.dimension, row.key) for row in rows}


async def _told(
    session: ReadSession, chosen: Chosen, keys: Sequence[Row[*tuple[Any, ...]]]
) -> Sequence[Row[*tuple[Any, ...]]]:
    """What else there is to each of these, in their order."""
    asked = {
        "conversations": [key.conversation_id for key in keys],
        "tickets": [key.ticket_id for key in keys],
        "turns": [key.turn_id for key in keys],
        "since": chosen.since,
        "until": chosen.until,
    }
    return (await session.execute(TOLD, asked)).all()


def _row(
    key: Row[*tuple[Any, ...]], told: Row[*tuple[Any, ...]], called: Mapping[int | None, str], now: datetime
) -> ConversationRow:
    # by place, for a name costs several times as much: the order of TOLD, and of a choice's columns
    channel, outcome, wave, institution, partner, province, *case, incident, written_in, written_out = told
    ticket, priority, team, opened, replied, promised, resolved, score = case
    conversation, _, _, first_at, last_at, written, intents, platforms = key
    return ConversationRow(
        conversation_id=conversation,
        channel=channel,
        first_at=first_at,
        last_at=last_at,
        intents=intents,
        written=written,
        platforms=platforms,
        outcome=outcome,
        institution=called.get(institution),
        partner=called.get(partner),
        wave=called.get(wave),
        province=called.get(province),
        ticket=ticket,
        priority=priority,
        team=team,
        answered_in=_between(opened, replied),
        resolved_in=_between(opened, resolved),
        kept=_kept(promised, replied or resolved, now),
        rating=score,
        incident=incident,
        messages_in=written_in,
        messages_out=written_out,
    )


def _between(start: datetime | None, end: datetime | None) -> timedelta | None:
    return end - start if start and end else None


def _kept(promised: datetime | None, answered: datetime | None, now: datetime) -> bool | None:
    if promised is None:
        return None
    if answered:
        return answered <= promised
    return False if now >= promised else None
