"""Going on with every broadcast: look at people again, hand over who is not helped, send at the pace that is set.

One desk goes round at a time. Whatever a process had not finished when it died is taken up by the next round: every
step is one transaction, decided by the person's own row. A stopped broadcast is looked after too, ended or not, for
what was just being tried when it was stopped and came back.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, exists, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from desk.broadcasts import handing
from desk.broadcasts.checking import FRESH, check_some
from desk.broadcasts.making import locked, still_over
from desk.broadcasts.sending import means, send_some
from desk.broadcasts.standing import why_gone
from desk.broadcasts.steering import LEFT_OUT, withhold
from desk.broadcasts.words import RECOVERY
from desk.message_templates import Template, usable
from desk.office import Office
from desk.refusals import Refusal
from desk.rounds.round import Round
from records.bell import DESK
from records.channel_news import latest
from records.models import Broadcast, BroadcastPerson, Outbound

EVERY = timedelta(seconds=1)
AT_ONCE = 200
"""Messages handed to the outbox in one transaction."""
HANDED_AT_ONCE = 20
CHECKED_AT_ONCE = 2_000
"""People looked at in one round, so that other rounds and a stop are not kept waiting."""
CATCH_UP = timedelta(seconds=5)
"""A desk that was away makes up for no more than this."""
STILL_TRIED = timedelta(hours=2)
"""For so long a stopped broadcast is looked after: the longest a channel lets a message wait."""
STOPPED = ("stopped", "done")
"""A stop holds beyond the end: of these only what comes back is looked after."""
OPEN = ("waiting", "fixed", "cannot_say", "not_fixed", "could_not_ask")
ON_THEIR_WAY = text(
    """
    SELECT EXISTS (SELECT FROM broadcast_people p JOIN outbox o ON o.message_id = p.message_id
                   WHERE p.broadcast_id = :broadcast AND o.status IN ('due', 'sending', 'waiting'))
    """
)
ENDED = select(Broadcast).where(
    Broadcast.status == "done",
    Broadcast.stopped_at > bindparam("since"),
    exists()
    .where(BroadcastPerson.broadcast_id == Broadcast.id, BroadcastPerson.message_id == Outbound.message_id)
    .where(Outbound.status.in_(("due", "sending", "waiting"))),
)
"""Those that were stopped and then ended, with messages on their way; one that went on has no stop."""


async def run(office: Office) -> int:
    """Go on with every broadcast a little; returns how many people had a turn."""
    async with office.database.read() as session:
        under_way = list(
            await session.scalars(
                select(Broadcast).where(Broadcast.status.not_in(("discarded", "done"))).order_by(Broadcast.made_at)
            )
        )
        templates = usable(office.whatsapp_templates, await latest(session), for_broadcasts=True) if under_way else []
        ended = list(await session.scalars(ENDED, {"since": office.clock() - STILL_TRIED}))
    done = 0
    for broadcast in (*under_way, *ended):
        try:
            done += await _turn(office, broadcast, templates)
        except Refusal:
            # somebody changed it in between: the next round sees how it stands
            continue
    return done


async def _turn(office: Office, broadcast: Broadcast, templates: Sequence[Template]) -> int:
    if broadcast.status in STOPPED:
        return await _keep_stopped(office, broadcast)
    looked_at = 0
    if broadcast.kind == RECOVERY:
        while looked_at < CHECKED_AT_ONCE and (now := await check_some(office, broadcast)):
            looked_at += now
    if broadcast.status not in ("approved", "running"):
        return looked_at
    return looked_at + await _send(office, broadcast, templates)


async def _keep_stopped(office: Office, broadcast: Broadcast) -> int:
    """Withhold what was being tried when it was stopped, and came back."""
    if broadcast.stopped_at is None or office.clock() - broadcast.stopped_at > STILL_TRIED:
        return 0
    async with office.database.write() as session:
        still = await locked(session, broadcast.id)
        return await withhold(session, still, office.clock()) if still.status in STOPPED else 0


async def _send(office: Office, broadcast: Broadcast, templates: Sequence[Template]) -> int:
    now = office.clock()
    await _begin(office, broadcast.id, now)
    if broadcast.until is not None and broadcast.until <= now:
        return await _expire(office, broadcast.id)
    done = 0
    if broadcast.kind == RECOVERY:
        await check_some(office, broadcast, stale=True)
        done += await _hand_over(office, broadcast.id, "not_fixed", handing.TO_AGENTS)
    done += await _hand_out(office, broadcast.id, templates)
    await _finish(office, broadcast.id)
    return done


async def _begin(office: Office, broadcast_id: UUID, now: datetime) -> None:
    async with office.database.write() as session:
        broadcast = await locked(session, broadcast_id)
        if broadcast.status == "approved":
            broadcast.status, broadcast.started_at = "running", broadcast.started_at or now
            await office.bell.ring(session, DESK)


async def _hand_out(office: Office, broadcast_id: UUID, templates: Sequence[Template]) -> int:
    """Hand over as many messages as the pace allows by now."""
    done = 0
    for _ in range(AT_ONCE):
        async with office.database.write() as session:
            broadcast = await locked(session, broadcast_id)
            if broadcast.status != "running" or not await still_over(session, broadcast):
                return done
            allowed = min(AT_ONCE, allowance(broadcast, office.real_clock()))
            if allowed <= 0:
                return done
            way = await means(session, broadcast, templates, office.templates_a_day, office.clock())
            sent, had = await send_some(office, session, broadcast, way, allowed, stale=office.clock() - FRESH)
            use_up(broadcast, sent, office.real_clock())
            done += had
            if not had:
                return done
    return done


def allowance(broadcast: Broadcast, real_now: datetime) -> int:
    """Return how many messages the broadcast's pace allows now; a desk that was away does not make up for it all."""
    return max(0, (real_now - _unused_since(broadcast, real_now)) // _gap(broadcast))


def use_up(broadcast: Broadcast, sent: int, real_now: datetime) -> None:
    """Take what was sent off what the pace allows."""
    broadcast.paced_at = _unused_since(broadcast, real_now) + sent * _gap(broadcast)


def _unused_since(broadcast: Broadcast, real_now: datetime) -> datetime:
    """Return since when the pace has not been used up.

    At the start it is what one round is allowed, and at least one message; so it is after a clock that was set back,
    which must not hold everything up. No less than a message and a round is ever made up for: a pace slower than
    CATCH_UP would stand still.
    """
    gap, known = _gap(broadcast), broadcast.paced_at
    if known is None or known > real_now + EVERY:
        known = real_now - max(EVERY, gap)
    return max(known, real_now - max(CATCH_UP, gap + EVERY))


def _gap(broadcast: Broadcast) -> timedelta:
    return timedelta(minutes=1) / broadcast.rate


async def _hand_over(office: Office, broadcast_id: UUID, state: str, reason: str, *, at_its_end: bool = False) -> int:
    """Give the agents the next people in this state; a small batch a round, each in a transaction of their own.

    Who was taken out of the outage since they were looked at is left out, and who was erased. While it is back
    nobody's case is what it left behind; at the end of the broadcast nobody is kept waiting.
    """
    done = 0
    for _ in range(HANDED_AT_ONCE):
        async with office.database.write() as session:
            broadcast = await _running(session, broadcast_id)
            if broadcast is None or not (await still_over(session, broadcast) or at_its_end):
                break
            person = await session.scalar(
                select(BroadcastPerson)
                .where(BroadcastPerson.broadcast_id == broadcast_id, BroadcastPerson.state == state)
                .order_by(BroadcastPerson.position)
                .limit(1)
                .with_for_update(skip_locked=True)
            )
            if person is None:
                break
            now = office.clock()
            if gone := await why_gone(session, broadcast, person.person_key, now):
                person.state, person.reason, person.settled_at = "skipped", gone, now
            else:
                given: dict[str, Any] = {"reason": reason, "at": now}
                person.ticket_id = await handing.hand_over(session, office.bell, broadcast, person, **given)
                person.state, person.reason, person.settled_at = "to_agents", reason, now
            done += 1
    return done


async def _running(session: AsyncSession, broadcast_id: UUID) -> Broadcast | None:
    broadcast = await locked(session, broadcast_id)
    return broadcast if broadcast.status == "running" else None


async def _expire(office: Office, broadcast_id: UUID) -> int:
    """End what has lasted too long: who could not be asked goes to agents, the rest is left out."""
    done = 0
    while handed := sum(
        [
            await _hand_over(office, broadcast_id, state, handing.UNASKED, at_its_end=True)
            for state in ("not_fixed", "could_not_ask")
        ]
    ):
        done += handed
    async with office.database.write() as session:
        broadcast = await _running(session, broadcast_id)
        if broadcast is None:
            return done
        now = office.clock()
        await session.execute(LEFT_OUT, {"broadcast": broadcast_id, "now": now, "reason": "expired"})
        await withhold(session, broadcast, now)
        broadcast.status, broadcast.done_at = "done", now
        await office.bell.ring(session, DESK)
    return done


async def _finish(office: Office, broadcast_id: UUID) -> None:
    async with office.database.write() as session:
        broadcast = await _running(session, broadcast_id)
        if broadcast is None:
            return
        mine = BroadcastPerson.broadcast_id == broadcast_id
        left = select(BroadcastPerson.person_key).where(mine, BroadcastPerson.state.in_(OPEN)).limit(1)
        if await session.scalar(left) or await session.scalar(ON_THEIR_WAY, {"broadcast": broadcast_id}):
            return
        broadcast.status, broadcast.done_at = "done", office.clock()
        await office.bell.ring(session, DESK)


ROUND = Round("broadcasts", EVERY, run)
