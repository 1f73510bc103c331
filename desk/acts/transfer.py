"""Transfer: a case goes to a colleague or a team, with a reason the receiver reads; nobody away gets one unawares."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from desk.acts.case import Case, set_owner, set_ticket
from desk.acts.saying import keep, well_said
from desk.acts.steering import steered_case, write_down
from desk.notices import TRANSFER, give_notice
from desk.refusals import ChangedMeanwhile, NotWellSaid, Refusal
from desk.rights import HANDLING
from desk.wording import moment
from records.bell import Bell
from records.masking import mask
from records.models import Staff, Team, TeamMember

LONGEST_REASON = 500


class ReceiverAway(Refusal):
    """The colleague is away: to give them the case all the same has to be said."""

    def __init__(self, name: str, since: str) -> None:
        super().__init__(f"{name} sedang tidak di tempat sejak {since}. Centang “tetap oper” kalau memang untuk dia.")


async def transfer(
    session: AsyncSession,
    bell: Bell,
    *,
    ticket_id: UUID,
    to: UUID,
    reason: str,
    staff: Staff,
    at: datetime,
    seen_holder: UUID | None = None,
    although_away: bool = False,
) -> str:
    """Give the case to a colleague or a team (`to` is the id of either); returns the receiver's name.

    `seen_holder` is who held it when this was decided. Raises ReceiverAway, ChangedMeanwhile, HeldByOther, NotWellSaid,
    AlreadyResolved, NoSuchCase or NeedsPermit, and then nothing is written.
    """
    words = mask(well_said(reason, LONGEST_REASON)).text
    case = await steered_case(session, ticket_id, by=staff, at=at)
    if case.ticket.staff_id != seen_holder:
        raise ChangedMeanwhile
    team = await session.get(Team, to)
    receiver = None if team else await session.get(Staff, to)
    if team:
        name, told = await _to_team(session, case, team, staff, words, at)
    elif receiver:
        name, told = await _to_colleague(session, case, receiver, staff, words, at, although_away)
    else:
        raise NotWellSaid("Pilih rekan atau tim yang menerima.")
    said = f"Dioper ke {name}: {words}"
    await keep(session, case, key=uuid4(), direction="note", text=said, staff=staff, at=at)
    await give_notice(session, bell, case, TRANSFER, to=told, by=staff, at=at, said=words)
    detail = {"to": str(to), "owner_version": case.conversation.owner_version}
    await write_down(session, bell, case, "transfer", by=staff, at=at, detail=detail)
    return name


async def _to_colleague(
    session: AsyncSession, case: Case, receiver: Staff, by: Staff, words: str, at: datetime, although_away: bool
) -> tuple[str, list[UUID]]:
    if not receiver.active or receiver.role not in HANDLING:
        raise NotWellSaid(f"{receiver.name} tidak menangani tiket. Pilih rekan lain.")
    if case.ticket.staff_id == receiver.id:
        raise NotWellSaid(f"Tiket ini sudah dipegang {receiver.name}.")
    if receiver.away_since and not although_away:
        raise ReceiverAway(receiver.name, moment(receiver.away_since, at))
    values = {"status": "claimed", "staff_id": receiver.id, "team_id": await _team_for(session, case, receiver)}
    await set_ticket(session, case.ticket, **values, snoozed_until=None, previous_staff_id=None)
    await set_owner(session, case, owner="human", staff=receiver, by=by, reason=f"dioper: {words}", at=at)
    return receiver.name, [receiver.id]


async def _to_team(
    session: AsyncSession, case: Case, team: Team, by: Staff, words: str, at: datetime
) -> tuple[str, list[UUID]]:
    if case.ticket.team_id == team.id and case.ticket.status == "open":
        raise NotWellSaid(f"Tiket ini sudah menunggu di tim {team.name}.")
    values = {"status": "open", "staff_id": None, "team_id": team.id}
    # the team decides who takes it: a reopened case is not pulled back to whom it was with
    await set_ticket(session, case.ticket, **values, snoozed_until=None, previous_staff_id=None)
    await set_owner(session, case, owner="human", staff=None, by=by, reason=f"dioper: {words}", at=at)
    members = select(Staff.id).join(TeamMember, TeamMember.staff_id == Staff.id)
    there = members.where(TeamMember.team_id == team.id, Staff.active, Staff.away_since.is_(None))
    return f"tim {team.name}", list(await session.scalars(there.where(Staff.role.in_(HANDLING))))


async def _team_for(session: AsyncSession, case: Case, receiver: Staff) -> UUID:
    """The case stays with its team where the receiver is in it; else it goes along to theirs."""
    theirs = list(await session.scalars(select(TeamMember.team_id).where(TeamMember.staff_id == receiver.id)))
    return case.ticket.team_id if case.ticket.team_id in theirs or not theirs else min(theirs)
