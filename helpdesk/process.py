"""Starting a part as a process of its own group, and ending that group for good.

A child asks the kernel to be ended when the supervisor ends, however the supervisor ends: nothing is left even after
kill -9. What the child itself started is found by `helpdesk.leftovers`.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psutil

from helpdesk.part import Part

PR_SET_PDEATHSIG = 1
LOG_LIMIT = 10_000_000


def start(part: Part) -> subprocess.Popen[bytes]:
    """Start the part with its output going to its log."""
    _turn_over(part.log)
    with part.log.open("ab") as sink:
        return subprocess.Popen(
            part.command,
            env=dict(part.env),
            cwd=part.cwd,
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
            user=part.user,
            group=part.user,
            extra_groups=[] if part.user else None,
            start_new_session=True,
            preexec_fn=_end_with_parent(part.stop_with if part.last else signal.SIGKILL),
        )


def signal_group(process: subprocess.Popen[bytes], what: signal.Signals) -> None:
    """Send a signal to the process and all of its group."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, what)


def signal_one(process: subprocess.Popen[bytes], what: signal.Signals) -> None:
    """Send a signal to the process alone, which passes it on to its own children."""
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(what)


def created(pid: int) -> float | None:
    """Return when the process with this number began: number and time together name one process for ever."""
    try:
        return psutil.Process(pid).create_time()
    except psutil.Error:
        return None


def lives(pid: int, since: float) -> bool:
    """Say whether this very process still runs."""
    try:
        process = psutil.Process(pid)
        return abs(process.create_time() - since) < 1 and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def _turn_over(log: Path) -> None:
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        log.replace(log.with_suffix(".log.1"))


def _end_with_parent(what: signal.Signals) -> Callable[[], None] | None:
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl

    def ask() -> None:
        prctl(PR_SET_PDEATHSIG, int(what), 0, 0, 0)

    return ask
