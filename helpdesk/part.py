"""A part of the system: a service that stays, or a chore that must have ended well before others begin."""

import enum
import signal
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


class Kind(enum.StrEnum):
    """Whether a part stays or ends."""

    SERVICE = "service"
    CHORE = "chore"


@dataclass(frozen=True)
class Part:
    """How one process is started, how it is known to be ready, and how it is stopped."""

    name: str
    command: list[str]
    env: Mapping[str, str]
    cwd: Path
    log: Path
    kind: Kind = Kind.SERVICE
    after: tuple[str, ...] = ()
    health: str | None = None
    """An http:// address that answers 200, a postgresql:// one that lets us in, or none (ready once started)."""
    user: str | None = None
    """The system user it must run as, where that is not the present one."""
    stop_with: signal.Signals = signal.SIGTERM
    last: bool = False
    """Stopped only when everything else has ended."""
    patience: float = field(default=90)
    """Seconds from start to ready before it is taken for stuck and started anew."""
