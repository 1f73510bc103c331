"""A trained model read straight from its file, without starting Rasa: for measuring and for trying out a sentence.

It is the same normaliser, model and entities that the pipeline loads; only Rasa's graph around them is left out, which
takes ten seconds to import and adds nothing to what is understood.
"""

import tarfile
import tempfile
import time
from pathlib import Path
from typing import Any, Dict, List

from nlu.components.decision import Decision
from nlu.components.entities import Entities
from nlu.components.explanation import spoken
from nlu.components.normaliser import Normaliser

PARTS = ("spelling.json", "meaning.json", "meaning.npz", "decision.json", "entities.json")


class NoModel(Exception):
    """There is no trained model, or it is not one of ours."""


class Reader:
    """Reads messages with a trained model."""

    def __init__(self, folder: Path, name: str) -> None:
        """Load the parts of a model from a folder."""
        self.name = name
        self._normaliser = Normaliser.loads((folder / "spelling.json").read_text(encoding="utf-8"))
        self.decision = Decision.load(folder)
        self._entities = Entities.loads((folder / "entities.json").read_text(encoding="utf-8"))

    @classmethod
    def newest(cls, models: Path) -> "Reader":
        """Load the newest model of a folder, or the model of a file."""
        files: List[Path] = [models] if models.is_file() else sorted(models.glob("*.tar.gz"), key=_age)
        if not files:
            raise NoModel(f"no model in {models}: train one first")
        with tempfile.TemporaryDirectory() as folder, tarfile.open(files[-1]) as archive:
            for member in archive:
                name = Path(member.name).name
                kept = archive.extractfile(member) if member.isfile() and name in PARTS else None
                if kept is not None:
                    (Path(folder) / name).write_bytes(kept.read())
            if any(not (Path(folder) / part).exists() for part in PARTS):
                raise NoModel(f"{files[-1].name} was not trained from this project: train anew")
            try:
                return cls(Path(folder), files[-1].name)
            except (KeyError, TypeError, ValueError) as unreadable:
                raise NoModel(f"{files[-1].name} was made by another version: train anew") from unreadable

    def read(self, text: str) -> Dict[str, Any]:
        """Return everything the model reads in a message, and how long it took."""
        started = time.perf_counter()
        normalised = self._normaliser(text)
        understood = {
            "normalised": normalised,
            **self.decision.on(normalised),
            "entities": self._entities.found_in(text),
        }
        return {**understood, "ms": round((time.perf_counter() - started) * 1000, 3)}

    def explained(self, text: str) -> Dict[str, Any]:
        """Return what `read` returns, and which words spoke for the first two meanings."""
        read = self.read(text)
        return {**read, "spoke": spoken(self.decision.meaning, read["normalised"], read["ranking"])}


def _age(path: Path) -> float:
    return path.stat().st_mtime
