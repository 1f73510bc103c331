"""Moments as people say them in Indonesia: WIB, Indonesian day and month names."""

from datetime import date, datetime, timedelta

from records.clock import wib

DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
MONTHS = (
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
)


def spoken_date(day: date) -> str:
    """Return `24 Agustus 2020`."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def spoken_moment(moment: datetime) -> str:
    """Return `Senin, 24 Agustus 2020 pukul 10.00 WIB`."""
    local = wib(moment)
    return f"{DAYS[local.weekday()]}, {spoken_date(local.date())} pukul {local:%H.%M} WIB"


def spoken_soon(moment: datetime, now: datetime) -> str:
    """Return `hari ini pukul 18.00 WIB`, `besok, Selasa 25 Agustus, pukul 08.00 WIB`, and the full date beyond that."""
    local, today = wib(moment), wib(now).date()
    if local.date() == today:
        return f"hari ini pukul {local:%H.%M} WIB"
    if local.date() == today + timedelta(days=1):
        said = f"{DAYS[local.weekday()]} {local.day} {MONTHS[local.month - 1]}"
        return f"besok, {said}, pukul {local:%H.%M} WIB"
    return spoken_moment(moment)
