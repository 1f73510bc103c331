"""The name a process signs its claims with, and which of such names are of processes that have ended.

A lease runs out by itself; a process that is known to be gone need not be waited for. That can be known on its own
host only, so the name says which host, which process there, and since when (numbers of processes come again).
"""

import os
from collections.abc import Iterable
from functools import cache

import psutil


@cache
def this_process() -> str:
    """Return the name of this process: host:pid:start."""
    return _name(os.getpid(), psutil.Process().create_time())


def ended_here(names: Iterable[str]) -> list[str]:
    """Return the names of this host whose process has ended; of other hosts nothing is known."""
    return [name for name in names if _ended(name)]


def running_here(names: Iterable[str]) -> list[str]:
    """Return the names of this host whose process runs."""
    return [name for name in names if name.startswith(f"{os.uname().nodename}:") and not _ended(name)]


def _ended(name: str) -> bool:
    host, _, rest = name.partition(":")
    pid = rest.partition(":")[0]
    if host != os.uname().nodename or not pid.isdigit():
        return False
    try:
        return _name(int(pid), psutil.Process(int(pid)).create_time()) != name
    except psutil.NoSuchProcess:
        return True
    except psutil.AccessDenied:
        return False


def _name(pid: int, started: float) -> str:
    return f"{os.uname().nodename}:{pid}:{int(started * 100)}"
