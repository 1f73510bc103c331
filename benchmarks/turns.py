"""`bench turns`: our whole system and stock Rasa under the same load, turn about, on the same two processors.

While one side is measured the other is held still. Alternating rounds and their medians even out a noisy machine.
"""

import asyncio
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import ours
from benchmarks.figures import median, milliseconds, quantile
from benchmarks.load import CHATS_ALONE, Crowd, Round, Side
from benchmarks.processes import Cost, costs, hold, release
from benchmarks.stock import server
from benchmarks.stock.model import StockModel, Tell

ALONE_SECONDS = 5.0
WARM_UP_SECONDS = 4.0


@dataclass(frozen=True)
class Running:
    """One side, ready for load."""

    name: str
    side: Side
    pids: dict[str, int]

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Let its processes run while the block runs, and hold them otherwise."""
        release(self.pids.values())
        try:
            yield
        finally:
            hold(self.pids.values())


@dataclass
class Measured:
    """All rounds of one side."""

    rounds: list[Round] = field(default_factory=list)
    alone: Round = field(default_factory=Round)
    processor: dict[str, float] = field(default_factory=dict)
    """Seconds by part over all rounds."""
    memory: dict[str, Cost] = field(default_factory=dict)
    turns: int = 0

    def figures(self) -> dict[str, object]:
        """Return what is reported of this side."""
        whole = [one.seconds for a_round in self.rounds for one in a_round.answered]
        heard = [one for a_round in self.rounds for one in a_round.heard]
        alone = [one.seconds for one in self.alone.answered]
        return {
            "turns_per_second": round(median([a_round.per_second for a_round in self.rounds]), 1),
            "rounds": [round(a_round.per_second, 1) for a_round in self.rounds],
            "p50_ms": milliseconds(quantile(whole, 0.5)),
            "p99_ms": milliseconds(quantile(whole, 0.99)),
            "alone_p50_ms": milliseconds(quantile(alone, 0.5)),
            "alone_p99_ms": milliseconds(quantile(alone, 0.99)),
            "turns": len(heard),
            "unanswered": sum(not one.answered for one in heard),
            "with_check": round(sum(one.with_check for one in heard) / len(heard), 2) if heard else 0.0,
            "memory_mb": round(sum(one.memory for one in self.memory.values()) / 1e6),
            "memory_mb_by_part": {name: round(one.memory / 1e6) for name, one in self.memory.items()} | {"load": 0},
            "processor_ms_per_turn": {
                name: round(seconds * 1000 / self.turns, 2) for name, seconds in self.processor.items()
            },
        }


def measure(
    bench: Path, *, seconds: float, rounds: int, at_once: int, with_stock: bool, tell: Tell
) -> dict[str, object]:
    """Run everything and return the figures by side."""
    stock = StockModel(bench)
    if with_stock:
        stock.ensure(tell)
    with ExitStack() as held:
        tell("starting our system")
        mine = held.enter_context(ours.running(bench / "system", tell))
        sides = [Running("ours", mine, mine.pids)]
        if with_stock:
            tell("starting stock Rasa")
            theirs = held.enter_context(server.running(stock, bench))
            sides.append(Running("stock", theirs, theirs.pids))
        for side in sides:
            hold(side.pids.values())
            held.callback(release, side.pids.values())
        return _all_rounds(sides, mine, seconds, rounds, at_once, tell)


def _all_rounds(
    sides: list[Running], mine: ours.Ours, seconds: float, rounds: int, at_once: int, tell: Tell
) -> dict[str, object]:
    measured = {side.name: Measured() for side in sides}
    crowds = {side.name: Crowd(at_once) for side in sides}
    with sides[0].at_work():
        mine.bind_crowd(crowds["ours"])
        before = mine.turns_with_findings()
    for side in sides:
        tell(f"warming up: {side.name}")
        with side.at_work():
            asyncio.run(crowds[side.name].speak(side.side, WARM_UP_SECONDS))
    for number in range(rounds):
        for side in sides:
            done = _one_round(side, crowds[side.name], seconds, measured[side.name])
            tell(f"round {number + 1} of {rounds}, {side.name}: {done.per_second:.1f} turns/s")
    for side in sides:
        crowd = Crowd(1, Crowd.ALONE, CHATS_ALONE)
        if side.name == "ours":
            with side.at_work():
                mine.bind_crowd(crowd)
        with side.at_work():
            measured[side.name].alone = asyncio.run(crowd.speak(side.side, min(seconds, ALONE_SECONDS)))
    with sides[0].at_work():
        after = mine.turns_with_findings()
    figures = {name: one.figures() for name, one in measured.items()}
    figures["ours"]["with_check"] = round((after[1] - before[1]) / max(1, after[0] - before[0]), 2)
    return dict(figures)


def _one_round(side: Running, crowd: Crowd, seconds: float, measured: Measured) -> Round:
    with side.at_work():
        before, load_before = costs(side.pids), sum(os.times()[:2])
        done, turns = asyncio.run(_counted(crowd, side.side, seconds))
        after = costs(side.pids)
    # the load itself runs on the same processors
    spent_here = sum(os.times()[:2]) - load_before
    measured.processor["load"] = measured.processor.get("load", 0.0) + spent_here
    for name, now in after.items():
        spent = now.processor - before[name].processor
        measured.processor[name] = measured.processor.get(name, 0.0) + spent
    measured.rounds.append(done)
    measured.turns += turns
    measured.memory = after
    return done


async def _counted(crowd: Crowd, side: Side, seconds: float) -> tuple[Round, int]:
    said = crowd.said
    done = await crowd.speak(side, seconds)
    return done, crowd.said - said
