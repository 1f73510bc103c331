"""Where everything lies inside the state folder."""

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Places:
    """The files and folders of one running system."""

    var: Path

    @property
    def run(self) -> Path:
        """What describes the system that runs now."""
        return self.var / "run"

    @property
    def logs(self) -> Path:
        """One log for each part."""
        return self.var / "log"

    @property
    def state(self) -> Path:
        """Who runs, as the supervisor wrote it last."""
        return self.run / "system.json"

    @property
    def lock(self) -> Path:
        """Held by the one supervisor of this folder."""
        return self.run / "supervisor.lock"

    @property
    def clock(self) -> Path:
        """How far the rehearsal clock is moved."""
        return self.run / "clock.json"

    @property
    def tide(self) -> Path:
        """How far the records were when they were last seen."""
        return self.var / "tide.json"

    @property
    def status_page(self) -> Path:
        """The public status page as files."""
        return self.var / "status"

    @property
    def secrets(self) -> Path:
        """Tokens and keys made once for this folder."""
        return self.var / "secrets.env"

    @property
    def postgres(self) -> Path:
        """The embedded server's data."""
        return self.var / "postgres"

    @property
    def backups(self) -> Path:
        """Where backups are written unless another place is named."""
        return self.var / "backups"

    @property
    def rehearsal(self) -> Path:
        """The invented programme as CSV."""
        return self.var / "rehearsal"

    def log(self, name: str) -> Path:
        """Return the log of a part."""
        return self.logs / f"{name}.log"

    def make(self) -> None:
        """Make the folders every system needs."""
        for folder in (self.var, self.run, self.logs):
            folder.mkdir(parents=True, exist_ok=True)


def write_whole(path: Path, text: str, mode: int = 0o644) -> None:
    """Write a file so that a reader, or a kill, meets the old text or the new one and nothing between."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(handle, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
