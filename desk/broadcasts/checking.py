"""Looking at everybody's own case again: the checks of what they told of, over the bot's own sources, many at once.

Three-valued as ever: what could not be asked is asked again later, each time after a longer while, and is never taken
for fixed. The incident that is told of as over does not count as open here, others do.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import text

from checks.finding import Finding
from checks.incidents import OpenIncident
from checks.sources import About, RecordsReader, Sources
from checks.table import CHECKS, PERSONAL, run
from checks.tickets import TicketFact
from checks.unasked import unasked
from desk.broadcasts.verdicts import Outcome, checks_to_run, outcome
from desk.office import Office
from records.models import Broadcast
from registry.gathered import gathered
from registry.interface import Answer, CouldNotAsk, Known

BATCH = 500
AT_ONCE = 25
"""People whose checks run at the same time: what only an API tells is asked of it so many times at once at most."""
FRESH = timedelta(minutes=10)
"""What was found longer ago is looked at again before anybody is told of it."""
TOLD = tuple(it.name for it in fields(Finding) if it.name != "words")
PAUSES = tuple(timedelta(minutes=it) for it in (1, 2, 5, 10, 20, 30))
"""How long who could not be asked waits, try after try; the last again and again."""
OTHER_PAUSE = timedelta(minutes=10)

UNCHECKED = "state = 'waiting' AND due_at <= :now", "state = 'could_not_ask' AND due_at <= :now"
STALE = "state IN ('fixed', 'not_fixed') AND checked_at <= :stale AND due_at <= :now"
WHO = """
    SELECT p.person_key, p.state, p.tries, p.conversation_id, p.intent, p.platform, i.participant_id, i.phone_hash,
           t.entities, m.text AS said
    FROM (
        SELECT * FROM broadcast_people WHERE broadcast_id = :broadcast AND ({which})
        ORDER BY position LIMIT :most
    ) p
    LEFT JOIN identities i ON i.id = p.identity_id
    LEFT JOIN turns t ON t.id = p.turn_id
    LEFT JOIN messages m ON m.inbox_id = t.inbox_id
"""
FOUND = text(
    """
    UPDATE broadcast_people p SET
        state = f.state, reason = f.reason, findings = f.findings, checked_at = :now, tries = f.tries,
        due_at = CAST(:now AS timestamptz) + COALESCE(f.pause, 0) * interval '1 second'
    FROM jsonb_to_recordset(CAST(:found AS jsonb))
         AS f (person_key text, was text, state text, reason text, findings jsonb, tries int, pause double precision)
    WHERE p.broadcast_id = :broadcast AND p.person_key = f.person_key AND p.state = f.was
    """
)


@dataclass(frozen=True)
class Person:
    """Somebody to look at again."""

    key: str
    state: str
    tries: int
    conversation: UUID
    intent: str | None
    platform: str | None
    participant: str | None
    phone_hash: str | None
    named: Mapping[str, str]
    said: str

    def about(self, now: datetime) -> About:
        """Return whom and what the checks are about."""
        return About(
            now=now,
            text=self.said,
            said=self.said,
            conversation_id=str(self.conversation),
            participant_id=self.participant,
            platform=self.platform or self.named.get("platform"),
            course=self.named.get("course"),
            partner=self.named.get("partner"),
            invoice=self.named.get("invoice"),
        )


class AfterTheIncident:
    """The help desk's own records as they are once this incident is over; what is asked for all is asked once."""

    def __init__(self, records: RecordsReader, incident_id: str | None) -> None:
        self._records, self._incident = records, incident_id
        self._incidents: Answer[tuple[OpenIncident, ...]] | None = None
        self._reports: Answer[int] | None = None

    async def incidents(self, now: datetime) -> Answer[tuple[OpenIncident, ...]]:
        """Return the other incidents."""
        if self._incidents is None:
            answer = await self._records.incidents(now)
            if isinstance(answer, Known):
                answer = replace(answer, value=tuple(it for it in answer.value if it.id != self._incident))
            self._incidents = answer
        return self._incidents

    async def reports(self, now: datetime) -> Answer[int]:
        """Return how many told of trouble in the last hour."""
        if self._reports is None:
            self._reports = await self._records.reports(now)
        return self._reports

    async def tickets(
        self, conversation_id: str | None, participant_id: str | None, now: datetime
    ) -> Answer[tuple[TicketFact, ...]]:
        """Return somebody's tickets."""
        return await self._records.tickets(conversation_id, participant_id, now)


async def check_some(office: Office, broadcast: Broadcast, most: int = BATCH, *, stale: bool = False) -> int:
    """Look at the next people who were not looked at (or too long ago); returns how many."""
    if office.rechecking is None:
        return 0
    now = office.clock()
    people = await _next(office, broadcast.id, STALE if stale else " OR ".join(UNCHECKED), most, now)
    if not people:
        return 0
    found = await look_at(office.rechecking.sources, people, broadcast.incident_id, now)
    rows = [_row(person, *found[person.key]) for person in people]
    given = {"broadcast": broadcast.id, "now": now, "found": orjson.dumps(rows).decode()}
    async with office.database.write() as session:
        await session.execute(FOUND, given)
    return len(people)


async def look_at(
    sources: Sources, people: Sequence[Person], incident_id: str | None, now: datetime
) -> dict[str, tuple[Outcome, list[Finding]]]:
    """Return what is known of each of these people now."""
    bound = [it for it in people if it.participant]
    names = {name for it in people for name in checks_to_run(it.intent, bound=it.participant is not None)}
    needs = sorted({need for name in names for need in CHECKS[name].needs} & PERSONAL)
    ids = [it.participant for it in bound if it.participant]
    phones = [it.phone_hash for it in bound if it.phone_hash]
    registry = await gathered(sources.registry, ids, phones, needs)
    mine = replace(sources, registry=registry, records=AfterTheIncident(sources.records, incident_id))
    # asked before they all ask at the same time
    await mine.ask("incidents", mine.records.incidents(now))
    room = asyncio.Semaphore(AT_ONCE)

    async def one(person: Person) -> tuple[Outcome, list[Finding]]:
        async with room:
            return await _look(mine, person, now)

    results = await asyncio.gather(*(one(it) for it in people))
    return {person.key: result for person, result in zip(people, results, strict=True)}


async def _look(sources: Sources, person: Person, now: datetime) -> tuple[Outcome, list[Finding]]:
    theirs = await _still_theirs(sources, person)
    if theirs is None:
        return Outcome.COULD_NOT_ASK, []
    who = person if theirs else replace(person, participant=None)
    bound = who.participant is not None
    names = checks_to_run(who.intent, bound=bound)
    situation = await sources.situation(who.about(now), who.intent or "", names)
    found = [finding for name in names if (finding := run(name, situation)) is not None]
    return outcome(found, unasked(situation, found), bound=bound), found


async def _still_theirs(sources: Sources, person: Person) -> bool | None:
    """Say whether the number that proved them is still theirs; None where that could not be asked."""
    if person.participant is None or person.phone_hash is None:
        return person.participant is not None
    asking = sources.registry.participants_by_phone_hash(person.phone_hash)
    answer = await sources.ask("participants_by_phone_hash", asking)
    if answer is None or isinstance(answer, CouldNotAsk):
        return None
    return isinstance(answer, Known) and person.participant in answer.value


async def _next(office: Office, broadcast: UUID, which: str, most: int, now: datetime) -> list[Person]:
    given = {"broadcast": broadcast, "most": most, "now": now}
    if ":stale" in which:
        given["stale"] = now - FRESH
    async with office.database.read() as session:
        rows = await session.execute(text(WHO.format(which=which)), given)
        return [_person(row) for row in rows]


def _person(row: Any) -> Person:
    named = {str(it["entity"]): str(it["value"]) for it in row.entities or () if it.get("entity") and it.get("value")}
    who = row.person_key, row.state, row.tries, row.conversation_id, row.intent, row.platform
    return Person(*who, row.participant_id, row.phone_hash, named, row.said or "")


def _told(finding: Finding) -> dict[str, Any]:
    """Return what `Finding.as_data` returns, its parts left for whoever writes JSON: there are many of them."""
    return {name: getattr(finding, name) for name in TOLD}


def _row(person: Person, found: Outcome, findings: Sequence[Finding]) -> dict[str, Any]:
    said = {"person_key": person.key, "was": person.state, "findings": [_told(it) for it in findings]}
    if found is Outcome.COULD_NOT_ASK:
        pause = PAUSES[min(person.tries, len(PAUSES) - 1)].total_seconds()
        return said | {"state": "could_not_ask", "reason": "could_not_ask", "tries": person.tries + 1, "pause": pause}
    if found is Outcome.OTHER_INCIDENT:
        pause = OTHER_PAUSE.total_seconds()
        return said | {"state": "waiting", "reason": "other_incident", "tries": person.tries, "pause": pause}
    return said | {"state": str(found), "reason": None, "tries": person.tries, "pause": None}
