"""Every lock of the database has a number of its own: two kinds of work that share one would wait for each other."""

import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("bot", "desk", "records", "registry", "trends", "helpdesk")
NUMBER = re.compile(r"^(\w+_LOCK) = ([\d_]+)$", re.MULTILINE)


def test_no_two_locks_share_a_number() -> None:
    found = [
        lock for room in ROOMS for file in (ROOT / room).rglob("*.py") for lock in NUMBER.findall(file.read_text())
    ]
    assert len(found) > 8
    numbers = Counter(int(number) for _, number in found)
    assert [lock for lock in found if numbers[int(lock[1])] > 1] == []
