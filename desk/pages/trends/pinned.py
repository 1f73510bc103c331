"""What happened, as numbered pins on the picture of the days and a list that explains the numbers."""

from collections.abc import Sequence
from datetime import date

from desk.pages.trends.words import span
from desk.pictures.figure import Explained
from desk.pictures.item import Pin
from trends.annotations import KINDS, Mark
from trends.within import Within

MOST = 10
"""Most pins on one picture: beyond that the weightier kinds stay, and the list says how many are left out."""
SPEAKS = ("wave", "rule")
"""Kinds whose label says by itself what they are."""
KIND_SAID = {"incident": "Gangguan", "wave": "Gelombang", "rule": "Aturan", "holiday": "Libur"}


def pins(marks: Sequence[Mark], stretches: Sequence[Within]) -> list[Pin]:
    """Return the pins, over the columns of these stretches."""
    return [
        Pin(number, _column(mark.day, stretches), _column(mark.until, stretches), _said(mark), mark.kind)
        for number, mark in enumerate(_chosen(marks), start=1)
    ]


def explained(marks: Sequence[Mark], stretches: Sequence[Within]) -> list[Explained]:
    """Return what the pins stand for, by their number."""
    lines = [
        Explained(
            str(number),
            span(mark.day, mark.until),
            "" if mark.kind in SPEAKS else KIND_SAID[mark.kind],
            mark.label,
            "" if mark.kind == "holiday" else mark.source,
            f"/insiden/{mark.id}" if mark.kind == "incident" else None,
        )
        for number, mark in enumerate(_chosen(marks), start=1)
    ]
    more = len(marks) - len(lines)
    return [*lines, Explained("", "", "", f"{more} peristiwa lain tidak ditandai.")] if more else lines


def _chosen(marks: Sequence[Mark]) -> list[Mark]:
    weightiest = sorted(marks, key=lambda mark: (KINDS.index(mark.kind), mark.day))[:MOST]
    return sorted(weightiest, key=lambda mark: (mark.day, KINDS.index(mark.kind), mark.label))


def _column(day: date, stretches: Sequence[Within]) -> int:
    return next(index for index, it in enumerate(stretches) if it.first <= day <= it.last)


def _said(mark: Mark) -> str:
    return f"{KIND_SAID[mark.kind]}: {mark.label} ({span(mark.day, mark.until)})"
