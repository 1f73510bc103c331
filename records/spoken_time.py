"""Moments as people say them in Indonesia: WIB, Indonesian day and month names."""

from datetime import date, datetime

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
