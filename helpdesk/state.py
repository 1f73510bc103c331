"""The supervisor's notice board: a small file that says who runs, read by every other command."""

import json
from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from helpdesk.places import write_whole
from helpdesk.process import lives


class PartState(BaseModel):
    """What is known of one part."""

    model_config = ConfigDict(extra="ignore")

    name: str
    kind: str
    state: str = "waiting"
    """waiting, starting, ready, done, renewing, restarting, stopped or failed."""
    pid: int | None = None
    created: float | None = None
    restarts: int = 0
    since: datetime | None = None
    health: str | None = None
    log: str = ""


class SystemState(BaseModel):
    """What is known of the whole."""

    model_config = ConfigDict(extra="ignore")

    pid: int
    created: float
    phase: str = "starting"
    """starting, ready, failed, stopping or stopped."""
    note: str = ""
    started_at: datetime
    parts: dict[str, PartState]

    @property
    def alive(self) -> bool:
        """Say whether the supervisor that wrote this still runs."""
        return lives(self.pid, self.created)

    def processes(self) -> list[tuple[int, float]]:
        """Return number and birth of every process named here."""
        named = [(part.pid, part.created) for part in self.parts.values()]
        return [(self.pid, self.created)] + [(pid, born) for pid, born in named if pid and born]


def read(path: Path) -> SystemState | None:
    """Return what the board says, or None when there is none."""
    try:
        return SystemState.model_validate(json.loads(path.read_text()))
    except (OSError, ValueError):
        return None


def write(path: Path, state: SystemState) -> None:
    """Put up a new notice."""
    write_whole(path, state.model_dump_json(indent=1))


def now() -> datetime:
    """Return the real time: machinery never lives by the rehearsal's."""
    return datetime.now(UTC)
