"""What the group should be told next: one step, chosen from how the cases are and what their topics show.

Nothing is queued up: whenever there is room for a post the most pressing step is looked for anew, so everything that
happened meanwhile goes into one post. Urgent cases go first; within a priority words before new topics before edits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from records.models import Team

MADE_AT_MOST = 2
"""A topic that somebody deleted is made again once."""

DIGEST = """md5(concat_ws('|', t.status, coalesce(t.staff_id::text, '-'), t.priority, t.promised_at, t.team_id,
    coalesce(t.snoozed_until::text, '-'), coalesce(t.merged_into_id::text, '-'), t.tags, t.reopened, t.summary,
    t.intent, t.queue, coalesce(t.platform, '-'), coalesce(t.wave::text, '-'), coalesce(t.reason, '-'),
    md5(t.evidence::text)))"""
"""Of all of the case that the card shows: what is missing here stays on a pinned card as it was."""
CONVERSATIONS = """SELECT t.conversation_id UNION ALL SELECT j.conversation_id FROM tickets j
    WHERE j.merged_into_id = t.id AND j.conversation_id <> t.conversation_id AND NOT EXISTS (
        SELECT FROM tickets n WHERE n.conversation_id = j.conversation_id AND n.opened_at > j.opened_at
    )"""
"""Of the case and of those joined to it, for as long as nothing newer was opened in them."""
PRIORITY = "CASE t.priority WHEN 'urgent' THEN 0 WHEN 'high' THEN 1 ELSE 2 END"
NEXT = text(
    f"""
    WITH fresh AS (
        SELECT 'topic' AS kind, NULL::uuid AS topic_id, t.id AS ticket_id, 13 + 10 * {PRIORITY} AS rank,
               t.promised_at, t.opened_at
        FROM tickets t
        WHERE t.status IN ('open', 'claimed') AND t.team_id = ANY(:teams) AND t.snoozed_until IS NULL
          AND NOT EXISTS (SELECT FROM group_topics g WHERE g.ticket_id = t.id AND g.chat_id = :chat
                          AND g.status IN ('making', 'live'))
          AND (SELECT count(*) FROM group_topics g WHERE g.ticket_id = t.id AND g.chat_id = :chat
               AND g.status = 'gone') < :at_most
        ORDER BY rank, t.promised_at, t.opened_at LIMIT 1
    ), looked_at AS MATERIALIZED (
        SELECT g.id FROM tickets t JOIN group_topics g ON g.ticket_id = t.id
        WHERE t.status IN ('open', 'claimed') AND g.chat_id = :chat AND g.status = 'live'
        UNION
        SELECT id FROM group_topics WHERE chat_id = :chat AND status = 'live' AND (NOT closed OR forget)
    ), living AS MATERIALIZED (
        SELECT g.id AS topic_id, t.id AS ticket_id, t.promised_at, t.opened_at, {PRIORITY} AS priority,
               g.forget, g.card_id IS NULL AS bare, g.closed, g.pinned,
               g.digest IS DISTINCT FROM {DIGEST} AS changed,
               t.status = 'resolved' OR t.team_id <> ALL(:teams) AS over,
               EXISTS (SELECT FROM messages m WHERE m.conversation_id IN ({CONVERSATIONS})
                       AND m.position > g.from_position AND m.created_at <= coalesce(t.resolved_at, 'infinity')
                       AND NOT EXISTS (SELECT FROM group_words w WHERE w.message_id = m.id)) AS untold
        FROM looked_at JOIN group_topics g USING (id) JOIN tickets t ON t.id = g.ticket_id
        WHERE NOT EXISTS (SELECT FROM group_posts p WHERE p.topic_id = g.id AND p.status = 'sending')
    ), wanted AS (
        SELECT *, CASE
            WHEN forget THEN 'forget'
            WHEN closed AND NOT over AND (bare OR untold OR changed) THEN 'reopen'
            WHEN closed THEN NULL
            WHEN bare THEN 'card'
            WHEN untold THEN 'words'
            WHEN changed THEN 'edit'
            WHEN over THEN 'close'
            WHEN NOT pinned THEN 'pin'
        END AS kind
        FROM living
    )
    SELECT kind, topic_id, ticket_id, rank FROM (
        SELECT kind, topic_id, ticket_id, rank, promised_at, opened_at FROM fresh
        UNION ALL
        SELECT kind, topic_id, ticket_id, CASE kind
            WHEN 'forget' THEN 5 WHEN 'close' THEN 80 + priority WHEN 'pin' THEN 90 + priority
            WHEN 'reopen' THEN 10 + 10 * priority WHEN 'words' THEN 11 + 10 * priority
            WHEN 'card' THEN 12 + 10 * priority ELSE 14 + 10 * priority END, promised_at, opened_at
        FROM wanted WHERE kind IS NOT NULL
    ) steps ORDER BY rank, promised_at, opened_at LIMIT 1
    """  # noqa: S608 - our own words alone
)
CONVERSATIONS_OF = text(f"SELECT c.* FROM tickets t CROSS JOIN LATERAL ({CONVERSATIONS}) c WHERE t.id = :ticket")  # noqa: S608
UNTOLD_CASES = text(
    """
    SELECT count(*) FROM tickets t
    WHERE t.status IN ('open', 'claimed') AND t.team_id = ANY(:teams) AND t.snoozed_until IS NULL
      AND NOT EXISTS (SELECT FROM group_topics g WHERE g.ticket_id = t.id AND g.chat_id = :chat)
    """
)
DIGEST_OF = text(f"SELECT {DIGEST} FROM tickets t WHERE t.id = :ticket")  # noqa: S608


@dataclass(frozen=True)
class Step:
    """What is to be done next."""

    kind: str
    topic_id: UUID | None
    ticket_id: UUID
    rank: int


async def teams_told(session: AsyncSession, names: Sequence[str]) -> list[UUID]:
    """Return the teams whose cases belong in the group."""
    wanted = Team.name.in_(names) if names else Team.is_default
    return list(await session.scalars(select(Team.id).where(wanted)))


async def next_step(session: AsyncSession, chat_id: int, teams: Sequence[UUID]) -> Step | None:
    """Return the most pressing step, or None when the group shows everything."""
    given = {"chat": chat_id, "teams": list(teams), "at_most": MADE_AT_MOST}
    row = (await session.execute(NEXT, given)).first()
    return Step(*row) if row else None


async def untold_cases(session: AsyncSession, chat_id: int, teams: Sequence[UUID]) -> int:
    """Return how many cases have no topic yet."""
    return int(await session.scalar(UNTOLD_CASES, {"chat": chat_id, "teams": list(teams)}) or 0)


async def digest_of(session: AsyncSession, ticket_id: UUID) -> str:
    """Return the mark of the case as it is."""
    return str(await session.scalar(DIGEST_OF, {"ticket": ticket_id}))
