"""Finding and ending every process of a system, also those nobody watches any more.

Each child carries the state folder's path in its environment, so a grandchild of a killed supervisor is found as surely
as a child; PostgreSQL overwrites its environment and is known by the folder it works in.
"""

import os
import signal
import time
from pathlib import Path

import psutil

from helpdesk.places import Places
from helpdesk.state import SystemState

MARK = "HELPDESK_RUN"
GRACE_SECONDS = 5.0


def find(places: Places, state: SystemState | None) -> list[psutil.Process]:
    """Return every living process of this state folder, this one and its parents left out."""
    named = set(state.processes()) if state else set()
    spared = {os.getpid(), *(parent.pid for parent in psutil.Process().parents())}
    found: dict[int, psutil.Process] = {}
    for process in psutil.process_iter():
        if process.pid not in spared and _belongs(process, places, named):
            found[process.pid] = process
            found |= {child.pid: child for child in _descendants(process)}
    return [process for pid, process in found.items() if pid not in spared and _lives(process)]


def end(processes: list[psutil.Process]) -> list[psutil.Process]:
    """End these processes, by force if need be; return those that would not go."""
    for process in processes:
        _signal(process, signal.SIGINT if _name(process) == "postgres" else signal.SIGTERM)
    stubborn = _wait(processes)
    for process in stubborn:
        _signal(process, signal.SIGKILL)
    return _wait(stubborn)


def _wait(processes: list[psutil.Process]) -> list[psutil.Process]:
    """Wait for their end and return those that still live; a zombie nobody reaps counts as ended."""
    until = time.monotonic() + GRACE_SECONDS
    while (left := [process for process in processes if _lives(process)]) and time.monotonic() < until:
        time.sleep(0.05)
    return left


def _belongs(process: psutil.Process, places: Places, named: set[tuple[int, float]]) -> bool:
    try:
        if any(pid == process.pid and abs(born - process.create_time()) < 1 for pid, born in named):
            return True
        if process.name() == "postgres":
            return Path(process.cwd()) == places.postgres.resolve()
        return process.environ().get(MARK) == str(places.var.resolve())
    except (psutil.Error, OSError):
        return False


def _descendants(process: psutil.Process) -> list[psutil.Process]:
    try:
        return process.children(recursive=True)
    except psutil.Error:
        return []


def _lives(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def _name(process: psutil.Process) -> str:
    try:
        return process.name()
    except psutil.Error:
        return ""


def _signal(process: psutil.Process, what: signal.Signals) -> None:
    try:
        process.send_signal(what)
    except psutil.Error:
        return
