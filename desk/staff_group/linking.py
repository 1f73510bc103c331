"""Who is who: a member of staff proves their Telegram account by a link from the desk, which works once and soon ends.

The link is opened in private, so nobody in the group sees it; only its hash is kept.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from desk.staff_group import wording
from desk.staff_group.hearing import Account
from records import audit
from records.database import Database
from records.models import Staff, StaffLink

LIFE = timedelta(minutes=10)
MARK = "staf-"
SEEN = "UPDATE staff SET in_group_at = %(now)s WHERE telegram_user_id = %(account)s AND active RETURNING 1"


async def make_link(session: AsyncSession, staff: Staff, *, at: datetime, now: datetime) -> str:
    """Return what /start must carry; the links made before end. `now` is real time."""
    token = secrets.token_urlsafe(32)
    await session.execute(delete(StaffLink).where(StaffLink.staff_id == staff.id, StaffLink.used_at.is_(None)))
    session.add(StaffLink(token_hash=_hashed(token), staff_id=staff.id, made_at=now, expires_at=now + LIFE))
    await _write_down(session, staff, "telegram_link_made", at)
    return MARK + token


async def use_link(session: AsyncSession, by: Account, token: str, *, at: datetime, now: datetime) -> str:
    """Bind the account to whoever made the link; returns what the person is told, nothing more to anybody else."""
    unused = (StaffLink.token_hash == _hashed(token), StaffLink.used_at.is_(None), StaffLink.expires_at > now)
    used = await session.execute(update(StaffLink).where(*unused).values(used_at=now).returning(StaffLink.staff_id))
    staff_id = used.scalar_one_or_none()
    staff = await session.get(Staff, staff_id, with_for_update=True, populate_existing=True) if staff_id else None
    if staff is None or not staff.active:
        return wording.LINK_OVER
    other = await session.scalar(select(Staff).where(Staff.telegram_user_id == str(by.id), Staff.id != staff.id))
    if other is not None:
        return wording.LINK_TAKEN
    staff.telegram_user_id = str(by.id)
    await session.flush()
    await _write_down(session, staff, "telegram_linked", at)
    return wording.LINKED.format(name=staff.name)


async def unlink(session: AsyncSession, staff: Staff, *, by: str, at: datetime) -> bool:
    """Part the account from the person; False when there was none."""
    if staff.telegram_user_id is None:
        return False
    staff.telegram_user_id = None
    await session.flush()
    await audit.record(session, at=at, actor=by, action="telegram_unlinked", object=f"staff:{staff.username}")
    return True


async def staff_of(session: AsyncSession, account: Account) -> Staff | None:
    """Return who this is, if they still work here."""
    mine = (Staff.telegram_user_id == str(account.id), Staff.active)
    return await session.scalar(select(Staff).where(*mine).execution_options(populate_existing=True))


async def seen_in_group(database: Database, account: Account, now: datetime) -> None:
    """Write down that they are at work there, before and apart from what they do: nothing else waits for it.

    `now` is real time.
    """
    await database.at_once.rows(SEEN, {"account": str(account.id), "now": now})


async def _write_down(session: AsyncSession, staff: Staff, action: str, at: datetime) -> None:
    await audit.record(session, at=at, actor=staff.username, action=action, object=f"staff:{staff.username}")


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
