"""Everyone an incident touches, worked out by the database in one statement from what people wrote.

A message counts as what an agent corrected it to, else as it was read, or as the second thing it was about. A platform
told later in the conversation is kept with the complaint it completes (bot/writing.py). Who named none belongs to an
incident of a platform only where the incident says why and their last purchase before the message was made there.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from desk.incidents.scope import Scope
from records.database import ReadSession
from records.models import Incident

LATE = timedelta(minutes=2)
"""A message is committed at most so long after the time it carries."""

# said of each column, of whose values the planner knows how common they are: of a crowd, identities are read at once
INTENT = """(t.corrected_intent IS NULL AND t.intent = ANY(CAST(:intents AS text[]))
  OR t.corrected_intent = ANY(CAST(:intents AS text[])))"""
SECOND = """(t.corrected_intent IS NULL AND t.also <> '[]' AND EXISTS (
    SELECT FROM jsonb_array_elements(t.also) second WHERE second ->> 'name' = ANY(CAST(:intents AS text[]))))"""
NAMED = "t.platform = ANY(CAST(:platforms AS text[]))"
BOUGHT = """(SELECT bought.platform_id FROM programme.purchases bought
    WHERE bought.participant_id = i.participant_id AND bought.selected_at <= t.created_at
    ORDER BY bought.selected_at DESC LIMIT 1) = ANY(CAST(:platforms AS text[]))"""
PARTNER = """(EXISTS (SELECT FROM jsonb_array_elements(t.entities) named
    WHERE named ->> 'entity' = 'partner' AND named ->> 'value' = ANY(CAST(:partners AS text[])))
  OR EXISTS (SELECT FROM programme.payout_accounts account
    WHERE account.participant_id = i.participant_id AND account.status = 'linked'
      AND account.partner_id = ANY(CAST(:partners AS text[]))))"""
NEWS = """t.conversation_id IN (
    SELECT fresh.conversation_id FROM turns fresh WHERE fresh.created_at >= :news
    UNION SELECT mended.conversation_id FROM turns mended
    WHERE mended.corrected_intent IS NOT NULL AND mended.created_at >= :since)"""

PEOPLE = """
    said AS (
        SELECT t.id, t.conversation_id, t.channel, t.created_at, t.platform, i.id AS identity_id, i.participant_id,
               COALESCE(t.corrected_intent, t.intent) AS intent,
               COALESCE(i.participant_id, i.id::text, t.conversation_id::text) AS person_key
        FROM turns t JOIN conversations c ON c.id = t.conversation_id LEFT JOIN identities i ON i.id = c.identity_id
        WHERE {conditions}
    ), people AS (
        SELECT * FROM (
            SELECT *, row_number() OVER messages AS number, max(created_at) OVER chat AS last_at
            FROM said WINDOW chat AS (PARTITION BY conversation_id), messages AS (chat ORDER BY created_at, id)
        ) numbered WHERE number = 1
    )
"""
JOIN = """
WITH {people}, joined AS (
    INSERT INTO incident_people AS p (incident_id, conversation_id, identity_id, participant_id, person_key, turn_id,
                                      intent, platform, channel, first_at, last_at, joined_at, how, reason)
    SELECT CAST(:incident AS text), conversation_id, identity_id, participant_id, person_key, id, intent, platform,
           channel, created_at, last_at, :now, 'scope', CASE WHEN platform IS NULL THEN CAST(:by_purchase AS text) END
    FROM people
    WHERE NOT EXISTS (SELECT FROM incident_people o WHERE o.incident_id = CAST(:incident AS text)
                      AND o.person_key = people.person_key AND o.taken_out_as = 'by_hand')
    ON CONFLICT (incident_id, conversation_id) DO UPDATE
    SET last_at = GREATEST(p.last_at, excluded.last_at), first_at = LEAST(p.first_at, excluded.first_at),
        taken_out_at = CASE WHEN p.taken_out_as <> 'scope' THEN p.taken_out_at END,
        taken_out_by = CASE WHEN p.taken_out_as <> 'scope' THEN p.taken_out_by END,
        taken_out_why = CASE WHEN p.taken_out_as <> 'scope' THEN p.taken_out_why END,
        taken_out_as = CASE WHEN p.taken_out_as <> 'scope' THEN p.taken_out_as END
    WHERE excluded.last_at > p.last_at OR excluded.first_at < p.first_at OR p.taken_out_as = 'scope'
    RETURNING p.xmax = 0 AS fresh
)
SELECT count(*) FILTER (WHERE fresh) AS fresh, count(*) AS touched FROM joined
"""
PREVIEW = """
WITH {people}, cases AS (
    SELECT people.*, (SELECT t.id FROM tickets t WHERE t.conversation_id = people.conversation_id
                      AND t.status <> 'resolved' LIMIT 1) AS case_id
    FROM people
)
SELECT channel, grouping(channel) = 1 AS whole, count(*) AS conversations, count(DISTINCT person_key) AS people,
       count(*) FILTER (WHERE case_id IS NULL) AS by_bot, count(*) FILTER (WHERE platform IS NULL) AS unnamed,
       min(created_at) AS first_at, max(last_at) AS last_at
FROM cases GROUP BY GROUPING SETS ((), (channel)) ORDER BY whole DESC, conversations DESC
"""
LEAVING = """
WITH {people}
SELECT count(*) AS conversations, count(DISTINCT p.person_key) AS people FROM incident_people p
WHERE p.incident_id = :incident AND p.how = 'scope' AND p.taken_out_at IS NULL
  AND p.conversation_id NOT IN (SELECT conversation_id FROM said)
"""
LEAVERS = """
WITH {people}
SELECT p.conversation_id, p.channel, p.platform, p.intent, p.first_at FROM incident_people p
WHERE p.incident_id = :incident AND p.how = 'scope' AND p.taken_out_at IS NULL
  AND p.conversation_id NOT IN (SELECT conversation_id FROM said)
ORDER BY p.first_at DESC, p.conversation_id LIMIT :most
"""
LEAVE = """
WITH {people}
UPDATE incident_people p
SET taken_out_at = :now, taken_out_by = :by, taken_out_why = :why, taken_out_as = 'scope'
WHERE p.incident_id = :incident AND p.how = 'scope' AND p.taken_out_at IS NULL
  AND p.conversation_id NOT IN (SELECT conversation_id FROM said)
"""


@dataclass(frozen=True)
class Touched:
    """How many a scope brings in: conversations, and people, each once however many channels they use."""

    conversations: int = 0
    people: int = 0
    by_bot: int = 0
    """Conversations without an open case: only the bot answered there."""
    unnamed: int = 0
    """Conversations where no platform was named."""
    first_at: datetime | None = None
    last_at: datetime | None = None
    channels: tuple[tuple[str, int], ...] = ()

    @property
    def with_case(self) -> int:
        """How many have an open case."""
        return self.conversations - self.by_bot


@dataclass(frozen=True)
class Matching:
    """The statement's part that finds people, and what it is given."""

    people: str
    given: dict[str, Any] = field(default_factory=dict)

    def within(self, statement: str) -> str:
        """Return a whole statement."""
        return statement.replace("{people}", self.people)


def matching(scope: Scope, news: datetime | None = None) -> Matching:
    """Return what finds the people of a scope; with `news`, only in conversations with something newer than that."""
    conditions = ["t.created_at >= :since", f"({INTENT} OR {SECOND})"]
    given: dict[str, Any] = {"since": scope.since, "intents": list(scope.intents)}
    if scope.until:
        conditions.append("t.created_at <= :until")
        given["until"] = scope.until
    if scope.channels:
        conditions.append("t.channel = ANY(CAST(:channels AS text[]))")
        given["channels"] = list(scope.channels)
    if scope.platforms:
        conditions.append(f"({NAMED} OR (t.platform IS NULL AND {BOUGHT}))" if scope.by_purchase else NAMED)
        given["platforms"] = list(scope.platforms)
    if scope.partners:
        conditions.append(PARTNER)
        given["partners"] = list(scope.partners)
    if news:
        conditions.append(NEWS)
        given["news"] = news
    return Matching(PEOPLE.format(conditions=" AND ".join(conditions)), given)


ROOM = text("SET LOCAL work_mem = '64MB'")
"""A crowd is sorted in memory; only for this transaction."""


async def touched(session: ReadSession, scope: Scope) -> Touched:
    """Return how many a scope would bring in, before anything is opened."""
    if not scope.intents or scope.since is None:
        return Touched()
    found = matching(scope)
    await session.execute(ROOM)
    rows = (await session.execute(text(found.within(PREVIEW)), found.given)).all()
    whole = next(row for row in rows if row.whole)
    channels = tuple((row.channel, row.conversations) for row in rows if not row.whole)
    return Touched(
        *(whole.conversations, whole.people, whole.by_bot, whole.unnamed, whole.first_at, whole.last_at, channels)
    )


async def join(session: AsyncSession, incident: Incident, *, now: datetime, news: datetime | None = None) -> int:
    """Have everyone in the scope belong to the incident; returns how many are new.

    Who was taken out by hand stays out, also with a chat they never wrote in before. With `news` only conversations
    with messages newer than that are looked at.
    """
    scope = Scope.of(incident)
    if not scope.intents:
        return 0
    found = matching(scope, news)
    await session.execute(ROOM)
    given = {**found.given, "incident": incident.id, "now": now, "by_purchase": scope.by_purchase}
    row = (await session.execute(text(found.within(JOIN)), given)).one()
    return int(row.fresh)


async def leaving(session: ReadSession, incident_id: str, scope: Scope) -> tuple[int, int]:
    """Return how many conversations and people would leave if the incident had this scope."""
    found = matching(scope)
    await session.execute(ROOM)
    row = (await session.execute(text(found.within(LEAVING)), {**found.given, "incident": incident_id})).one()
    return row.conversations, row.people


async def leavers(session: ReadSession, incident_id: str, scope: Scope, most: int) -> list[Any]:
    """Return the newest of those who would leave."""
    found = matching(scope)
    given = {**found.given, "incident": incident_id, "most": most}
    return list((await session.execute(text(found.within(LEAVERS)), given)).all())


async def leave(session: AsyncSession, incident: Incident, *, by: Any, why: str, now: datetime) -> int:
    """Take out everyone the present scope no longer brings in; returns how many. Who was taken in by hand stays."""
    found = matching(Scope.of(incident))
    await session.execute(ROOM)
    given = {**found.given, "incident": incident.id, "now": now, "by": by, "why": why}
    done = await session.execute(text(found.within(LEAVE)), given)
    return int(done.rowcount)  # type: ignore[attr-defined]
