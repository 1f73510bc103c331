"""The whole system, once for all its scenes: PostgreSQL, Rasa with the trained model, actions, bot, desk, simulator."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from helpdesk import system
from tests.stack import transcripts
from tests.stack.playing import Played, Sourced
from tests.stack.running import Stack
from tests.stack.scene import Play


def as_parameters(scenes: list[Play]) -> list[Any]:
    """Name the scenes; what the model is known to misread is played and told, and does not fail the suite."""
    expected = {scene.name: [pytest.mark.xfail(reason=scene.misread)] if scene.misread else [] for scene in scenes}
    return [pytest.param(scene, id=scene.name, marks=expected[scene.name]) for scene in scenes]


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """Start everything in a folder of its own, on free ports; stop it and look that nothing is left."""
    folder = Path(tempfile.mkdtemp(prefix="hd-stack-"))
    folder.chmod(0o755)
    settings = system.beside(folder)
    running = system.start(settings)
    address = f"http://127.0.0.1:{settings.simulator_port}"
    with httpx.Client(base_url=address, timeout=90, trust_env=False) as control:
        yield Stack(settings, running.settings, control)
    left = system.stop(settings)
    shutil.rmtree(folder, ignore_errors=True)
    assert left == []


@pytest.fixture
def anew(stack: Stack) -> Callable[[str], str]:
    """Begin a new conversation for a person."""

    def begin(who: str) -> str:
        stack.forget(who)
        return who

    return begin


@pytest.fixture(scope="session")
def sourced(stack: Stack) -> Sourced:
    """Start over another source of the registry where a scene asks for it."""
    return Sourced(stack)


@pytest.fixture(scope="session")
def played() -> Iterator[list[Played]]:
    """Collect the scenes that were played, and write them down where TRANSCRIPTS says."""
    played: list[Played] = []
    yield played
    if path := os.environ.get("TRANSCRIPTS"):
        Path(path).write_text(transcripts.page(played), encoding="utf-8")
