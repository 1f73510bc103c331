"""The accepted weaknesses are of what is locked now, each with a reason and a day; silence is no good news."""

import datetime
import json
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.audit import LOCKS, Accepted, Weak, accepted, judged, pins, weaknesses

ROOT = Path(__file__).resolve().parents[2]
LINES = accepted((ROOT / "docs" / "supply-chain.md").read_text())
LOCKED = {lock: pins((ROOT / lock).read_text()) for lock in LOCKS}
TODAY = datetime.date(2026, 11, 22)
SANIC = Accepted("sanic", "21.12.2", LOCKS[1], ("CVE-2026-1",), TODAY, datetime.date(2027, 2, 22), "our channel only")


def weak(version: str = "21.12.2", advisory: str = "CVE-2026-1") -> Weak:
    return Weak(LOCKS[1], "sanic", version, ("GHSA-x", advisory), ("22.0",))


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.package)
def test_every_accepted_weakness_is_of_what_is_locked(line: Accepted) -> None:
    assert LOCKED[line.lock].get(line.package.lower()) == line.version


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.package)
def test_every_line_says_why_and_when_it_is_looked_at_again(line: Accepted) -> None:
    assert len(line.why) > 30
    assert datetime.timedelta(0) < line.again - line.since <= datetime.timedelta(days=100)


def test_lines_are_read_and_both_locks_are_looked_at() -> None:
    assert {"rasa", "aiohttp", "tensorflow", "sanic"} <= {line.package for line in LINES}
    assert all(len(LOCKED[lock]) > 50 for lock in LOCKS)


def test_what_nobody_accepted_is_named_with_what_mends_it() -> None:
    assert judged([weak(advisory="CVE-2026-2")], [SANIC], TODAY) == [
        f"sanic 21.12.2 in {LOCKS[1]}: GHSA-x, CVE-2026-2 (mended in 22.0)"
    ]
    assert judged([weak(version="21.12.3")], [SANIC], TODAY)
    assert judged([weak()], [SANIC], TODAY) == []


def test_an_acceptance_runs_out() -> None:
    assert judged([], [SANIC], datetime.date(2027, 2, 23)) == ["sanic 21.12.2: was to be looked at again on 2027-02-22"]


def test_a_package_nobody_could_be_asked_about_is_not_taken_for_well() -> None:
    said = {
        "dependencies": [
            {"name": "sanic", "version": "21.12.2", "vulns": [{"id": "CVE-2026-1", "fix_versions": []}]},
            {"name": "aiohttp", "skip_reason": "not found"},
            {"name": "attrs", "version": "22.1.0", "vulns": []},
        ]
    }
    found, unasked = weaknesses(LOCKS[1], said)
    assert [one.package for one in found] == ["sanic"]
    assert unasked == ["aiohttp"]


@pytest.mark.stack
def test_the_bill_names_every_locked_package_and_needs_no_network(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-m", "scripts.audit", "--bill"], cwd=ROOT, capture_output=True, check=True)
    for line, lock in zip(done.stdout.decode().splitlines(), LOCKS, strict=True):
        bill = json.loads(Path(line.split(": ")[1]).read_text())
        assert {one["name"].lower(): one["version"] for one in bill["components"]} == LOCKED[lock]
