"""What a browser saw counts from when it was there for it, however late it looked and however often the clock moved."""

import time
from pathlib import Path

import httpx
import pytest

from helpdesk import rehearsal_clock
from helpdesk.chaos.gathering import _seen_on_the_web
from helpdesk.chaos.ground import Ground
from helpdesk.chaos.people import WebChat
from helpdesk.settings import SystemSettings

HOUR = 3600.0


@pytest.fixture
def ground(tmp_path: Path) -> Ground:
    settings = SystemSettings(helpdesk_var=tmp_path)
    rehearsal_clock.resume(tmp_path / "run" / "clock.json", rehearsal_clock.OPENING)
    return Ground(settings, {}, httpx.AsyncClient(), tmp_path)


def looked(ground: Ground, shown_at: float, seen_at: float) -> float:
    chat = WebChat("visitor", seen={3: {"from": "bot", "text": "Halo Kak.", "seen_at": seen_at}})
    rows = {("visitor", 3): {"id": "row", "shown_at": shown_at}}
    return next(iter(_seen_on_the_web(ground, [chat], rows))).at


def test_words_count_from_when_they_were_there_and_not_from_the_look(ground: Ground) -> None:
    now = time.time()
    late = ground.now()
    assert late - looked(ground, now - 90, late) == pytest.approx(90, abs=30)


def test_a_clock_that_was_moved_since_is_taken_back(ground: Ground) -> None:
    now = time.time()
    ground.moved.append((now - 500, HOUR))
    assert ground.now() - looked(ground, now - 900, ground.now()) == pytest.approx(HOUR + 900, abs=60)
    assert ground.now() - looked(ground, now - 200, ground.now()) == pytest.approx(200, abs=60)
