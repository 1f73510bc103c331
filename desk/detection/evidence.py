"""What shows a suspicion to be one: counts beside what is usual, who stands out and who does not, and examples."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import text

from desk.detection.hearing import Hearing
from records.database import ReadSession
from trends.rhythm.days import moment_of
from trends.rhythm.failing import CHECKS, SENDS
from trends.rhythm.listening import Going
from trends.rhythm.scan import Scan
from trends.rhythm.scope import NOWHERE, Scope
from trends.rhythm.tails import log_tail
from trends.within import LEFT_OUT

STEP, BEFORE, MOST = 5, 60, 36
"""Minutes of one count, minutes shown from before it began, and how many counts at most."""
PARTS = ("intent", "platform", "channel")
SHOWN = 8
OUT_RATIO, OUT_CHANCE = 2.0, -3.0
EXAMPLES = 5
TURNS = text("""
    SELECT id FROM (
        SELECT DISTINCT ON (conversation_id) id, created_at FROM turns
        WHERE created_at >= :began AND created_at <= :now
          AND COALESCE(corrected_intent, intent) IS NOT NULL AND NOT COALESCE(corrected_intent, intent) = ANY(:left_out)
          AND (CAST(:intent AS text) IS NULL OR COALESCE(corrected_intent, intent) = :intent)
          AND (CAST(:platform AS text) IS NULL OR platform = :platform)
          AND (CAST(:channel AS text) IS NULL OR channel = :channel)
        ORDER BY conversation_id, created_at
    ) AS said ORDER BY created_at DESC LIMIT :most
""")
FAILED = text("""
    SELECT source, question, reason, sum(count)::int AS failures FROM source_failures
    WHERE minute >= :began AND minute <= :now GROUP BY source, question, reason ORDER BY 4 DESC, 1, 2, 3 LIMIT 8
""")


async def evidence(session: ReadSession, hearing: Hearing, it: Going, now: datetime) -> dict[str, Any]:
    """Return what is kept with a suspicion, to be read by people."""
    began, minute = moment_of(it.began), hearing.upto or it.last
    scan = hearing.listening.scan(minute + 1)
    failing = [row._asdict() for row in await session.execute(FAILED, {"began": began, "now": now})]
    told: dict[str, Any] = {"step_minutes": STEP, "log_chance": round(it.log_chance, 1), "failing": failing}
    if it.kind in (CHECKS, SENDS):
        return told
    given = dict(zip(PARTS, it.scope.parts, strict=True))
    asked = given | {"began": began, "now": now, "left_out": list(LEFT_OUT), "most": EXAMPLES}
    told["examples"] = [str(row.id) for row in await session.execute(TURNS, asked)]
    told["counts"] = _counts(scan, it)
    told["by"] = {part: _by(scan, it, part) for part in PARTS}
    told["also"] = [dict(zip(PARTS, scope.parts, strict=True)) for scope in sorted(it.joined, key=str)]
    return told


def _counts(scan: Scan, it: Going) -> list[dict[str, Any]]:
    """Return counts of five minutes beside the band that is usual."""
    first = max(it.began - BEFORE, scan.now - MOST * STEP)
    starts = range(scan.now - (scan.now - first) // STEP * STEP, scan.now, STEP)
    found = []
    for start in starts:
        usual = scan.expected(it.scope, start, start + STEP)
        spread = scan.baseline.spread(it.scope, start)
        wide = 2 * (usual * scan.baseline.clumps + spread * usual * usual) ** 0.5
        found.append(
            {
                "at": moment_of(start).isoformat(),
                "seen": scan.recent.count(it.scope, start, start + STEP),
                "usual": round(usual, 2),
                "low": round(max(0.0, usual - wide), 2),
                "high": round(usual + wide, 2),
            }
        )
    return found


def _by(scan: Scan, it: Going, part: str) -> list[dict[str, Any]]:
    """Return the values of one part, the risen first: which stand out and which do not."""
    seen, usual = _sums(), _sums()
    start = max(it.began, scan.now - MOST * STEP)
    for scope in _beside(scan.baseline.usual.keys() | set(scan.recent.scopes()), it.scope, part):
        key = str(getattr(scope, part))
        seen[key] += scan.recent.count(scope, start, scan.now)
        usual[key] += scan.expected(scope, start, scan.now)
    lines: list[dict[str, Any]] = [
        {"key": key, "seen": round(seen[key]), "usual": round(usual[key], 1), "out": _out(seen[key], usual[key])}
        for key in seen
    ]
    return sorted(lines, key=lambda line: (not line["out"], usual[line["key"]] - seen[line["key"]], str(line["key"])))[
        :SHOWN
    ]


def _sums() -> defaultdict[str, float]:
    return defaultdict(float)


def _beside(scopes: Iterable[Scope], mine: Scope, part: str) -> list[Scope]:
    """Return the scopes that differ from this one in a part alone; the widest kind that is counted."""
    others = [name for name in PARTS if name != part]
    wanted = {name: getattr(mine, name) for name in others}
    fitting = [
        it
        for it in scopes
        if getattr(it, part) not in (None, NOWHERE)
        and all(value is None or getattr(it, name) == value for name, value in wanted.items())
    ]
    fewest = min((it.named for it in fitting), default=0)
    return [it for it in fitting if it.named == fewest]


def _out(seen: float, usual: float) -> bool:
    return seen >= OUT_RATIO * usual and log_tail(seen, max(usual, 0.05), 0.1) <= OUT_CHANCE
