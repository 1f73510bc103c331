"""What the project is made of (an SBOM a lock), and which known weaknesses that has: `make audit`.

What is known and lives on is accepted by a line of docs/supply-chain.md, with its reason, its date and the date it is
to be looked at again. Anything else, an acceptance that has run out, or a package nobody could be asked about, fails.
"""

from __future__ import annotations

import datetime
import json
import re
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.progress import say

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements.lock", "nlu/requirements.lock")
PAGE = ROOT / "docs" / "supply-chain.md"
ROW = re.compile(r"^\| *(?P<package>[\w.-]+) *\| *(?P<version>\d[\w.+]*) *\| *(?P<lock>[\w/.]+) *\|(?P<rest>.*)\|$")
PIN = re.compile(r"^([\w.-]+)==([\w.+!]+)", re.M)


@dataclass(frozen=True)
class Accepted:
    """One line of the page: a weakness that is lived with, why, since when, and when it is looked at again."""

    package: str
    version: str
    lock: str
    ids: tuple[str, ...]
    """Ids of advisories; none for what no scanner reports, such as an end of life."""
    since: datetime.date
    again: datetime.date
    why: str


@dataclass(frozen=True)
class Weak:
    """A known weakness of a package in a lock."""

    lock: str
    package: str
    version: str
    ids: tuple[str, ...]
    mended_in: tuple[str, ...]


def accepted(page: str) -> list[Accepted]:
    """Read the lines of the page."""
    found = []
    for line in page.splitlines():
        row = ROW.match(line)
        cells = [cell.strip() for cell in row["rest"].split("|")] if row else []
        if row and len(cells) == 4:
            ids = tuple(re.findall(r"[A-Z]+-[\w-]+", cells[0]))
            since, again = (datetime.date.fromisoformat(day) for day in cells[1:3])
            found.append(Accepted(row["package"], row["version"], row["lock"], ids, since, again, cells[3]))
    return found


def pins(lock: str) -> dict[str, str]:
    """Return each package of a lock with its version."""
    return {name.lower(): version for name, version in PIN.findall(lock)}


def weaknesses(lock: str, said: dict[str, Any]) -> tuple[list[Weak], list[str]]:
    """Return what the scanner found in a lock, and the packages it could not ask about."""
    weak, unasked = [], []
    for package in said["dependencies"]:
        if "skip_reason" in package:
            unasked.append(str(package["name"]))
        for one in package.get("vulns", []):
            ids = (one["id"], *one.get("aliases", []))
            mended = tuple(one.get("fix_versions", []))
            weak.append(Weak(lock, package["name"].lower(), package["version"], ids, mended))
    return weak, unasked


def judged(weak: Iterable[Weak], known: Iterable[Accepted], today: datetime.date) -> list[str]:
    """Return what is wrong: weaknesses nobody accepted, and acceptances that have run out."""
    known = list(known)
    wrong = [f"{one.package} {one.version} in {one.lock}: {', '.join(one.ids)}{_mended(one)}" for one in weak
             if not any(_covers(line, one) for line in known)]  # fmt: skip
    run_out = [f"{line.package} {line.version}: was to be looked at again on {line.again}" for line in known
               if line.again < today]  # fmt: skip
    return wrong + run_out


def _covers(line: Accepted, weak: Weak) -> bool:
    same = (line.package.lower(), line.version, line.lock) == (weak.package, weak.version, weak.lock)
    return same and bool(set(line.ids) & set(weak.ids))


def _mended(weak: Weak) -> str:
    return f" (mended in {', '.join(weak.mended_in)})" if weak.mended_in else " (not mended anywhere)"


def _bill(lock: str, folder: Path) -> Path:
    """Write the SBOM of a lock; nobody is asked for that."""
    out = folder / (lock.replace("/", "-").replace("requirements.lock", "") + "sbom.cdx.json").lstrip("-")
    command = [str(Path(sys.executable).with_name("cyclonedx-py")), "requirements", lock, "--of", "JSON"]
    subprocess.run([*command, "--output-reproducible", "-o", str(out)], cwd=str(ROOT), check=True, capture_output=True)
    return out


def _scan(lock: str) -> dict[str, Any]:
    """Ask for the known weaknesses of a lock; the one step that needs a network."""
    command = [str(Path(sys.executable).with_name("pip-audit")), "-r", lock, "--no-deps", "--disable-pip"]
    done = subprocess.run([*command, "-f", "json"], cwd=str(ROOT), check=False, stdout=subprocess.PIPE)
    if not done.stdout:
        raise SystemExit(f"The scanner said nothing of {lock}.")
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def main() -> int:
    """Write the SBOMs, scan both locks, and say what is wrong; `--bill` writes the SBOMs alone."""
    folder = ROOT / "var" / "audit"
    folder.mkdir(parents=True, exist_ok=True)
    for lock in LOCKS:
        say(f"{lock}: {_bill(lock, folder)}")
    if "--bill" in sys.argv:
        return 0
    weak: list[Weak] = []
    unasked: list[str] = []
    for lock in LOCKS:
        found, not_asked = weaknesses(lock, _scan(lock))
        weak, unasked = weak + found, unasked + not_asked
    known = accepted(PAGE.read_text(encoding="utf-8"))
    wrong = judged(weak, known, datetime.date.today())  # noqa: DTZ011 (a day is enough)
    for line in wrong:
        say(f"not accepted: {line}")
    if unasked:
        say(f"{len(unasked)} packages could not be asked about, which is no word that they are well: {unasked[0]} …")
    say(f"{len(weak)} known weaknesses, {len(known)} lines accepted, {len(wrong)} to be seen to.")
    return 1 if wrong or unasked else 0


if __name__ == "__main__":
    sys.exit(main())
