"""What processes cost: processor time by part, memory of everything, and holding them still while not measured."""

import signal
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass

import psutil


@dataclass(frozen=True)
class Cost:
    """Processor seconds used so far, and memory now, of one part."""

    processor: float
    memory: int
    resident: int


def cost(pid: int, apart: Iterable[int] = ()) -> Cost:
    """Return what a process and everything it started cost so far, except those counted apart."""
    seconds, memory, resident = 0.0, 0, 0
    left_out = {process.pid for other in apart for process in family(other)}
    for process in (one for one in family(pid) if one.pid not in left_out):
        with suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            seconds += times.user + times.system
            if not left_out:
                # those that ended already
                seconds += times.children_user + times.children_system
            mine = process.memory_full_info()
            memory += mine.pss
            resident += mine.rss
    return Cost(seconds, memory, resident)


def costs(pids: Mapping[str, int]) -> dict[str, Cost]:
    """Return the cost of every named part; what one part started and is named itself counts there alone."""
    return {name: cost(pid, _below(pid, pids.values())) for name, pid in pids.items()}


def _below(pid: int, others: Iterable[int]) -> list[int]:
    started = {process.pid for process in family(pid)} - {pid}
    return [other for other in others if other in started]


def family(pid: int) -> list[psutil.Process]:
    """Return the process and all its descendants."""
    try:
        head = psutil.Process(pid)
        return [head, *head.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def hold(pids: Iterable[int]) -> None:
    """Stop these families where they stand, so that they cost nothing."""
    _signal(pids, signal.SIGSTOP)


def release(pids: Iterable[int]) -> None:
    """Let them go on."""
    _signal(pids, signal.SIGCONT)


def _signal(pids: Iterable[int], what: signal.Signals) -> None:
    for pid in pids:
        for process in family(pid):
            with suppress(psutil.NoSuchProcess):
                process.send_signal(what)
