"""Failpoints: named places at which a rehearsal may have a process fail, die or hang; nothing at all until armed.

A process that names a file in HELPDESK_FAILPOINTS is armed. The file says {point: {act, …}} and is read again whenever
it changes. Each firing claims a slot in a folder beside the file, so that `count` holds over all processes: one that
was killed at a point is not killed there again when it comes back. Not for real use: the log says so at start.
"""

import asyncio
import logging
import os
import random
import signal
import time
from pathlib import Path
from typing import Any, Literal

import orjson
from pydantic import BaseModel, ConfigDict, TypeAdapter

log = logging.getLogger("failpoints")

STEPS = (
    "1 receive",
    "2 verify",
    "3 insert",
    "4 commit",
    "4b committed",
    "5 ack",
    "6 claim",
    "7 call Rasa",
    "7a act",
    "7b answered",
    "8 store turn",
    "9 commit outbox",
    "9b committed outbox",
    "10 claim send",
    "11 send bytes",
    "12 get response",
    "13 mark sent",
    "13b marked",
    "media store",
    "desk take-over",
    "desk reply",
    "desk bulk item",
    "desk committed",
)
"""The places of a message's way, in its order; what goes on beside it, and the desk's own, at the end."""


class Tripped(Exception):
    """What a failpoint raises: an error nobody foresaw."""


class Rule(BaseModel):
    """What is to happen at one point."""

    model_config = ConfigDict(extra="forbid")

    act: Literal["exception", "kill", "hang"]
    seconds: float = 30.0
    """How long a hang lasts."""
    count: int = 1
    """How often at most, over all processes and restarts."""
    probability: float = 1.0
    seed: int = 0
    process: str | None = None
    """Only in this process: bot, actions, desk."""
    name: str = ""
    """Tells one order for a point from the next; firings are counted by it."""


RULES = TypeAdapter(dict[str, Rule])


class Failpoints:
    """The rules of one file, as they concern one process."""

    def __init__(self, path: Path, process: str) -> None:
        self._path, self._process = path, process
        self._read_at_ns = -1
        self._rules: dict[str, Rule] = {}
        self._dice: dict[str, random.Random] = {}

    def strikes(self, point: str) -> Rule | None:
        """Return the rule that fires at this point now, its slot claimed."""
        self._read()
        rule = self._rules.get(point)
        if rule is None or rule.process not in (None, self._process):
            return None
        if rule.probability < 1 and self._dice[point].random() >= rule.probability:
            return None
        return rule if self._claimed(point, rule) else None

    def _read(self) -> None:
        try:
            changed_ns = self._path.stat().st_mtime_ns
            if changed_ns != self._read_at_ns:
                self._rules = RULES.validate_json(self._path.read_bytes())
                self._dice = {
                    point: random.Random(f"{rule.seed}:{point}")  # noqa: S311 - replayable on purpose
                    for point, rule in self._rules.items()
                }
                self._read_at_ns = changed_ns
        except FileNotFoundError:
            self._rules = {}

    def _claimed(self, point: str, rule: Rule) -> bool:
        folder = fired(self._path)
        folder.mkdir(exist_ok=True)
        said = {"point": point, "act": rule.act, "process": self._process, "pid": os.getpid(), "at": time.time()}
        for number in range(rule.count):
            slot = folder / f"{(rule.name or point).replace('/', '-')}.{number}"
            try:
                handle = os.open(slot, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
            except FileExistsError:
                continue
            os.write(handle, orjson.dumps(said))
            os.close(handle)
            return True
        return False


_armed: list[Failpoints] = []
"""At most one; empty in real use."""


def arm(path: Path | None, process: str) -> None:
    """Have this process obey the file, where one is named; without a path, obey none."""
    _armed[:] = [Failpoints(path, process)] if path else []
    if path:
        log.warning("FAILPOINTS ARMED by %s: this process fails on purpose; never for real use", path.name)


def fired(path: Path) -> Path:
    """Return the folder in which each firing of a file's rules leaves a note."""
    return path.with_name(path.name + ".fired")


def firings(path: Path) -> list[dict[str, Any]]:
    """Return what has fired so far, by the order it happened."""
    notes = [note.read_bytes() for note in fired(path).glob("*.*")] if fired(path).exists() else []
    said = [orjson.loads(note) for note in notes if note]
    return sorted(said, key=lambda one: one["at"])


async def reach(point: str) -> None:
    """Pass a point: as a rule at once; as ordered with an error, a death or a hang."""
    if not _armed:
        return
    rule = _armed[0].strikes(point)
    if rule is None:
        return
    _fall(point, rule)
    await asyncio.sleep(rule.seconds)


def reach_now(point: str) -> None:
    """Pass a point where nothing may be awaited; a hang holds up the whole process."""
    if not _armed:
        return
    rule = _armed[0].strikes(point)
    if rule is None:
        return
    _fall(point, rule)
    time.sleep(rule.seconds)


def _fall(point: str, rule: Rule) -> None:
    log.warning("failpoint %s: %s", point, rule.act)
    if rule.act == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if rule.act == "exception":
        raise Tripped(point)
