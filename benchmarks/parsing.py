"""`bench nlu`: what learning costs and gives, and what understanding one message takes inside each server.

The servers are asked one message at a time, turn about, by one client.
"""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

from benchmarks import learning, ours
from benchmarks.conversations import WITH_CHECK, WITHOUT_CHECK
from benchmarks.figures import median, milliseconds, quantile
from benchmarks.processes import costs, hold, release
from benchmarks.stock import server
from benchmarks.stock.model import StockModel, Tell
from benchmarks.wire import Line

WARM = 20
Figures = dict[str, object]
NOT_SERVED: Figures = {"p50_ms": "", "p99_ms": "", "messages": "", "memory_mb": ""}


@dataclass(frozen=True)
class Reader:
    """One side's way to understand a text."""

    name: str
    port: int
    path: str
    headers: dict[str, str]
    pids: list[int]

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Let it run while the block runs."""
        release(self.pids)
        try:
            yield
        finally:
            hold(self.pids)

    async def read(self, count: int) -> list[float]:
        """Have so many messages understood and return the seconds of each."""
        lines = cycle((*WITH_CHECK, *WITHOUT_CHECK))
        took: list[float] = []
        async with Line(self.port, self.headers) as line:
            for text in islice(lines, count + WARM):
                began = time.perf_counter()
                status, _ = await line.post(self.path, {"text": text})
                took.append(time.perf_counter() - began)
                if status != 200:
                    raise RuntimeError(f"{self.name} answered {status}")
        return took[WARM:]


def measure(bench: Path, *, count: int, rounds: int, with_stock: bool, tell: Tell) -> dict[str, object]:
    """Return the figures by side."""
    stock = StockModel(bench)
    learned = {"ours": learning.ours(bench, tell)}
    if with_stock:
        learned["ours on the sample"] = learning.ours_on_the_sample(bench, tell)
        learned["stock"] = learning.stock(stock, tell)
    with ExitStack() as held:
        readers = [held.enter_context(_our_reader(bench, tell))]
        if with_stock:
            tell("starting stock Rasa")
            readers.append(held.enter_context(_stock_reader(stock, bench)))
            learned["stock"] |= learning.stock_reads(readers[-1].port)
        for reader in readers:
            hold(reader.pids)
            held.callback(release, reader.pids)
        served = _rounds(readers, count, rounds, tell)
    return {side: {**NOT_SERVED, **served.get(side, {}), **figures} for side, figures in learned.items()}


def _rounds(readers: list[Reader], count: int, rounds: int, tell: Callable[[str], None]) -> dict[str, Figures]:
    took: dict[str, list[list[float]]] = {reader.name: [] for reader in readers}
    memory: dict[str, int] = {}
    for number in range(rounds):
        for reader in readers:
            with reader.at_work():
                took[reader.name].append(asyncio.run(reader.read(count)))
                memory[reader.name] = costs({"rasa": reader.pids[0]})["rasa"].memory
            p50 = milliseconds(quantile(took[reader.name][-1], 0.5))
            tell(f"round {number + 1} of {rounds}, {reader.name}: p50 {p50} ms")
    return {name: _figures(every, memory[name]) for name, every in took.items()}


def _figures(every: list[list[float]], memory: int) -> Figures:
    return {
        "p50_ms": milliseconds(median([quantile(one, 0.5) for one in every])),
        "p99_ms": milliseconds(median([quantile(one, 0.99) for one in every])),
        "messages": sum(map(len, every)),
        "memory_mb": round(memory / 1e6),
    }


@contextmanager
def _our_reader(bench: Path, tell: Tell) -> Iterator[Reader]:
    tell("starting our system")
    with ours.running(bench / "system", tell) as mine:
        headers = {"authorization": f"Bearer {mine.told['RASA_TURN_TOKEN']}"}
        yield Reader("ours", int(mine.told["RASA_PORT"]), "/webhooks/turn/parse", headers, [mine.pids["rasa"]])


@contextmanager
def _stock_reader(stock: StockModel, bench: Path) -> Iterator[Reader]:
    with server.running(stock, bench) as theirs:
        yield Reader("stock", theirs.port, "/model/parse", {}, [theirs.pids["stock rasa"]])
