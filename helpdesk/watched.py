"""One part under watch: it waits for others, starts, becomes ready, falls, and is started again with growing pauses."""

import logging
import signal
import subprocess
from collections.abc import Callable

from helpdesk import process
from helpdesk.health import answers
from helpdesk.part import Kind, Part
from helpdesk.state import PartState, now

log = logging.getLogger("supervisor")

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
STEADY_SECONDS = 60.0
TRIES_BEFORE_FIRST_READY = 5


class Watched:
    """A part, its process of the moment, and what the notice board says of it."""

    def __init__(self, part: Part, seconds: Callable[[], float], longest_pause: float = LONGEST_PAUSE) -> None:
        self.part = part
        self._longest_pause = longest_pause
        self.state = PartState(name=part.name, kind=part.kind, health=part.health, log=str(part.log))
        self.changed = True
        self._seconds = seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._began = 0.0
        self._not_before = 0.0
        self._failures = 0
        self._was_ready = False
        self._next_part: Part | None = None
        self._end_by = 0.0

    @property
    def settled(self) -> bool:
        """Say whether what waits for this part may begin."""
        return self.state.state in ("ready", "done")

    @property
    def hopeless(self) -> bool:
        """Say whether the start of the whole system fails because of this part."""
        limit = 1 if self.part.kind is Kind.CHORE else TRIES_BEFORE_FIRST_READY
        return not self._was_ready and self._failures >= limit

    def step(self, may_begin: bool) -> None:
        """Look once, and do what is due."""
        if self.state.state in ("waiting", "restarting"):
            if may_begin and self._seconds() >= self._not_before:
                self._start()
        elif self.state.state == "starting":
            self._see_whether_ready()
        elif self.state.state == "ready":
            self._see_whether_it_lives()
        elif self.state.state == "renewing" and (self.ended or self._seconds() >= self._end_by):
            self._begin_anew()

    def renew(self, part: Part, grace: float) -> None:
        """End the process as it likes to be ended, and start it anew at once, as `part` now says."""
        self._next_part = part
        if self.state.state in ("starting", "ready"):
            self._end_by = self._seconds() + grace
            self.ask_to_stop()
            self._become("renewing")
        elif self.state.state in ("done", "failed", "stopped"):
            self._begin_anew()

    def ask_to_stop(self) -> None:
        """Ask the process to end."""
        if self._process and self._process.poll() is None:
            process.signal_one(self._process, self.part.stop_with)

    @property
    def ended(self) -> bool:
        """Say whether there is no process (any more)."""
        return self._process is None or self._process.poll() is not None

    def end(self) -> None:
        """End the process and whatever is left of its group, by force."""
        if self._process:
            process.signal_group(self._process, signal.SIGKILL)
            self._process.wait()
        if self.state.state not in ("done", "failed"):
            self._become("stopped")

    def _begin_anew(self) -> None:
        if self._process:
            process.signal_group(self._process, signal.SIGKILL)
            self._process.wait()
        self.part, self._next_part = self._next_part or self.part, None
        self._failures = 0
        self._start()

    def _start(self) -> None:
        self._began = self._seconds()
        try:
            self._process = process.start(self.part)
        except OSError as error:
            log.error("%s could not be started: %s", self.part.name, error)
            self._fail("could not be started")
            return
        self.state.pid = self._process.pid
        self.state.created = process.created(self._process.pid)
        self._become("starting")

    def _see_whether_ready(self) -> None:
        code = self._process.poll() if self._process else 1
        took = self._seconds() - self._began
        if code is not None:
            if self.part.kind is Kind.CHORE and code == 0:
                self._ready("done", took)
            else:
                self._fail(_how_it_ended(code))
        elif self.part.kind is Kind.SERVICE and answers(self.part.health):
            self._ready("ready", took)
        elif took > self.part.patience:
            self._fail(f"did not become ready within {self.part.patience:.0f} s")

    def _see_whether_it_lives(self) -> None:
        code = self._process.poll() if self._process else 1
        if code is not None:
            self._fail(_how_it_ended(code))
        elif self._failures and self._seconds() - self._began > STEADY_SECONDS:
            self._failures = 0

    def _ready(self, state: str, took: float) -> None:
        self._was_ready = True
        self._become(state)
        log.info("%s %s (%.1f s)", self.part.name, state, took)

    def _fail(self, how: str) -> None:
        """Clear away what is left of the process and come back to it after a pause."""
        if self._process:
            process.signal_group(self._process, signal.SIGKILL)
            self._process.wait()
        pause = min(self._longest_pause, FIRST_PAUSE * 2**self._failures)
        self._failures += 1
        if self.hopeless:
            log.error("%s %s; see %s", self.part.name, how, self.part.log)
            self._become("failed")
            return
        log.warning("%s %s; restart in %.1f s", self.part.name, how, pause)
        self.state.restarts += 1
        self._not_before = self._seconds() + pause
        self._become("restarting")

    def _become(self, state: str) -> None:
        self.state.state = state
        self.state.since = now()
        if state in ("stopped", "failed", "restarting", "done"):
            self.state.pid = self.state.created = None
        self.changed = True


def _how_it_ended(code: int) -> str:
    if code < 0:
        return f"was ended by {signal.Signals(-code).name}"
    return f"ended with code {code}"
