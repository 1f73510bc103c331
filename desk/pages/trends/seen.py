"""Everything the overview shows, read once: this range, the one before, what happened, and how surely it differs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from desk.pages.trends.words import day_said
from records.clock import wib
from records.database import ReadSession
from trends.annotations import Mark, annotations
from trends.bars import Bar, counted
from trends.behind import CHATS
from trends.compare import Change, Pair, compared, judged
from trends.counting import as_of, known_since
from trends.exposure import exposure_of, passed_of, reach
from trends.heat import Cell, heat
from trends.names import Names
from trends.series import by_day
from trends.sums import Sums, sums
from trends.surely import spread_of
from trends.total import HANDED_OVER, LeftOut, all_complaints, left_out
from trends.within import DIMENSIONS, Within

PARTS = tuple(by for by in DIMENSIONS if by != "day")
REACH_DAYS = 35
TILES = ("complaints", HANDED_OVER, "dialogue", "off_topic", "not_understood", "not_read")


@dataclass(frozen=True)
class Seen:
    """One look at a range."""

    within: Within
    today: date
    names: Names
    total: Bar
    rest: LeftOut
    found: Sums
    before: Sums | None
    """None where the records do not reach back over the whole range before."""
    unknown: str | None
    """Why nothing can be said of the range before."""
    chats_before: int | None
    exposure: float
    spread: float
    bars: Mapping[str, Sequence[Bar]]
    changes: Mapping[str, Mapping[str, Change]]
    """By dimension and key; empty where nothing can be said."""
    apart: Mapping[str, Mapping[str, Change]]
    """The same, held against how the whole changed: what rose or fell more than everything together."""
    tiles: Mapping[str, Change]
    days: Mapping[date, int]
    """Complaints by day, further back than the range."""
    series: Mapping[str, Sequence[int]]
    cells: Sequence[Cell]
    marks: Sequence[Mark]
    as_of: datetime | None

    @property
    def unfinished(self) -> bool:
        """Say whether part of the range is still to come."""
        return self.within.last >= self.today

    def own(self, by: str, key: str) -> bool:
        """Say whether a value moves of itself, and not only because everything does."""
        change, apart = self.changes[by][key], self.apart[by][key]
        return change.sure != "no" and apart.sure != "no" and change.up is apart.up

    @property
    def handed_over(self) -> int:
        """How many complaints the bot handed over."""
        return self.found.keys("outcome").get(HANDED_OVER, 0)


async def look(session: ReadSession, within: Within, now: datetime, names: Names) -> Seen:
    """Read it all."""
    found, since = await sums(session, within), await known_since(session)
    unknown = _unknown(within, since)
    before = None if unknown else await sums(session, within.before())
    days = await _days(session, within, found, before)
    known = {day: count for day, count in days.items() if since and day >= since}
    usual = await heat(session, within.before()) if before and wib(now).date() in within.days else []
    history = {day: count for day, count in known.items() if day < within.first}
    exposure = exposure_of(within, now, passed_of(now, usual), history)
    spread = spread_of([count for day, count in sorted(known.items()) if day < wib(now).date()])
    bars = {by: await counted(session, within, by) for by in PARTS}
    chats_before = (await all_complaints(session, within.before())).conversations if before else None
    return Seen(
        within=within,
        today=wib(now).date(),
        names=names,
        total=await all_complaints(session, within),
        rest=await left_out(session, within),
        found=found,
        before=before,
        unknown=unknown,
        chats_before=chats_before,
        exposure=exposure,
        spread=spread,
        bars=bars,
        changes={by: _changes(by, found, before, exposure, spread) for by in PARTS} if before else {},
        apart={by: _apart(by, found, before) for by in PARTS} if before else {},
        tiles=_tiles(found, before, exposure, spread) if before else {},
        days=days,
        series=await by_day(session, within, HANDED_OVER) | await _chats(session, within),
        cells=await heat(session, within),
        marks=await annotations(session, within),
        as_of=await as_of(session),
    )


def _unknown(within: Within, since: date | None) -> str | None:
    if since is None:
        return "Perbandingan tidak diketahui: belum ada pesan yang dihitung."
    if within.before().first < since:
        return f"Perbandingan tidak diketahui: catatan baru mulai {day_said(since)}."
    return None


async def _chats(session: ReadSession, within: Within) -> dict[str, list[int]]:
    """In how many conversations complaints were written on each day; nothing where not every day is known."""
    days = [bar.conversations for bar in await counted(session, within, "day")]
    known = [day for day in days if day is not None]
    return {CHATS: known} if len(known) == len(days) else {}


async def _days(session: ReadSession, within: Within, found: Sums, before: Sums | None) -> dict[date, int]:
    """The days of both ranges, and of five weeks where those are shorter."""
    far = reach(within, REACH_DAYS)
    if before is None or far.first < within.before().first:
        wide = await sums(session, far)
        return {day: wide.days[day] for day in far.days}
    return {day: (before if day < within.first else found).days[day] for day in far.days}


def _changes(by: str, found: Sums, before: Sums, exposure: float, spread: float) -> dict[str, Change]:
    return compared(found.keys(by), before.keys(by), exposure=exposure, spread=spread)


def _apart(by: str, found: Sums, before: Sums) -> dict[str, Change]:
    whole = found.complaints / before.complaints if before.complaints else 1.0
    return compared(found.keys(by), before.keys(by), exposure=whole)


def _tiles(found: Sums, before: Sums, exposure: float, spread: float) -> dict[str, Change]:
    pairs = {"complaints": Pair(found.complaints, before.complaints, exposure)}
    pairs |= {kind: Pair(found.kinds[kind], before.kinds[kind], exposure) for kind in TILES[2:]}
    handed, handed_before = (it.keys("outcome").get(HANDED_OVER, 0) for it in (found, before))
    if found.complaints and before.complaints:
        # its share is compared: of twice the complaints, twice as many are handed over
        pairs[HANDED_OVER] = Pair(handed, handed_before, found.complaints / before.complaints)
    return judged(pairs, {key: 1.0 if key == HANDED_OVER else spread for key in pairs})
