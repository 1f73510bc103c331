"""Cases that come back by themselves: nobody waits for somebody who is silent, away or gone.

Counted in working time and only while the participant waits: a case that is put off, or where it is their turn to
write, stays with whoever knows it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from desk.acts.case import locked_case, set_owner, set_ticket
from desk.acts.steering import write_down
from desk.house_words import note
from desk.notices import RETURNED, give_notice
from records.bell import Bell
from records.database import ReadSession
from records.working_time import WorkingTime

AWAY_FOR, GONE_FOR = timedelta(minutes=5), timedelta(minutes=15)
GONE = timedelta(seconds=45)
"""Real time: a page that is open says so more often than this."""
TYPED = timedelta(minutes=2)
"""Real time: who typed a moment ago is not silent."""
MOST = 500

HELD = text(
    """
    SELECT t.id, t.staff_id, t.team_id, s.name, s.away_since, teams.silent_minutes,
           greatest(
               t.waiting_since,
               (SELECT max(h.at) FROM hand_overs h WHERE h.conversation_id = t.conversation_id AND h.ticket_id = t.id),
               (SELECT max(m.created_at) FROM messages m
                WHERE m.conversation_id = t.conversation_id AND m.staff_id = t.staff_id
                  AND m.created_at >= t.waiting_since)
           ) AS since,
           (SELECT max(p.typing_at) FROM staff_presence p
            WHERE p.staff_id = t.staff_id AND p.conversation_id = t.conversation_id) AS typed_at,
           greatest(
               (SELECT max(p.seen_at) FROM staff_presence p WHERE p.staff_id = t.staff_id),
               (SELECT max(o.last_seen_at) FROM staff_sessions o WHERE o.staff_id = t.staff_id)
           ) AS seen_at,
           s.in_group_at
    FROM tickets t JOIN staff s ON s.id = t.staff_id JOIN teams ON teams.id = t.team_id
    WHERE t.status = 'claimed' AND t.snoozed_until IS NULL AND t.waiting_since < :now
    ORDER BY t.waiting_since LIMIT :most
    """
)


@dataclass(frozen=True)
class Held:
    """A case in somebody's hands while its participant waits."""

    id: UUID
    staff_id: UUID
    team_id: UUID
    name: str
    away_since: datetime | None
    silent_minutes: int
    since: datetime
    """Since when nothing was done: the wait, the take-over, or the holder's last words or note."""
    typed_at: datetime | None
    """Real time, as all that is seen of a browser."""
    seen_at: datetime | None
    in_group_at: datetime | None
    """Real time: when they last did something in the staff group, whose news reach their telephone."""

    @property
    def works_from_group(self) -> bool:
        """Whether their last sign of life came from the staff group: no page of the desk says that they are gone."""
        return self.in_group_at is not None and (self.seen_at is None or self.seen_at < self.in_group_at)

    def reason(self, working: WorkingTime, now: datetime, real_now: datetime) -> str | None:
        """Return why the case should come back, or None."""
        if self.away_since and working.between(max(self.away_since, self.since), now) >= AWAY_FOR:
            return f"{self.name} sedang tidak di tempat"
        # what is seen of a browser is real time, everything else the house's clock: only the span carries over
        unseen = real_now - self.seen_at if self.seen_at else now - self.since
        gone = unseen > GONE and not self.works_from_group
        if gone and working.between(max(now - unseen, self.since), now) >= GONE_FOR:
            return f"{self.name} tidak terhubung lagi"
        typing = self.typed_at is not None and real_now - self.typed_at < TYPED
        if not typing and working.between(self.since, now) >= timedelta(minutes=self.silent_minutes):
            return f"{self.name} belum membalas {self.silent_minutes} menit kerja"
        return None


async def held_while_waiting(session: ReadSession, now: datetime) -> list[Held]:
    """Return the cases whose participants wait for their holder, the longest first."""
    rows = await session.execute(HELD, {"now": now, "most": MOST})
    return [Held(*row) for row in rows]


async def put_back(session: AsyncSession, bell: Bell, it: Held, *, reason: str, at: datetime) -> bool:
    """Put the case back into the queue and say why; False when it changed hands or was answered meanwhile."""
    case = await locked_case(session, it.id, by=None, at=at)
    ticket = case.ticket
    if ticket.status != "claimed" or ticket.staff_id != it.staff_id or ticket.waiting_since is None:
        return False
    await set_ticket(session, ticket, status="open", staff_id=None, previous_staff_id=None)
    await set_owner(session, case, owner="human", staff=None, by=None, reason=f"kembali ke antrean: {reason}", at=at)
    key = uuid5(ticket.id, f"returned {case.conversation.owner_version}")
    await note(session, case, key=key, text=f"Kembali ke antrean karena {reason}.", at=at)
    await give_notice(session, bell, case, RETURNED, to=[it.staff_id], by=None, at=at, said=f"Karena {reason}.")
    detail = {"of": str(it.staff_id), "owner_version": case.conversation.owner_version}
    await write_down(session, bell, case, "return", by=None, at=at, detail=detail)
    return True
