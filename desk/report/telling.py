"""The week in a few sentences, told from its figures; what cannot be said is not said."""

from desk.pictures.numbers import per_cent, whole
from desk.report import complaints
from desk.report.hidden import LEFT_OUT, Few
from desk.wording import lasting
from trends.helping.quantiles import Times
from trends.weekly.figures import Figures, Part
from trends.weekly.outages import Outage

SURE = {
    "clear": "perubahan yang jelas",
    "maybe": "mungkin memang berubah",
    "no": "dalam gerak biasa, bukan perubahan yang jelas",
}

HOUR, TWO_DAYS = 60, 48


def headline(figures: Figures, few: Few) -> list[str]:
    """Return the sentences that stand above all."""
    if not figures.complaints:
        return ["Tidak ada keluhan pada minggu ini."]
    said = [_volume(figures, few), _movers(figures, few), _largest(figures, few), _outages(figures, few)]
    return [sentence for sentence in said if sentence]


def against(figures: Figures, few: Few) -> str:
    """Return how many there were the week before, in a few words: naik 38 % dari 3.124."""
    change = figures.change
    if change is None or few.hides(change.before):
        return "minggu sebelumnya tidak diketahui" if change is None else "minggu sebelumnya sedikit"
    if not change.before:
        return "minggu sebelumnya tidak ada"
    if not complaints.told(figures, few, before=True):
        return f"minggu sebelumnya {LEFT_OUT}"
    if not complaints.told(figures, few):
        return f"minggu sebelumnya {whole(change.before)}"
    if change.share is None or not round(change.share * 100):
        return f"sama dengan {whole(change.before)} minggu sebelumnya"
    way = "naik" if change.up else "turun"
    return f"{way} {per_cent(abs(change.share))} dari {whole(change.before)}"


def minutes(times: Times, few: Few) -> tuple[str, str]:
    """Return the median and the p90 of times in minutes."""
    if times.median is None or times.p90 is None or few.hides(times.number):
        return "–", "–"
    return brief(times.median), brief(times.p90)


def seconds(times: Times, few: Few) -> tuple[str, str]:
    """Return the median and the p90 of times in seconds."""
    if times.median is None or times.p90 is None or few.hides(times.number):
        return "–", "–"
    return _seconds(times.median), _seconds(times.p90)


def brief(minutes: float) -> str:
    """Return a time where there is little room: 42 mnt, 3,1 jam, 2,0 hari."""
    if minutes < HOUR:
        return f"{minutes:.0f} mnt"
    hours = minutes / HOUR
    return f"{hours:.1f} jam".replace(".", ",") if hours < TWO_DAYS else f"{hours / 24:.1f} hari".replace(".", ",")


def _seconds(seconds: float) -> str:
    return f"{seconds:.0f} dtk" if seconds < 2 * HOUR else brief(seconds / 60)


def _volume(figures: Figures, few: Few) -> str:
    if complaints.total(figures, few) == LEFT_OUT:
        return f"Jumlah keluhan minggu ini {LEFT_OUT}."
    said = f"Peserta menulis {few(figures.complaints)} keluhan"
    change = figures.change
    if change is None or not change.before or not complaints.told(figures, few, before=True):
        return f"{said}."
    if few.hides(change.before) or few.hides(figures.complaints):
        return f"{said}."
    return f"{said}, {against(figures, few)} pada minggu sebelumnya: {SURE[change.sure]}."


def _movers(figures: Figures, few: Few) -> str:
    open_ones = complaints.named(figures, few)
    up, down = (_named(parts, open_ones) for parts in (figures.rising, figures.falling))
    if up and down:
        return f"Paling naik {up}; paling turun {down}."
    return f"Paling naik {up}." if up else f"Paling turun {down}." if down else ""


def _named(parts: list[Part], open_ones: set[str]) -> str:
    for part in parts:
        change = part.change
        if change and part.key in open_ones:
            return f"“{part.label}” (dari {whole(change.before)} menjadi {whole(change.now)})"
    return ""


def _largest(figures: Figures, few: Few) -> str:
    parts = figures.parts["intent"]
    shown = complaints.shown(figures, few, complaints.counts(parts))
    part = next((part for part in parts if part.key in shown), None)
    if part is None or any(part.key == moved.key for moved in figures.rising[:1]):
        return ""
    return f"Terbanyak “{part.label}”: {per_cent(part.now / figures.complaints)} dari semua keluhan."


def _outages(figures: Figures, few: Few) -> str:
    if not figures.outages:
        return "Tidak ada gangguan tercatat."
    many = len(figures.outages)
    widest = max(figures.outages, key=lambda it: it.impact.people)
    begun = f"{many} gangguan tercatat; yang terluas" if many > 1 else "Satu gangguan tercatat,"
    return f"{begun} “{widest.impact.title}” menyentuh {few(widest.impact.people)} orang{_ended(widest)}."


def _ended(outage: Outage) -> str:
    if outage.resolved_in is None:
        return " dan belum selesai"
    return f" dan selesai setelah {lasting(outage.resolved_in)}"
