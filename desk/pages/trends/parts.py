"""One dimension of the complaints as lying bars, with the range before and how surely each changed."""

from collections.abc import Sequence

from desk.pages.trends.asked import file_at, rows_at
from desk.pages.trends.seen import Seen
from desk.pages.trends.told import part_told
from desk.pages.trends.words import arrow, chance_said, surely, tone
from desk.pictures.bars import bars as lying
from desk.pictures.figure import Cell, Figure, Table, number
from desk.pictures.item import Item
from desk.pictures.numbers import per_cent, signed, signed_per_cent, whole
from trends.bars import Bar
from trends.compare import Change
from trends.export import HEADINGS
from trends.within import NONE

TITLES = {
    "intent": "Menurut jenis keluhan",
    "platform": "Menurut platform",
    "channel": "Menurut kanal",
    "institution": "Menurut lembaga pelatihan",
    "partner": "Menurut mitra pembayaran",
    "wave": "Menurut gelombang peserta",
    "province": "Menurut provinsi peserta",
}
DRAWN = 12
"""Most bars a picture draws; the table has all of them."""


def by_part(by: str, seen: Seen) -> Figure:
    """Return the figure of a dimension."""
    changes = seen.changes.get(by, {})
    gone = [Bar(key, 0, 0) for key, change in changes.items() if not change.now and change.before]
    bars = sorted([*seen.bars[by], *gone], key=lambda bar: bar.key == NONE)
    items = [_item(by, bar, changes.get(bar.key), seen) for bar in bars[:DRAWN]]
    told = part_told(by, seen.bars[by], changes, seen)
    notes = [f"{len(bars) - DRAWN} lainnya ada di tabel."] if len(bars) > DRAWN else []
    table = _table(by, bars, seen)
    return Figure(by, TITLES[by], told, lying(by, TITLES[by], told, items), table, file_at(seen.within, by), notes)


def _item(by: str, bar: Bar, change: Change | None, seen: Seen) -> Item:
    name = seen.names(by, bar.key)
    spoken = f"{name}: {whole(bar.messages)} pesan"
    href = rows_at(seen.within.narrowed(by, bar.key)) if bar.messages else None
    if change is None:
        return Item(name, bar.messages, spoken, href)
    return Item(
        name,
        bar.messages,
        f"{spoken}, sebelumnya {whole(change.before)}, {surely(change)}",
        href,
        expected=change.expected,
        note=f"{arrow(change)} {surely(change)}".strip() if change.sure != "no" else "",
        delta=signed_per_cent(change.share) if change.sure != "no" and change.share is not None else "",
        tone=tone(change),
    )


def _table(by: str, bars: Sequence[Bar], seen: Seen) -> Table:
    compared = by in seen.changes
    headings = [HEADINGS[by], "Pesan", "Bagian", "Percakapan"]
    headings += ["Sebelumnya", "Beda", "Beda %", "Seberapa pasti", "Peluang kebetulan"] if compared else []
    lines = [_line(by, bar, seen) for bar in bars]
    total = seen.total
    foot = [
        Cell("Jumlah"),
        number(total.messages, rows_at(seen.within)),
        Cell("100 %" if total.messages else ""),
        Cell(""),
    ]
    if compared and seen.before:
        expected = seen.before.complaints * seen.exposure
        foot += [number(seen.before.complaints), _difference(total.messages - expected), Cell(""), Cell(""), Cell("")]
    codes = [bar.key for bar in bars]
    return Table(headings, lines, foot, words=frozenset({0, 7}), codes=codes)


def _line(by: str, bar: Bar, seen: Seen) -> list[Cell]:
    here = seen.within.narrowed(by, bar.key)
    rows = rows_at(here) if bar.messages else None
    share = bar.messages / seen.total.messages if seen.total.messages else 0
    line = [
        Cell(seen.names(by, bar.key), rows),
        number(bar.messages, rows),
        Cell(per_cent(share, 1), value=round(share, 4)),
        number(bar.conversations),
    ]
    change = seen.changes.get(by, {}).get(bar.key)
    if change is None:
        return line
    percent = (
        Cell("baru") if change.share is None else Cell(signed_per_cent(change.share), value=round(change.share, 4))
    )
    return [
        *line,
        number(change.before, rows_at(here.before()) if change.before else None),
        _difference(change.difference),
        percent,
        Cell(f"{arrow(change)} {surely(change)}".strip(), value=surely(change)),
        Cell(chance_said(change.chance), value=round(change.chance, 6)),
    ]


def _difference(difference: float) -> Cell:
    return Cell(signed(difference), value=round(difference, 1))
