"""The figures of the service: bot answers, times, promises, ratings, load and incidents, each with table and rows."""

from collections.abc import Callable

from desk.pages.trends.helping import words
from desk.pages.trends.helping.of_cases import promises, ratings, times
from desk.pages.trends.helping.one_figure import NOTHING, figure, part, share
from desk.pages.trends.helping.seen import Seen
from desk.pages.trends.helping.words import rows_of, share_said
from desk.pictures.figure import Cell, Figure, Table, number
from desk.pictures.item import Item
from desk.pictures.numbers import whole
from trends.helping.answers import Answers
from trends.helping.impact import MEASURED, Impact
from trends.helping.load import ACTS, Load


def figures(seen: Seen) -> list[Figure]:
    """Return all that can be known, in order."""
    makers = FIGURES if seen.now else {name: FIGURES[name] for name in ("beban", "dampak")}
    return [make(seen) for make in makers.values()]


def figure_of(name: str, seen: Seen) -> Figure | None:
    """Return one of them by its name."""
    return FIGURES[name](seen) if name in FIGURES and (seen.now or name in ("beban", "dampak")) else None


def _answers(seen: Seen) -> Figure:
    now = part(seen)

    def rows(it: Answers, fate: str) -> str:
        within = seen.within if it.key == "all" else seen.within.narrowed("intent", it.key)
        return rows_of("jawaban", within, nasib=fate or None)

    def line(it: Answers) -> list[Cell]:
        cells = [
            number(value, rows(it, fate) if value else None)
            for value, fate in (
                (it.answers, ""),
                (it.good, "good"),
                (it.returned, "returned"),
                (it.unknown, "unknown"),
            )
        ]
        then = (
            None if seen.before is None else seen.before.answers_of(it.key) if it.key != "all" else seen.before.answered
        )
        name = "Jumlah" if it.key == "all" else seen.names("intent", it.key)
        return [Cell(name), *cells, share(it.share), *([share(then.share)] if then else [])]

    headings = ["Keluhan", "Dijawab bot", "Selesai", "Kembali", "Belum dapat diketahui", "Bagian selesai"]
    headings += ["Sebelumnya"] if seen.before else []
    table = Table(headings, [line(it) for it in now.answers], line(now.answered), codes=[it.key for it in now.answers])
    items = [
        Item(
            seen.names("intent", it.key),
            it.good,
            f"{seen.names('intent', it.key)}: {whole(it.good)} dari {whole(it.settled)} selesai tanpa kembali",
            rows(it, "good") if it.good else None,
            note=share_said(it.share) if it.settled else "",
            delta=f"dari {whole(it.settled)}" if it.settled else "",
        )
        for it in now.answers
    ]
    told = (
        f"Dari {whole(now.answered.settled)} jawaban bot yang sudah lewat 72 jam, "
        f"{share_said(now.answered.share)} selesai tanpa orangnya kembali."
        if now.answered.settled
        else "Belum ada jawaban bot yang sudah lewat 72 jam."
        if now.answered.answers
        else NOTHING
    )
    notes = [
        "Kembali: dalam 72 jam percakapan yang sama, atau peserta yang sama di kanal mana pun, menulis keluhan "
        "sejenis, minta bicara petugas, atau mengeluhkan layanan. Jawaban yang belum 72 jam belum dapat diketahui."
    ]
    return figure("jawaban", "Jawaban bot tanpa kembali", told, items, table, seen, notes)


def _load(seen: Seen) -> Figure:
    def rows(it: Load, what: str) -> str:
        return rows_of("tindakan", seen.within, petugas=str(it.staff_id), tim=str(it.team_id), apa=what)

    def line(it: Load) -> list[Cell]:
        done = [number(getattr(it, what), rows(it, what) if getattr(it, what) else None) for what in ACTS]
        return [Cell(it.name), Cell(it.team), *done, number(it.open_now)]

    sums = [number(sum(getattr(it, what) for it in seen.loads)) for what in (*ACTS, "open_now")]
    headings = ["Petugas", "Tim", "Diambil", "Balasan", "Diselesaikan", "Dipegang sekarang"]
    lines, foot = [line(it) for it in seen.loads], [Cell("Jumlah"), Cell(""), *sums]
    # somebody in two teams has a line in each
    codes = [f"{it.staff_id}/{it.team_id}" for it in seen.loads]
    table = Table(headings, lines, foot, codes, words=frozenset({0, 1}))
    items = [
        Item(
            f"{it.name} · {it.team}",
            it.resolved,
            f"{it.name} di {it.team}: {whole(it.resolved)} kasus diselesaikan",
            rows(it, "resolved") if it.resolved else None,
            note=f"{whole(it.replied)} balasan",
            delta="selesai",
        )
        for it in seen.loads
    ]
    done = sum(it.resolved for it in seen.loads)
    told = f"{whole(done)} kasus diselesaikan oleh {len([it for it in seen.loads if it.resolved])} petugas."
    notes = ["Saringan keluhan, platform, dan lainnya tidak berlaku di sini: pekerjaan dihitung per petugas dan tim."]
    return figure("beban", "Beban petugas", told, items, table, seen, notes)


def _impact(seen: Seen) -> Figure:
    def line(it: Impact) -> list[Cell]:
        return [
            Cell(it.title, f"/insiden/{it.id}"),
            Cell(words.since(it.started_at, it.ended_at, seen.at)),
            number(it.people),
            number(it.messages),
            number(it.cases),
            share(it.share),
        ]

    headings = ["Gangguan", "Berlangsung", "Orang", "Keluhan mereka", "Kasus", "Bagian dari semua keluhan saat itu"]
    codes = [it.id for it in seen.impacts]
    table = Table(headings, [line(it) for it in seen.impacts], codes=codes, words=frozenset({0, 1}))
    items = [
        Item(
            it.title,
            it.people,
            f"{it.title}: {whole(it.people)} orang",
            f"/insiden/{it.id}",
            note=f"{share_said(it.share)} keluhan" if it.share is not None else "",
            delta="orang",
        )
        for it in seen.impacts
    ]
    top = max(seen.impacts, key=lambda it: it.people, default=None)
    told = f"Terbesar: {top.title}, {whole(top.people)} orang." if top else "Tidak ada gangguan pada rentang ini."
    notes = ["Dihitung selama gangguan berlangsung, juga di luar rentang ini; saringan tidak berlaku di sini."]
    if any(it.messages is None for it in seen.impacts):
        notes.append(f"Keluhan dan bagiannya dihitung untuk {MEASURED} gangguan terbesar; yang lain tidak diketahui.")
    return figure("dampak", "Dampak gangguan", told, items, table, seen, notes)


FIGURES: dict[str, Callable[[Seen], Figure]] = {
    "jawaban": _answers,
    "pertama": times("pertama", "Jawaban pertama petugas", "answered", "waiting", "answer", "dijawab petugas"),
    "selesai": times("selesai", "Sampai kasus selesai", "resolved", "open", "resolve", "selesai"),
    "janji": promises,
    "nilai": ratings,
    "beban": _load,
    "dampak": _impact,
}
"""By the name that stands in an address."""
