"""Doing acts on many: case by case, each in one transaction with its mark, so that a desk that dies leaves no doubt.

The round takes up whatever is not done, wherever it was begun. A case locked by another desk is passed over.
"""

import logging
import time
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from desk.bulk.acts import ACTS, Item
from desk.office import Office
from desk.refusals import Refusal
from desk.rounds.round import Round
from records.bell import DESK
from records.database import is_away
from records.failpoints import reach
from records.models import BulkAct, BulkItem, Staff

log = logging.getLogger("desk.bulk")

EVERY = timedelta(seconds=1)
TURN = 10
"""Cases of one act before the next act has its turn: a small one need not wait for a large one."""
LONGEST_SECONDS = 20.0
BROKEN = "Tidak dikerjakan: ada yang salah di meja. Coba tiket ini satu per satu."
GONE = "Tidak dikerjakan: akun petugasnya sudah tidak aktif."


async def run(office: Office) -> int:
    """Go on with every act that is not done, a few cases each in turn; returns how many cases were looked at."""
    began, done = time.monotonic(), 0
    while time.monotonic() - began < LONGEST_SECONDS:
        async with office.database.read() as session:
            running = list(
                await session.scalars(select(BulkAct.id).where(BulkAct.done_at.is_(None)).order_by(BulkAct.created_at))
            )
        looked_at = sum([await _turn(office, bulk_id) for bulk_id in running])
        done += looked_at
        if not looked_at:
            break
    return done


async def _turn(office: Office, bulk_id: UUID) -> int:
    for number in range(TURN):
        if not await one(office, bulk_id):
            return number
    return TURN


async def one(office: Office, bulk_id: UUID) -> bool:
    """Do the next case of an act; False when none waits for us, and the act is ended when none waits at all."""
    async with office.database.write() as session:
        item = await session.scalar(
            select(BulkItem)
            .where(BulkItem.bulk_id == bulk_id, BulkItem.status == "waiting")
            .order_by(BulkItem.position)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        if item is None:
            await _end(session, office, bulk_id)
            return False
        bulk = await session.get_one(BulkAct, bulk_id)
        staff = await session.get_one(Staff, bulk.staff_id)
        item.status, item.said = await _done(session, office, bulk, item.ticket_id, staff)
        item.at = office.clock()
        await session.flush()
        await reach("desk bulk item")
    return True


async def _done(session: AsyncSession, office: Office, bulk: BulkAct, ticket_id: UUID, staff: Staff) -> tuple[str, str]:
    if not staff.active:
        return "refused", GONE
    it = Item(bulk.id, ticket_id, bulk.given, staff, office.clock())
    try:
        async with session.begin_nested():
            return "done", await ACTS[bulk.act].do(session, office.bell, it)
    except Refusal as refusal:
        return "refused", str(refusal)
    except DBAPIError as problem:
        if is_away(problem):
            raise
        log.exception("bulk %s failed for a case", bulk.act)
    except Exception:
        # one case that cannot be done must not hold up the others for ever
        log.exception("bulk %s failed for a case", bulk.act)
    return "refused", BROKEN


async def _end(session: AsyncSession, office: Office, bulk_id: UUID) -> None:
    waiting = select(BulkItem.ticket_id).where(BulkItem.bulk_id == bulk_id, BulkItem.status == "waiting")
    ended = await session.execute(
        update(BulkAct)
        .where(BulkAct.id == bulk_id, BulkAct.done_at.is_(None), ~waiting.exists())
        .values(done_at=office.clock())
        .returning(BulkAct.id)
    )
    if ended.first():
        await office.bell.ring(session, DESK)


ROUND = Round("acts on many", EVERY, run)
