"""`bench flood`: what one phone with a script costs everybody else, turn about with the same without it."""

import asyncio
from pathlib import Path

import psycopg

from benchmarks import ours
from benchmarks.figures import median, milliseconds, quantile
from benchmarks.load import Crowd, Round
from benchmarks.pressure.webhooks import CHATS, knock, update
from benchmarks.report import Tell

FLOODS_EACH = 10_000_000
COUNTED = "SELECT COALESCE(sum(count), 0), (SELECT count(*) FROM inbox WHERE error LIKE 'banjir%') FROM floods"


def measure(
    bench: Path, *, per_second: float, seconds: float, rounds: int, at_once: int, tell: Tell
) -> dict[str, object]:
    """Return others' times without and with one identity that floods."""
    quiet: list[Round] = []
    flooded: list[Round] = []
    with ours.running(bench / "system", tell) as mine:
        crowd = Crowd(at_once)
        mine.bind_crowd(crowd)
        asyncio.run(crowd.speak(mine, 5))
        # the first messages of a flood are answered like any other; what is measured is what comes after them
        asyncio.run(knock(mine.told, _flood(0, 100), per_second))
        for number in range(rounds):
            quiet.append(asyncio.run(crowd.speak(mine, seconds)))
            flooded.append(asyncio.run(_beside(mine, crowd, seconds, per_second, number + 1)))
            tell(f"round {number + 1} of {rounds}: p95 {_p95(quiet[-1])} ms, flooded {_p95(flooded[-1])} ms")
        with psycopg.connect(mine.conninfo) as connection:
            counted, kept = connection.execute(COUNTED).fetchone() or (0, 0)
    ratios = [_p95(theirs) / _p95(calm) for calm, theirs in zip(quiet, flooded, strict=True)]
    return {
        "quiet": _figures(quiet) | {"ratio": "", "counted": "", "kept": ""},
        "flooded": _figures(flooded) | {"ratio": round(median(ratios), 3), "counted": int(counted), "kept": int(kept)},
    }


async def _beside(mine: ours.Ours, crowd: Crowd, seconds: float, per_second: float, number: int) -> Round:
    flooding = asyncio.create_task(
        knock(mine.told, _flood(number * FLOODS_EACH, int(per_second * (seconds + 2))), per_second)
    )
    done = await crowd.speak(mine, seconds)
    await flooding
    return done


def _flood(first: int, count: int) -> list[dict[str, object]]:
    return [update(first + number, CHATS + 999_999, "woi balas") for number in range(count)]


def _p95(done: Round) -> float:
    return milliseconds(quantile([one.seconds for one in done.answered], 0.95))


def _figures(rounds: list[Round]) -> dict[str, object]:
    seconds = [one.seconds for done in rounds for one in done.answered]
    return {
        "turns": len(seconds),
        "unanswered": sum(not one.answered for done in rounds for one in done.heard),
        "p50_ms": milliseconds(quantile(seconds, 0.5)),
        "p95_ms": milliseconds(quantile(seconds, 0.95)),
    }
