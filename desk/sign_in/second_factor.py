"""The second factor: a time-based code (RFC 6238) from somebody's own device, and recovery codes for when it is lost.

The secret is kept sealed; a code that was taken is never taken again, nor any from before it.
"""

import base64
import hmac
import json
import secrets
from datetime import datetime, timedelta
from uuid import UUID

import pyotp
import segno
from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from desk.refusals import NotWellSaid
from desk.rights import ADMIN, AUDITOR, LEAD, PMO
from records import audit
from records.models import RecoveryCode, SecondFactor, Staff
from records.sealed import Seal, SealBroken

ISSUER = "Meja Bantuan"
STEP = 30
AROUND = (0, -1, 1)
"""Clocks of telephones run a little early or late: one step either way."""
OFF, PRIVILEGED, ALL = "off", "privileged", "everyone"
STRICT = frozenset({ADMIN, LEAD, PMO, AUDITOR})
RECOVERY_CODES = 10
OFFERED_FOR = timedelta(minutes=15)


def required(role: str, setting: str) -> bool:
    """Say whether somebody of this role must have a second factor."""
    return setting == ALL or (setting == PRIVILEGED and role in STRICT)


def offer(seal: Seal, staff_id: UUID, now: datetime) -> tuple[str, str]:
    """Return a new secret, and the same sealed for the form that will bring it back."""
    secret = pyotp.random_base32()
    said = json.dumps({"staff": str(staff_id), "secret": secret, "at": now.isoformat()})
    return secret, seal.close(said).decode()


def offered(seal: Seal, sealed: str, staff_id: UUID, now: datetime) -> str:
    """Return the secret a form brought back; raises NotWellSaid when it was another's or is too old."""
    try:
        said = json.loads(seal.open(sealed.encode()))
    except (SealBroken, ValueError, UnicodeError) as broken:
        raise NotWellSaid("Halaman ini sudah kedaluwarsa. Muat ulang, lalu pindai lagi.") from broken
    if said["staff"] != str(staff_id) or datetime.fromisoformat(said["at"]) < now - OFFERED_FOR:
        raise NotWellSaid("Halaman ini sudah kedaluwarsa. Muat ulang, lalu pindai lagi.")
    return str(said["secret"])


def picture(secret: str, username: str) -> str:
    """Return the secret as a QR code in SVG without any script or style of its own."""
    address = pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=ISSUER)
    code = segno.make(address, error="m", micro=False)
    return code.svg_inline(
        border=4, svgclass="qr", lineclass=None, omitsize=True, dark="#000", light="#fff", title="Kode QR", scale=1
    )


async def has_factor(session: AsyncSession, staff_id: UUID) -> bool:
    """Say whether somebody has a second factor."""
    return await session.get(SecondFactor, staff_id) is not None


async def add_factor(
    session: AsyncSession, seal: Seal, staff: Staff, *, secret: str, code: str, at: datetime, now: datetime
) -> list[str]:
    """Keep the secret once its first code fits; returns the recovery codes, shown this once. Raises NotWellSaid."""
    step = _step_of(secret, code, now)
    if step is None:
        raise NotWellSaid("Kode itu tidak cocok. Pastikan jam ponsel otomatis, lalu ketik kode yang sedang tampil.")
    await remove_factor(session, staff, at=at, by=staff.username, quietly=True)
    session.add(SecondFactor(staff_id=staff.id, secret=seal.close(secret), made_at=now, last_step=step))
    codes = await new_recovery_codes(session, seal, staff)
    await _tell(session, "second_factor_added", staff, by=staff.username, at=at)
    return codes


async def fits(session: AsyncSession, seal: Seal, staff: Staff, code: str, *, at: datetime, now: datetime) -> bool:
    """Say whether the code opens, and see to it that it does so only once; a recovery code does too."""
    digits = "".join(code.split())
    if len(digits) == 6 and digits.isdecimal() and digits.isascii():
        return await _code_fits(session, seal, staff.id, digits, now)
    used = await session.execute(
        update(RecoveryCode)
        .where(
            RecoveryCode.code_hash == _kept(seal, staff.id, code),
            RecoveryCode.staff_id == staff.id,
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=now)
        .returning(RecoveryCode.staff_id)
    )
    if used.first() is None:
        return False
    await _tell(session, "recovery_code_used", staff, by=staff.username, at=at)
    return True


async def new_recovery_codes(session: AsyncSession, seal: Seal, staff: Staff) -> list[str]:
    """Replace somebody's recovery codes and return the new ones; only hashes are kept."""
    await session.execute(delete(RecoveryCode).where(RecoveryCode.staff_id == staff.id))
    codes = [_new_code() for _ in range(RECOVERY_CODES)]
    session.add_all([RecoveryCode(code_hash=_kept(seal, staff.id, code), staff_id=staff.id) for code in codes])
    await session.flush()
    return codes


async def codes_left(session: AsyncSession, staff_id: UUID) -> int:
    """Return how many recovery codes are unused."""
    unused = select(RecoveryCode.code_hash).where(RecoveryCode.staff_id == staff_id, RecoveryCode.used_at.is_(None))
    return len((await session.scalars(unused)).all())


async def remove_factor(session: AsyncSession, staff: Staff, *, at: datetime, by: str, quietly: bool = False) -> None:
    """Forget somebody's second factor and recovery codes."""
    await session.execute(delete(RecoveryCode).where(RecoveryCode.staff_id == staff.id))
    await session.execute(delete(SecondFactor).where(SecondFactor.staff_id == staff.id))
    if not quietly:
        await _tell(session, "second_factor_removed", staff, by=by, at=at)


async def _code_fits(session: AsyncSession, seal: Seal, staff_id: UUID, code: str, now: datetime) -> bool:
    factor = await session.get(SecondFactor, staff_id)
    if factor is None:
        return False
    try:
        step = _step_of(seal.open(bytes(factor.secret)), code, now)
    except SealBroken:  # sealed with another key: no code fits any more
        return False
    if step is None:
        return False
    taken = await session.execute(
        update(SecondFactor)
        .where(SecondFactor.staff_id == staff_id, SecondFactor.last_step < step)
        .values(last_step=step)
        .returning(SecondFactor.staff_id)
        .execution_options(synchronize_session=False)
    )
    return taken.first() is not None


def _step_of(secret: str, code: str, now: datetime) -> int | None:
    code, current, found = "".join(code.split()), int(now.timestamp()) // STEP, None
    for around in AROUND:
        if hmac.compare_digest(pyotp.TOTP(secret).generate_otp(current + around).encode(), code.encode()):
            found = current + around
    return found


def _new_code() -> str:
    letters = base64.b32encode(secrets.token_bytes(10)).decode().lower()
    return "-".join(letters[start : start + 4] for start in range(0, 16, 4))


def _kept(seal: Seal, staff_id: UUID, code: str) -> str:
    plain = "".join(letter for letter in code.lower() if letter.isalnum())
    return seal.fingerprint(f"recovery {staff_id} {plain}")


async def _tell(session: AsyncSession, action: str, staff: Staff, *, by: str, at: datetime) -> None:
    await audit.record(session, at=at, actor=by, action=action, object=f"staff:{staff.username}")
