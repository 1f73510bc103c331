"""What happened on the days of a range: waves, incidents, rules that changed, holidays. It explains, it does not count.

A mark is put on every picture by day; which of them caused a rise is for the reader to judge. An incident that only
touches other platforms or partners than those filtered for is left out.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from sqlalchemy import text

from records.database import ReadSession
from records.holidays import YEARS, holiday
from trends.within import NONE, Within

type Kind = Literal["incident", "wave", "rule", "holiday"]
KINDS: tuple[Kind, ...] = ("incident", "wave", "rule", "holiday")
"""The weightier first."""
RULES_NAMED = 3
RULES = {
    "training_amount": "biaya pelatihan",
    "incentive_amount": "besar insentif",
    "incentive_count": "banyaknya insentif",
    "survey_amount": "besar insentif survei",
    "survey_count": "banyaknya survei",
    "first_purchase_days": "batas pembelian pertama",
    "balance_cutoff": "batas saldo",
    "platforms": "daftar platform",
    "payment_partners": "mitra pembayaran",
    "review_location": "tempat mengulas",
    "channels": "kanal bantuan resmi",
}
HAPPENED = text("""
    SELECT kind, id, label, source, since, until FROM (
        SELECT 'incident' AS kind, id, title || CASE status WHEN 'suspected' THEN ' (dugaan)' ELSE '' END AS label,
               source, (started_at AT TIME ZONE 'Asia/Jakarta')::date AS since,
               (ended_at AT TIME ZONE 'Asia/Jakarta')::date AS until
        FROM incidents
        WHERE (platforms = '[]' OR CAST(:platform AS text) IS NULL OR platforms ? CAST(:platform AS text))
          AND (partners = '[]' OR CAST(:partner AS text) IS NULL OR partners ? CAST(:partner AS text))
        UNION ALL
        SELECT 'wave', wave::text, 'Gelombang ' || wave || ' dibuka', source,
               (opens_at AT TIME ZONE 'Asia/Jakarta')::date,
               (COALESCE(closes_at, opens_at) AT TIME ZONE 'Asia/Jakarta')::date
        FROM programme.waves WHERE opens_at IS NOT NULL
        UNION ALL
        SELECT 'wave', wave::text, 'Hasil gelombang ' || wave || ' diumumkan', source,
               (decided_at AT TIME ZONE 'Asia/Jakarta')::date, (decided_at AT TIME ZONE 'Asia/Jakarta')::date
        FROM programme.waves WHERE decided_at IS NOT NULL
        UNION ALL
        SELECT 'rule', key, key, source, valid_from, valid_from FROM programme.policies
        UNION ALL
        SELECT CASE WHEN off THEN 'holiday' ELSE 'working' END, '', name, source, day, day FROM calendar_days
    ) AS happened
    WHERE since <= :last AND COALESCE(until, :last) >= :first
    ORDER BY since, label
""")


@dataclass(frozen=True)
class Mark:
    """One thing that happened, from its first day to its last within the range."""

    day: date
    until: date
    kind: Kind
    label: str
    source: str
    id: str = ""
    """The incident's, for whoever wants to open it."""


async def annotations(session: ReadSession, within: Within) -> list[Mark]:
    """Return what happened in the range, in order of days; of one day the weightier first."""
    asked = {
        "first": within.first,
        "last": within.last,
        "platform": None if within.platform == NONE else within.platform,
        "partner": None if within.partner == NONE else within.partner,
    }
    rows = (await session.execute(HAPPENED, asked)).all()
    marks = [_mark(within, row) for row in rows if row.kind in ("incident", "wave")]
    marks += _rules(row for row in rows if row.kind == "rule")
    marks += _holidays(within, {row.since: row for row in rows if row.kind in ("holiday", "working")})
    return sorted(marks, key=lambda mark: (mark.day, KINDS.index(mark.kind), mark.label))


def _mark(within: Within, row: Any) -> Mark:
    since, until = max(row.since, within.first), min(row.until or within.last, within.last)
    return Mark(since, until, row.kind, row.label, row.source or "", row.id)


def _rules(rows: Iterable[Any]) -> list[Mark]:
    """Rules that change on one day are one mark."""
    by_day: dict[date, list[Any]] = defaultdict(list)
    for row in rows:
        by_day[row.since].append(row)
    return [
        Mark(day, day, "rule", f"Aturan berubah: {_named([row.label for row in changed])}", changed[0].source)
        for day, changed in by_day.items()
    ]


def _named(keys: list[str]) -> str:
    said = [RULES.get(key, key) for key in keys]
    more = len(said) - RULES_NAMED
    return ", ".join(said[:RULES_NAMED]) + (f" dan {more} lagi" if more > 0 else "")


def _holidays(within: Within, entered: dict[date, Any]) -> list[Mark]:
    """What staff entered goes before the list that ships with the desk."""
    marks = []
    for day in within.days:
        row = entered.get(day)
        name = row.label if row and row.kind == "holiday" else None if row else holiday(day)
        if name:
            marks.append(Mark(day, day, "holiday", name, row.source if row else YEARS[day.year].source))
    return marks
