"""The big numbers at the head of the page: each with its change, how it came to be, and the rows it opens."""

from dataclasses import dataclass

from markupsafe import Markup

from desk.pages.trends.asked import rows_at
from desk.pages.trends.seen import Seen
from desk.pages.trends.words import UNKNOWN, arrow, surely, tone
from desk.pictures.numbers import per_cent, signed_per_cent, whole
from desk.pictures.sparkline import sparkline
from trends.behind import CHATS, COMPLAINTS
from trends.total import HANDED_OVER

WORDS = {
    COMPLAINTS: "keluhan",
    CHATS: "percakapan yang menulisnya",
    HANDED_OVER: "diserahkan bot ke petugas",
    "dialogue": "sapaan, terima kasih, jawaban",
    "off_topic": "di luar topik",
    "not_understood": "belum dipahami bot",
    "not_read": "untuk petugas atau tidak terbaca",
}


@dataclass(frozen=True)
class Tile:
    """One big number."""

    of: str
    number: str
    """As it stands there, large."""
    words: str
    count: int | None
    """How many rows it opens; none where that is not known."""
    href: str | None
    change: str
    tone: str
    line: Markup
    left_out: bool
    """It counts messages that are no complaints."""


def tiles(seen: Seen) -> list[Tile]:
    """Return all of them, in order; of one kind of complaint nothing is left out."""
    left_out = [] if seen.within.intent else _left_out(seen)
    return [_complaints(seen), _chats(seen), _handed_over(seen), *left_out]


def _complaints(seen: Seen) -> Tile:
    return _tile(seen, COMPLAINTS, seen.total.messages, "complaint")


def _chats(seen: Seen) -> Tile:
    count, before = seen.total.conversations, seen.chats_before
    said = whole(count) if count is not None else UNKNOWN
    words = WORDS[CHATS] if count is not None else f"{WORDS[CHATS]}: rentangnya terlalu besar untuk dihitung satu-satu"
    change = f"sebelumnya {whole(before)}" if before is not None and count is not None else ""
    href = _rows(seen, CHATS) if count else None
    line = _line(seen, CHATS, "percakapan dengan keluhan") if count is not None else Markup("")
    return Tile(CHATS, said, words, count, href, change, "", line, left_out=False)


def _handed_over(seen: Seen) -> Tile:
    count, total = seen.handed_over, seen.total.messages
    number = per_cent(count / total) if total else UNKNOWN
    words = f"{WORDS[HANDED_OVER]}: {whole(count)} keluhan" if total else f"{WORDS[HANDED_OVER]}: tidak ada keluhan"
    tile = _tile(seen, HANDED_OVER, count, HANDED_OVER)
    change = ""
    if HANDED_OVER in seen.tiles and seen.before:
        moved = seen.tiles[HANDED_OVER]
        change = f"{_sure(seen, HANDED_OVER)}, sebelumnya {per_cent(moved.before / seen.before.complaints)}"
    return Tile(HANDED_OVER, number, words, count, tile.href, change, tile.tone, tile.line, left_out=False)


def _left_out(seen: Seen) -> list[Tile]:
    rest = seen.rest
    counts = {
        "dialogue": rest.dialogue,
        "off_topic": rest.off_topic,
        "not_understood": rest.not_understood,
        "not_read": rest.not_read,
    }
    return [_tile(seen, kind, count, kind) for kind, count in counts.items()]


def _tile(seen: Seen, of: str, count: int, series: str) -> Tile:
    changed = seen.tiles.get(of)
    change = f"{_sure(seen, of)}, sebelumnya {whole(changed.before)}" if changed else ""
    line = _line(seen, series, WORDS[of])
    href = _rows(seen, of) if count else None
    colour = tone(changed) if changed else ""
    return Tile(
        of, whole(count), WORDS[of], count, href, change, colour, line, left_out=of not in (COMPLAINTS, HANDED_OVER)
    )


def _line(seen: Seen, series: str, words: str) -> Markup:
    values = list(seen.series.get(series, ()))
    if len(values) < 2:
        return Markup("")
    return sparkline(f"{words} per hari, dari {values[0]} ke {values[-1]}", values)


def _sure(seen: Seen, of: str) -> str:
    change = seen.tiles[of]
    share = f" {signed_per_cent(change.share)}" if change.share is not None and change.sure != "no" else ""
    return f"{arrow(change)} {surely(change)}{share}".strip()


def _rows(seen: Seen, of: str) -> str:
    return rows_at(seen.within, hitung=None if of == COMPLAINTS else of)
