"""How the queue says times and tells what became of a case that is no longer where one looks."""

from datetime import datetime, timedelta

from desk.queue.lines import Line
from desk.wording import moment

NOW = "baru saja"


def briefly(span: timedelta) -> str:
    """Return a length of time as people say it: baru saja, 5 menit, 2 jam, 3 hari, 2 minggu."""
    minutes = max(0, int(span.total_seconds() // 60))
    if minutes < 1:
        return NOW
    if minutes < 60:
        return f"{minutes} menit"
    if minutes < 48 * 60:
        return f"{minutes // 60} jam"
    days = minutes // 1440
    return f"{days} hari" if days < 14 else f"{days // 7} minggu"


def waiting(line: Line, now: datetime) -> str:
    """Say how long the participant has been waiting, or whose turn it is."""
    if line.waiting_since is None:
        return "Giliran peserta"
    span = briefly(now - line.waiting_since)
    return "Baru menulis" if span == NOW else f"Menunggu {span}"


def gone(line: Line | None, now: datetime) -> str:
    """Say where a case went that does not stand in this tab any more."""
    if line is None:
        return "pindah ke tim lain"
    if line.status == "resolved":
        return "selesai" if line.holder is None else f"diselesaikan {line.holder}"
    if line.snoozed_until and line.snoozed_until > now:
        return f"ditunda sampai {moment(line.snoozed_until, now)}"
    if line.status == "claimed":
        return f"dipegang {line.holder or 'petugas lain'}"
    return "tidak lagi cocok dengan tab dan saringan ini"


def counted(number: int, most: int) -> str:
    """Return a number as people read it; one that was not counted to its end says so."""
    return f"{most:,}+".replace(",", ".") if number > most else f"{number:,}".replace(",", ".")
