"""Money, days and times as people in Indonesia read them."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from records.clock import wib
from records.holidays import holiday
from records.spoken_time import MONTHS, spoken_date, spoken_moment

SATURDAY = 5

STATES = {
    "selected": "dipilih",
    "awaiting_payment": "menunggu pembayaran",
    "paid_without_code": "sudah dibayar, kode belum terbit",
    "code_issued": "kode terbit",
    "redeemed": "sudah ditukar",
    "in_progress": "berjalan",
    "completed": "selesai",
    "failed": "gagal",
    "expired": "kedaluwarsa",
    "code_expired": "kode kedaluwarsa",
    "cancelling": "pembatalan diproses",
    "refunded": "dikembalikan",
    "forfeited": "hangus",
}


def rupiah(amount: int) -> str:
    """Return `Rp1.000.000`."""
    return f"Rp{amount:,}".replace(",", ".")


def day(moment: datetime | date) -> str:
    """Return `23 Agustus 2020`, the day in WIB."""
    return spoken_date(wib(moment).date() if isinstance(moment, datetime) else moment)


def moment(at: datetime) -> str:
    """Return `Sabtu, 12 September 2020 pukul 23.59 WIB`."""
    return spoken_moment(at)


def asked_at(at: datetime, now: datetime) -> str:
    """Return when something was asked: `pukul 09.40 WIB` today, with its day before that."""
    hour = f"pukul {wib(at):%H.%M} WIB"
    return hour if wib(at).date() == wib(now).date() else f"{day(at)} {hour}"


def about(at: datetime) -> str:
    """Return an estimate as people say it: the end of a month is `akhir Agustus 2020`."""
    local = wib(at).date()
    if local.day == monthrange(local.year, local.month)[1]:
        return f"akhir {MONTHS[local.month - 1]} {local.year}"
    return spoken_date(local)


def listed(names: Sequence[str]) -> str:
    """Return `a, b dan c`."""
    return " dan ".join(filter(None, [", ".join(names[:-1]), names[-1]])) if names else ""


def working_days_after(start: date, count: int) -> date:
    """Return the day that lies so many working days (no weekend, holiday or collective leave) after another."""
    current = start
    while count > 0:
        current += timedelta(days=1)
        count -= current.weekday() < SATURDAY and not holiday(current)
    return current


def span(lasted: timedelta) -> str:
    """Return `3 hari` or `5 jam`."""
    return (
        f"{lasted.days} hari" if lasted >= timedelta(days=1) else f"{max(1, round(lasted.total_seconds() / 3600))} jam"
    )
