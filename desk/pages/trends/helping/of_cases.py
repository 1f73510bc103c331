"""The figures of cases, parted as the page is asked to: times, promises and ratings."""

from collections.abc import Callable, Sequence

from desk.pages.trends.helping.one_figure import NOTHING, figure, part, share
from desk.pages.trends.helping.seen import Seen
from desk.pages.trends.helping.words import BY_SAID, mean_said, minutes_said, rows_of, share_said, worked_said
from desk.pictures.figure import Cell, Figure, Table, number
from desk.pictures.item import Item
from desk.pictures.numbers import per_cent, whole
from trends.helping.cases import SCORES, Cases

OPEN_APART = (
    "Kasus yang masih terbuka tidak ikut dalam median dan p90, karena lamanya belum diketahui; jumlahnya di tabel."
)


def times(name: str, title: str, done: str, left: str, measure: str, verb: str) -> Callable[[Seen], Figure]:
    """Return the figure of first answers or of resolutions: both are told alike."""
    clock, worked = f"{measure}_minutes", f"{measure}_worked"

    def made(seen: Seen) -> Figure:
        now = part(seen)

        def line(it: Cases) -> list[Cell]:
            key = "" if it.key == "all" else it.key
            here, work = now.time(clock, key), now.time(worked, key)
            cells = [
                _name(seen, it),
                _count(seen, it, "all", "cases"),
                _count(seen, it, done),
                Cell(minutes_said(here.median), value=here.median),
                Cell(minutes_said(here.p90), value=here.p90),
                Cell(worked_said(work.median), value=work.median),
                Cell(worked_said(work.p90), value=work.p90),
                _count(seen, it, left),
                _count(seen, it, "unanswerable" if done == "answered" else "ended"),
                *([_count(seen, it, "reopened")] if done == "resolved" else []),
            ]
            if seen.before:
                then = seen.before.time(clock, key)
                cells += [
                    Cell(minutes_said(then.median), value=then.median),
                    Cell(minutes_said(then.p90), value=then.p90),
                ]
            return cells

        headings = [
            "Kasus",
            "Dijawab" if done == "answered" else "Selesai",
            "Median",
            "p90",
            "Median kerja",
            "p90 kerja",
        ]
        headings += ["Menunggu" if done == "answered" else "Terbuka", "Digabung/dihapus"]
        headings += ["Dibuka lagi"] if done == "resolved" else []
        table = _table(seen, headings, line, "Median sebelumnya", "p90 sebelumnya")
        items = [
            Item(
                seen.name(it.key),
                work.p90 or 0,
                f"{seen.name(it.key)}: 9 dari 10 dalam {worked_said(work.p90)} waktu kerja",
                _rows(seen, it, done),
                note=worked_said(work.p90),
                delta="mnt",
            )
            for it in now.cases
            if (work := now.time(worked, it.key)).number
        ]
        whole_time = now.time(clock)
        told = (
            f"Separuh kasus {verb} dalam {minutes_said(whole_time.median)}, 9 dari 10 dalam "
            f"{minutes_said(whole_time.p90)}."
            if whole_time.number
            else NOTHING
        )
        return figure(name, title, told, items, table, seen, [OPEN_APART, "Batang: p90 dalam menit waktu kerja."])

    return made


def promises(seen: Seen) -> Figure:
    """Return the figure of promises."""
    now = part(seen)

    def line(it: Cases) -> list[Cell]:
        then = _then(seen, it)
        return [
            _name(seen, it),
            number(it.promises),
            _count(seen, it, "kept"),
            _count(seen, it, "missed"),
            _count(seen, it, "overdue"),
            _count(seen, it, "running"),
            number(it.void),
            share(it.kept_share),
            *([share(then.kept_share)] if then else []),
        ]

    headings = ["Janji", "Ditepati", "Dijawab terlambat", "Lewat, belum dijawab", "Masih berjalan", "Gugur"]
    table = _table(seen, [*headings, "Bagian ditepati"], line, "Sebelumnya")
    items = [
        Item(
            seen.name(it.key),
            it.broken,
            f"{seen.name(it.key)}: {whole(it.broken)} janji tidak ditepati, {share_said(it.kept_share)} ditepati",
            None,
            note=f"{share_said(it.kept_share)} ditepati",
            delta=f"dari {whole(it.kept + it.broken)}",
        )
        for it in now.cases
        if it.kept + it.broken
    ]
    it = now.whole
    told = (
        f"{share_said(it.kept_share)} janji ditepati; {whole(it.broken)} tidak."
        if it.kept_share is not None
        else "Belum ada janji yang sudah pasti ditepati atau tidak."
    )
    notes = [
        "Batang: janji yang tidak ditepati.",
        "Satu kasus satu janji; tiap kali dibuka lagi ada janji baru, jadi barisnya bisa lebih sedikit dari janjinya. "
        "Gugur: kasusnya digabung atau dihapus.",
    ]
    return figure("janji", "Janji jawaban", told, items, table, seen, notes)


def ratings(seen: Seen) -> Figure:
    """Return the figure of ratings."""
    now = part(seen)

    def line(it: Cases) -> list[Cell]:
        then = _then(seen, it)
        scores = [_count(seen, it, f"rated_{score}") for score in reversed(SCORES)]
        return [
            _name(seen, it),
            number(it.asked),
            _count(seen, it, "rated"),
            share(it.rated_share),
            Cell(mean_said(it.mean), value=it.mean and round(it.mean, 2)),
            *scores,
            *([Cell(mean_said(then.mean), value=then.mean and round(then.mean, 2))] if then else []),
        ]

    headings = ["Ditanya", "Menjawab", "Bagian menjawab", "Rata-rata", "5", "4", "3", "2", "1"]
    table = _table(seen, headings, line, "Rata-rata sebelumnya")
    it = now.whole
    items = [
        Item(
            f"Nilai {score}",
            count,
            f"Nilai {score}: {whole(count)} penilaian",
            _rows(seen, it, f"rated_{score}") if count else None,
            delta=f"({per_cent(count / it.rated)})" if it.rated else "",
        )
        for score, count in sorted(it.scores.items(), reverse=True)
    ]
    told = (
        f"Rata-rata {mean_said(it.mean)} dari {whole(it.rated)} penilaian; {share_said(it.rated_share)} dari yang "
        "ditanya menjawab."
        if it.rated
        else "Belum ada penilaian."
    )
    notes = [
        "Ditanya: pesan penutup dengan pertanyaan penilaian dikirim. Rata-rata tidak berarti banyak tanpa jumlahnya."
    ]
    return figure("nilai", "Penilaian peserta", told, items, table, seen, notes)


def _rows(seen: Seen, it: Cases, which: str) -> str:
    narrow = {} if it.key == "all" else {"menurut": seen.by, "kunci": it.key}
    return rows_of("kasus", seen.within, yang=which, **narrow)


def _count(seen: Seen, it: Cases, which: str, attribute: str = "") -> Cell:
    value = getattr(it, attribute or which)
    return number(value, _rows(seen, it, which) if value else None)


def _name(seen: Seen, it: Cases) -> Cell:
    return Cell("Jumlah" if it.key == "all" else seen.name(it.key))


def _then(seen: Seen, it: Cases) -> Cases | None:
    if seen.before is None:
        return None
    return seen.before.whole if it.key == "all" else seen.before.of(it.key)


def _table(seen: Seen, headings: Sequence[str], line: Callable[[Cases], list[Cell]], *then: str) -> Table:
    now = part(seen)
    more = list(then) if seen.before else []
    codes = [it.key for it in now.cases]
    return Table([BY_SAID[seen.by], *headings, *more], [line(it) for it in now.cases], line(now.whole), codes=codes)
