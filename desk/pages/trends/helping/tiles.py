"""The big numbers at the head of the service page, each with the range before and the rows it opens."""

from dataclasses import dataclass

from desk.pages.trends.helping.seen import Part, Seen
from desk.pages.trends.helping.words import (
    mean_said,
    minutes_said,
    rows_of,
    seconds_said,
    share_said,
    worked_said,
)
from desk.pictures.numbers import per_cent, whole
from trends.helping.answers import Answers
from trends.helping.cases import Cases
from trends.helping.quantiles import Times

TIMED = {"answer": ("answered", "jawaban pertama petugas"), "resolve": ("resolved", "sampai kasus selesai")}
"""Which cases have such a time, and what it is called."""


@dataclass(frozen=True)
class Tile:
    """One big number."""

    number: str
    words: str
    before: str
    href: str | None
    count: int
    """How many rows it opens."""


def tiles(seen: Seen) -> list[Tile]:
    """Return all of them; none where a filter does not let them be known."""
    if seen.now is None:
        return []
    now, before = seen.now, seen.before
    return [
        _good(seen, now, before),
        _bot(seen, now, before),
        _first(seen, now, before),
        _resolved(seen, now, before),
        _kept(seen, now, before),
        _rated(seen, now, before),
    ]


def _good(seen: Seen, now: Part, before: Part | None) -> Tile:
    it = now.answered
    words = f"jawaban bot selesai tanpa kembali dalam 72 jam: {whole(it.good)} dari {whole(it.settled)}"
    if it.unknown:
        words += f"; {whole(it.unknown)} belum dapat diketahui"
    earlier = _before(share_said(before.answered.share) if before else None)
    return Tile(share_said(it.share), words, earlier, _answers(seen, "good", it), it.good)


def _bot(seen: Seen, now: Part, before: Part | None) -> Tile:
    if now.bot is None:
        return Tile("tidak diketahui", "jawaban pertama bot: tidak dihitung menurut platform", "", None, 0)
    words = f"jawaban pertama bot, median; 9 dari 10 dalam {seconds_said(now.bot.p90)}"
    earlier = _before(seconds_said(before.bot.median) if before and before.bot else None)
    return Tile(seconds_said(now.bot.median), words, earlier, _answers(seen, "", now.answered), now.answered.answers)


def _first(seen: Seen, now: Part, before: Part | None) -> Tile:
    return _timed(seen, now, before, "answer", _open(now.whole.waiting, "masih menunggu, tidak ikut dihitung"))


def _resolved(seen: Seen, now: Part, before: Part | None) -> Tile:
    return _timed(seen, now, before, "resolve", _open(now.whole.open, "masih terbuka, tidak ikut dihitung"))


def _timed(seen: Seen, now: Part, before: Part | None, what: str, left: str) -> Tile:
    it, worked = now.time(f"{what}_minutes"), now.time(f"{what}_worked")
    which, said = TIMED[what]
    words = f"{said}, median; 9 dari 10 dalam {minutes_said(it.p90)} ({_worked(worked)}){left}"
    earlier = _before(minutes_said(before.time(f"{what}_minutes").median) if before else None)
    return Tile(minutes_said(it.median), words, earlier, _cases(seen, which, it.number), it.number)


def _kept(seen: Seen, now: Part, before: Part | None) -> Tile:
    it = now.whole
    words = f"janji ditepati: {whole(it.kept)} dari {whole(it.kept + it.broken)} yang sudah pasti"
    words += _open(it.running, "masih berjalan")
    earlier = _before(share_said(before.whole.kept_share) if before else None)
    return Tile(share_said(it.kept_share), words, earlier, _cases(seen, "kept", it.kept), it.kept)


def _rated(seen: Seen, now: Part, before: Part | None) -> Tile:
    it = now.whole
    words = f"nilai rata-rata dari {whole(it.rated)} penilaian"
    words += f"; {_share_rated(it)} dari {whole(it.asked)} yang ditanya menjawab" if it.asked else ""
    earlier = _before(f"{mean_said(before.whole.mean)} dari {whole(before.whole.rated)}" if before else None)
    return Tile(mean_said(it.mean), words, earlier, _cases(seen, "rated", it.rated), it.rated)


def _share_rated(it: Cases) -> str:
    return per_cent(it.rated_share) if it.rated_share is not None else "0 %"


def _worked(times: Times) -> str:
    return f"{worked_said(times.median)} dan {worked_said(times.p90)} waktu kerja"


def _open(number: int, said: str) -> str:
    return f"; {whole(number)} {said}" if number else ""


def _before(said: str | None) -> str:
    return f"sebelumnya {said}" if said else ""


def _answers(seen: Seen, fate: str, it: Answers) -> str | None:
    return rows_of("jawaban", seen.within, nasib=fate or None) if it.answers else None


def _cases(seen: Seen, which: str, number: int) -> str | None:
    return rows_of("kasus", seen.within, yang=which) if number else None
