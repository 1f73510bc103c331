"""The rehearsal clock carries on where it stopped and never goes back."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from helpdesk.rehearsal_clock import OPENING, ClockWouldGoBack, beat, moment, move, resume, stands_at

TODAY = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


class Day:
    """A real clock in the hand of the test."""

    def __init__(self) -> None:
        self.now = TODAY

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, time: timedelta) -> None:
        self.now += time


@pytest.fixture
def day() -> Day:
    return Day()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "run" / "clock.json"


def test_the_first_rehearsal_begins_at_its_opening(path: Path, day: Day) -> None:
    resume(path, None, day)
    assert stands_at(path, day) == OPENING
    day.pass_by(timedelta(minutes=5))
    assert stands_at(path, day) == OPENING + timedelta(minutes=5)


def test_a_stopped_rehearsal_goes_on_where_it_stood(path: Path, day: Day) -> None:
    resume(path, None, day)
    day.pass_by(timedelta(hours=1))
    beat(path, day)
    day.pass_by(timedelta(days=3))
    resume(path, None, day)
    assert stands_at(path, day) == OPENING + timedelta(hours=1)


def test_a_beat_changes_what_is_written_and_not_what_is_read(path: Path, day: Day) -> None:
    resume(path, None, day)
    before = path.read_text()
    day.pass_by(timedelta(seconds=10))
    read = stands_at(path, day)
    beat(path, day)
    assert path.read_text() != before
    assert stands_at(path, day) == read


def test_the_clock_moves_forward_when_told(path: Path, day: Day) -> None:
    resume(path, None, day)
    later = moment("2020-08-25T09:00")
    move(path, later, day)
    assert stands_at(path, day) == later


def test_the_clock_refuses_to_go_back(path: Path, day: Day) -> None:
    resume(path, moment("2020-08-25T09:00"), day)
    with pytest.raises(ClockWouldGoBack, match="2020-08-25 09:00:00 WIB"):
        move(path, moment("2020-08-24T23:00"), day)
    with pytest.raises(ClockWouldGoBack, match="--fresh"):
        resume(path, moment("2020-08-24T23:00"), day)
    assert stands_at(path, day) == moment("2020-08-25T09:00")


def test_a_time_without_an_offset_is_wib(path: Path) -> None:
    assert moment("2020-08-24T10:00") == datetime(2020, 8, 24, 3, 0, tzinfo=UTC)
    assert moment("2020-08-24T10:00+00:00") == datetime(2020, 8, 24, 10, 0, tzinfo=UTC)


def test_the_file_is_the_one_every_process_reads(path: Path, day: Day) -> None:
    resume(path, None, day)
    assert json.loads(path.read_text()) == {
        "rehearsal_at": "2020-08-24T03:00:00+00:00",
        "real_at": "2026-03-01T12:00:00+00:00",
    }
