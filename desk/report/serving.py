"""How people were served, as the page says it: six big numbers and a table beside the week before."""

from desk.pictures.numbers import per_cent, whole
from desk.report import complaints, telling
from desk.report.hidden import Few
from desk.report.sheet import Line, Table, Tile
from trends.helping.cases import Cases
from trends.weekly.figures import Figures
from trends.weekly.served import Served, Service

NONE = "–"


def tiles(figures: Figures, few: Few) -> list[Tile]:
    """Return the big numbers."""
    now, before = figures.service.now, figures.service.before
    change = figures.change
    sure = "" if change is None or change.sure == "no" else "up" if change.up else "down"
    chats = figures.conversations
    return [
        Tile("keluhan", complaints.total(figures, few), telling.against(figures, few), sure),
        Tile(
            "dijawab tuntas oleh bot",
            _share(now.answers.good, now.answers.settled, few),
            f"tidak kembali dalam 72 jam; sebelumnya {_share(before.answers.good, before.answers.settled, few)}",
        ),
        Tile(
            "diserahkan ke petugas",
            few.beside(figures.handed_over, figures.complaints - figures.handed_over),
            "dari keluhan minggu ini" if chats is None else f"keluhan dari {few(chats)} percakapan",
        ),
        Tile(
            "jawaban petugas pertama",
            telling.minutes(now.first_answer, few)[0],
            f"median; 90 % dalam {telling.minutes(now.first_answer, few)[1]}",
        ),
        Tile("janji ditepati", _kept(now.cases, few), f"sebelumnya {_kept(before.cases, few)}"),
        Tile("penilaian peserta", _rating(now.cases, few), _raters(now.cases, few)),
    ]


def table(service: Service, few: Few) -> Table:
    """Return the figures of the service."""
    now, before = _column(service.now, few), _column(service.before, few)
    lines = [Line(name, [value, before[name]]) for name, value in now.items()]
    note = "Waktu jalan, bukan jam kerja; kasus dihitung pada hari dibukanya."
    return Table("Layanan", ["Minggu ini", "Sebelumnya"], lines, "Tidak ada kasus.", note)


def _column(served: Served, few: Few) -> dict[str, str]:
    it, answers = served.cases, served.answers
    bot, first, closed = (
        telling.seconds(served.bot, few),
        telling.minutes(served.first_answer, few),
        telling.minutes(served.resolution, few),
    )
    return {
        "Jawaban bot": few(answers.answers),
        "Dijawab tuntas (72 jam)": _share(answers.good, answers.settled, few),
        "Jawaban bot, median / p90": f"{bot[0]} / {bot[1]}",
        "Kasus dibuka": few(it.cases),
        "Jawaban petugas, median / p90": f"{first[0]} / {first[1]}",
        "Selesai, median / p90": f"{closed[0]} / {closed[1]}",
        "Belum selesai": few.beside(it.open, it.cases - it.open),
        "Janji ditepati": _kept(it, few),
        "Penilaian": f"{_rating(it, few)} ({_raters(it, few)})",
    }


def _share(part: int, of: int, few: Few) -> str:
    return NONE if not of or few.hides_share(part, of) else per_cent(part / of)


def _kept(it: Cases, few: Few) -> str:
    return _share(it.kept, it.kept + it.broken, few)


def _rating(it: Cases, few: Few) -> str:
    return NONE if it.mean is None or few.hides(it.rated) else f"{it.mean:.1f}".replace(".", ",")


def _raters(it: Cases, few: Few) -> str:
    if not it.rated:
        return "belum ada yang menilai"
    return f"dari 5, {whole(it.rated)} penilai" if not few.hides(it.rated) else f"{few(it.rated)} penilai"
