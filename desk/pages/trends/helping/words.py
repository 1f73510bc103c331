"""Words of the service pages: times, shares, and what each way of parting the cases is called."""

from datetime import datetime

from desk.pages.trends.asked import address
from desk.pictures.numbers import per_cent, whole
from desk.wording import moment
from trends.within import Within

PLACE = "/tren/layanan"
HOUR, DAY = 60, 24 * 60
BY = {"tim": "team", "prioritas": "priority", "jenis": "intent", "platform": "platform", "kanal": "channel"}
BY_SAID = {"tim": "Tim", "prioritas": "Prioritas", "jenis": "Jenis keluhan", "platform": "Platform", "kanal": "Kanal"}
UNTOLD = {
    "institution": "lembaga",
    "partner": "mitra pembayaran",
    "wave": "gelombang",
    "province": "provinsi",
    "intent": "jenis keluhan",
}
DASH = "–"


def minutes_said(minutes: int | None) -> str:
    """Return a time in words: 12 mnt, 5 jam 12 mnt, 2 hari 3 jam."""
    if minutes is None:
        return DASH
    if minutes < HOUR:
        return f"{minutes} mnt"
    if minutes < 2 * DAY:
        return _two(minutes, HOUR, "jam", 1, "mnt")
    return _two(minutes, DAY, "hari", HOUR, "jam")


def worked_said(minutes: int | None) -> str:
    """Return working time in words: a working day has no fixed length, so it is told in hours."""
    if minutes is None:
        return DASH
    return f"{minutes} mnt" if minutes < HOUR else _two(minutes, HOUR, "jam", 1, "mnt")


def seconds_said(seconds: int | None) -> str:
    """Return a short time in words: 3 dtk, 4 mnt 10 dtk."""
    if seconds is None:
        return DASH
    if seconds < HOUR:
        return f"{seconds} dtk"
    return _two(seconds, 60, "mnt", 1, "dtk") if seconds < 3600 else minutes_said(seconds // 60)


def share_said(share: float | None) -> str:
    """Return a share in words; a dash where there is nothing to share."""
    return DASH if share is None else per_cent(share)


def mean_said(mean: float | None) -> str:
    """Return a mean rating: 4,2."""
    return DASH if mean is None else f"{mean:.1f}".replace(".", ",")


def untold_said(untold: list[str]) -> str:
    """Say that a figure cannot be known with these filters."""
    named = " dan ".join(UNTOLD.get(by, by) for by in untold)
    return f"tidak diketahui: angka ini tidak dihitung menurut {named}. Lepas saringannya untuk melihatnya."


def rows_of(what: str, within: Within, **more: str | int | None) -> str:
    """Return the address of the rows behind a figure."""
    return f"{PLACE}/{what}" + address(within, **more)


def _two(number: int, large: int, large_said: str, small: int, small_said: str) -> str:
    rest = number % large // small
    said = f"{whole(number // large)} {large_said}"
    return f"{said} {rest} {small_said}" if rest else said


def since(began: datetime, ended: datetime | None, now: datetime) -> str:
    """Return from when to when something lasted."""
    return f"{moment(began, now)} – {moment(ended, now) if ended else 'sekarang'}"
