"""The partner API's replies as facts. Its documents and samples differ in types, so both are read; nothing else is.

A reply of the right shape whose content cannot be is Nonsense: it is no answer at all.
"""

from datetime import datetime
from typing import Any

from registry.facts import PaymentStatus, Quota, RedeemStatus

STATUSES = frozenset({"SUCCESS", "VOID"})
ABSENT_OR_PRESENT = {0, 1}


class Nonsense(Exception):
    """A reply of the right shape whose content cannot be."""


def payment(data: dict[str, Any], asked: str) -> PaymentStatus:
    """Read the status of a payment."""
    _echoed(data, "invoice_code", asked, "menjawab tentang pesanan lain")
    status = str(data.get("status", ""))
    if status not in STATUSES:
        raise Nonsense("menjawab dengan status yang tidak dikenal")
    return PaymentStatus(
        asked, _whole(data.get("amount"), "jumlah"), status, _moment_if_readable(data.get("created_at"))
    )


def redeem(data: dict[str, Any], asked: str, sequence: int) -> RedeemStatus:
    """Read the status of a redeem code and one session of its class."""
    _echoed(data, "redeem_code", asked, "menjawab tentang kode lain")
    if data.get("sequence") is not None and _whole(data["sequence"], "sesi") != sequence:
        raise Nonsense("menjawab tentang sesi lain")
    attended = _whole(data.get("attendance_status"), "kehadiran")
    if attended not in ABSENT_OR_PRESENT:
        raise Nonsense("menjawab dengan kehadiran yang tidak dikenal")
    return RedeemStatus(
        sequence=sequence,
        attendance_status=attended,
        redeem_at=_moment_or_none(data.get("redeem_at")),
        dp_platform=_text(data.get("dp_platform")),
        course_code=_text(data.get("course_code")),
        invoice_code=_text(data.get("invoice_code")),
        schedule_code=_text(data.get("schedule_code")),
        course_type=_text(data.get("course_type")),
    )


def quota(data: dict[str, Any], course_code: str, schedule_code: str) -> Quota:
    """Read how many seats a schedule has left."""
    _echoed(data, "course_code", course_code, "menjawab tentang kelas lain")
    _echoed(data, "schedule_code", schedule_code, "menjawab tentang jadwal lain")
    return Quota(course_code, schedule_code, _whole(data.get("quota"), "kuota"))


def _echoed(data: dict[str, Any], name: str, asked: str, otherwise: str) -> None:
    if (_text(data.get(name)) or "").upper() != asked.upper():
        raise Nonsense(otherwise)


def _text(said: object) -> str | None:
    """Read a code or name; a code may come as a number."""
    return str(said) if isinstance(said, str | int) and not isinstance(said, bool) and str(said) else None


def _whole(said: object, what: str) -> int:
    """Read a whole number, documented as text and sampled as number or the other way round."""
    if isinstance(said, int) and not isinstance(said, bool) and said >= 0:
        return said
    if isinstance(said, str) and said.isascii() and said.isdigit():
        return int(said)
    raise Nonsense(f"menjawab dengan {what} yang tidak terbaca")


def _moment_if_readable(said: object) -> datetime | None:
    try:
        read = datetime.fromisoformat(said) if isinstance(said, str) else None
    except ValueError:
        return None
    return read if read and read.tzinfo else None


def _moment_or_none(said: object) -> datetime | None:
    """Read a time whose absence means something: an unreadable one must not pass for none."""
    if said in (None, ""):
        return None
    read = _moment_if_readable(said)
    if read is None:
        raise Nonsense("menjawab dengan waktu yang tidak terbaca")
    return read
