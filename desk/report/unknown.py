"""What the page cannot say, said: nobody shall take a gap for a nought."""

from desk.pictures.numbers import per_cent
from desk.report import complaints
from desk.report.hidden import Few
from trends.weekly.figures import Figures
from trends.within import NONE

MUCH = 0.02


def unknown(figures: Figures, few: Few) -> list[str]:
    """Return what is not known, each in one sentence."""
    said = []
    if not figures.over:
        said.append("Minggu ini belum selesai; angkanya masih bertambah.")
    if figures.counted_at is None or (figures.over and figures.counted_at < figures.week.over_at):
        said.append("Pesan terakhir minggu ini mungkin belum terhitung.")
    if figures.change is None:
        said.append("Minggu sebelumnya tidak tercatat utuh, jadi tidak dibandingkan.")
    said += [sentence for by, what in _NAMED.items() if (sentence := _unnamed(figures, few, by, what))]
    if figures.left_out.not_understood:
        said.append(f"{few(figures.left_out.not_understood)} pesan belum dipahami bot, maksudnya tidak diketahui.")
    answers = figures.service.now.answers
    if answers.unknown:
        not_over = few.beside(answers.unknown, answers.settled)
        said.append(f"{not_over} jawaban bot belum lewat 72 jam: tuntas tidaknya belum diketahui.")
    if figures.service.now.cases.running:
        said.append(f"{few(figures.service.now.cases.running)} janji belum jatuh tempo.")
    return said


_NAMED = {"platform": "tidak menyebut platform", "province": "tidak diketahui provinsinya"}


def _unnamed(figures: Figures, few: Few, by: str, what: str) -> str:
    parts = figures.parts[by]
    none = sum(part.now for part in parts if part.key == NONE)
    if not figures.complaints or none < MUCH * figures.complaints:
        return ""
    if NONE not in complaints.shown(figures, few, complaints.counts(parts)):
        return ""
    return f"{per_cent(none / figures.complaints)} keluhan {what}."
