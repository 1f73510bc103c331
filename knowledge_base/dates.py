"""Dates as people read them in Indonesian: 4 September 2020."""

from datetime import date

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


def in_indonesian(day: date) -> str:
    """Write a date the way the articles do."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
