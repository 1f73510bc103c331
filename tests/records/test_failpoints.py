"""Failpoints: quiet until armed, then exactly as ordered, and never more often than ordered."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

from records import failpoints
from records.failpoints import Tripped, arm, firings, reach, reach_now

KILLED = -9


@pytest.fixture(autouse=True)
def disarmed() -> Iterator[None]:
    """Leave no failpoint behind."""
    yield
    arm(None, "bot")


def ordered(path: Path, **rules: dict[str, object]) -> Path:
    path.write_bytes(orjson.dumps({name.replace("_", " "): rule for name, rule in rules.items()}))
    return path


async def test_nothing_happens_unless_a_file_is_named() -> None:
    for step in failpoints.STEPS:
        await reach(step)
        reach_now(step)


async def test_a_file_without_the_point_changes_nothing(tmp_path: Path) -> None:
    arm(ordered(tmp_path / "f.json", commit={"act": "exception"}), "bot")
    await reach("4 commit")


async def test_a_missing_file_changes_nothing(tmp_path: Path) -> None:
    arm(tmp_path / "f.json", "bot")
    await reach("4 commit")


async def test_an_exception_is_raised_as_often_as_ordered(tmp_path: Path) -> None:
    path = ordered(tmp_path / "f.json", commit={"act": "exception", "count": 2})
    arm(path, "bot")
    for _ in range(2):
        with pytest.raises(Tripped, match="commit"):
            await reach("commit")
    await reach("commit")
    assert [said["process"] for said in firings(path)] == ["bot", "bot"]


async def test_the_count_outlives_the_process(tmp_path: Path) -> None:
    path = ordered(tmp_path / "f.json", commit={"act": "exception"})
    arm(path, "bot")
    with pytest.raises(Tripped):
        await reach("commit")
    arm(path, "bot")
    await reach("commit")


async def test_a_new_order_for_the_same_point_counts_anew(tmp_path: Path) -> None:
    path = ordered(tmp_path / "f.json", commit={"act": "exception", "name": "first"})
    arm(path, "bot")
    with pytest.raises(Tripped):
        await reach("commit")
    # a file's time goes forward in steps of some milliseconds
    await asyncio.sleep(0.1)
    ordered(path, commit={"act": "exception", "name": "second"})
    with pytest.raises(Tripped):
        await reach("commit")


async def test_another_process_is_spared(tmp_path: Path) -> None:
    arm(ordered(tmp_path / "f.json", commit={"act": "exception", "process": "desk"}), "bot")
    await reach("commit")


async def test_a_hang_lasts_as_long_as_ordered(tmp_path: Path) -> None:
    arm(ordered(tmp_path / "f.json", commit={"act": "hang", "seconds": 0.2, "count": 2}), "bot")
    began = time.monotonic()
    await reach("commit")
    reach_now("commit")
    assert time.monotonic() - began >= 0.4


async def test_the_dice_fall_the_same_for_the_same_seed(tmp_path: Path) -> None:
    async def falls(path: Path) -> list[bool]:
        rule = {"act": "exception", "count": 100, "probability": 0.5, "seed": 7}
        arm(ordered(path, commit=rule), "bot")
        fell = []
        for _ in range(20):
            try:
                await reach("commit")
                fell.append(False)
            except Tripped:
                fell.append(True)
        return fell

    first = await falls(tmp_path / "first.json")
    assert first == await falls(tmp_path / "second.json")
    assert set(first) == {True, False}


def test_a_kill_is_a_kill_and_happens_once(tmp_path: Path) -> None:
    path = ordered(tmp_path / "f.json", commit={"act": "kill"})
    told = "import sys; from pathlib import Path; from records.failpoints import arm, reach_now\n"
    told += "arm(Path(sys.argv[1]), 'bot'); reach_now('commit')"
    ends = [
        subprocess.run([sys.executable, "-c", told, str(path)], capture_output=True, check=False).returncode
        for _ in range(2)
    ]
    assert ends == [KILLED, 0]
