"""The supervisor: starts the parts in their order, sees when one falls, starts it again, and ends them all.

It is one loop in one thread, looking at each part a few times a second: the children ask the kernel to be ended with
the thread that started them, and a loop that only looks can be reasoned about.
"""

import logging
import os
import signal
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from helpdesk import state as board
from helpdesk.part import Part
from helpdesk.process import created
from helpdesk.state import SystemState
from helpdesk.watched import LONGEST_PAUSE, Watched

log = logging.getLogger("supervisor")

TICK = 0.1
BEAT_SECONDS = 10.0
GRACE_SECONDS = 12.0
LAST_GRACE_SECONDS = 20.0


def wishes(notice: Path) -> Path:
    """Return the folder in which a file by the name of a part asks for its renewal."""
    return notice.parent / "renew"


def refusal(notice: Path) -> Path:
    """Return the file that says why renewals are refused, where they are."""
    return notice.parent / "renew-refused"


class Supervisor:
    """Keeps a set of parts running until it is told to stop."""

    def __init__(
        self,
        parts: Sequence[Part],
        notice: Path,
        beat: Callable[[], None],
        seconds: Callable[[], float] = time.monotonic,
        grace: float = GRACE_SECONDS,
        longest_pause: float = LONGEST_PAUSE,
        again: Callable[[], Sequence[Part]] | None = None,
    ) -> None:
        self._again = again or (lambda: parts)
        self._watched = {part.name: Watched(part, seconds, longest_pause) for part in parts}
        self._notice = notice
        self._beat = beat
        self._seconds = seconds
        self._grace = grace
        self._next_beat = 0.0
        self._told_to_stop = False
        states = {name: watched.state for name, watched in self._watched.items()}
        pid = os.getpid()
        self.state = SystemState(pid=pid, created=created(pid) or 0, started_at=board.now(), parts=states)

    def stop(self, *_: object) -> None:
        """End the loop soon; also serves as a signal handler."""
        self._told_to_stop = True

    def run(self) -> int:
        """Keep everything running; return 0 when told to stop, 1 when the start failed."""
        for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(name, self.stop)
        for old in wishes(self._notice).glob("*"):
            old.unlink()
        log.info("starting: %s", ", ".join(self._watched))
        try:
            while not self._told_to_stop and self.state.phase != "failed":
                self._look()
                time.sleep(TICK)
        finally:
            self._end_all()
        return 1 if self.state.phase == "failed" else 0

    def _look(self) -> None:
        self._renew_what_is_asked()
        for watched in self._watched.values():
            watched.step(all(self._watched[name].settled for name in watched.part.after))
        hopeless = [watched for watched in self._watched.values() if watched.hopeless]
        if hopeless:
            self._enter("failed", f"{hopeless[0].part.name} does not start; see {hopeless[0].part.log}")
        elif self.state.phase == "starting" and all(watched.settled for watched in self._watched.values()):
            took = (board.now() - self.state.started_at).total_seconds()
            self._enter("ready", f"ready after {took:.1f} s")
        if self._seconds() >= self._next_beat:
            self._next_beat = self._seconds() + BEAT_SECONDS
            self._beat()
        self._put_up()

    def _renew_what_is_asked(self) -> None:
        asked = [wish.name for wish in wishes(self._notice).glob("*")]
        if not asked or self.state.phase != "ready":
            return
        parts = self._as_they_are_now()
        for name in asked:
            (wishes(self._notice) / name).unlink(missing_ok=True)
            if name in self._watched and parts:
                log.info("%s is renewed", name)
                self._watched[name].renew(parts.get(name, self._watched[name].part), self._grace)

    def _as_they_are_now(self) -> dict[str, Part]:
        """Return the parts by the settings and models of now; none, and why, where these are wrong."""
        refusal(self._notice).unlink(missing_ok=True)
        try:
            return {part.name: part for part in self._again()}
        except Exception as problem:
            # whatever is wrong with them, what runs goes on
            log.error("nothing is renewed: %s", problem)
            refusal(self._notice).write_text(str(problem))
            return {}

    def _enter(self, phase: str, note: str) -> None:
        self.state.phase, self.state.note = phase, note
        log.info("%s", note)
        board.write(self._notice, self.state)

    def _put_up(self, anyway: bool = False) -> None:
        if anyway or any(watched.changed for watched in self._watched.values()):
            board.write(self._notice, self.state)
            for watched in self._watched.values():
                watched.changed = False

    def _end_all(self) -> None:
        failed = self.state.phase == "failed"
        if not failed:
            self._enter("stopping", "stopping")
        watched = list(self._watched.values())
        self._end([one for one in watched if not one.part.last], self._grace)
        self._end([one for one in watched if one.part.last], LAST_GRACE_SECONDS)
        self._beat()
        if not failed:
            self._enter("stopped", "stopped")
        self._put_up(anyway=True)

    def _end(self, group: list[Watched], grace: float) -> None:
        for watched in group:
            watched.ask_to_stop()
        until = self._seconds() + grace
        while self._seconds() < until and not all(watched.ended for watched in group):
            time.sleep(0.05)
        for watched in group:
            if not watched.ended:
                log.warning("%s did not end when asked; ended by force", watched.part.name)
            watched.end()
