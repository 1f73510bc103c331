"""A finding as it was written down, and what the same check said when somebody of the desk asked again."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from desk.wording_checks import BY_NAME, check_label
from records.database import ReadSession
from records.models import Recheck, Staff, Ticket

RECHECKS = 120
COULD_NOT = "could_not_ask"


@dataclass(frozen=True)
class Row:
    """One thing that was asked, and the answer."""

    label: str
    value: str
    source: str
    as_of: datetime | None
    took_ms: float | None


@dataclass(frozen=True)
class Again:
    """What the same check said when somebody of the desk asked again."""

    at: datetime
    by: str
    state: str
    """same, changed, gone (it has nothing to say of this person any more) or could_not_ask."""
    finding: "Checked | None"


@dataclass(frozen=True)
class Checked:
    """One finding."""

    check: str
    verdict: str
    summary: str
    rows: tuple[Row, ...]
    escalation: str | None
    run: str | None = None
    """By which name it can be run again."""
    said: str | None = None
    """What the participant is told of it."""
    again: Again | None = None
    """The latest answer to asking again."""
    failed: Again | None = None
    """Asking that came to nothing after that: what was known before still stands."""
    asked_by: str | None = None
    """Who of the desk had it asked, where the bot had not."""
    asked_at: datetime | None = None

    @property
    def label(self) -> str:
        """The question it answers."""
        return check_label(self.check)

    @property
    def topic(self) -> str | None:
        """What of it the question is about, where that has a name of its own."""
        return BY_NAME.get(self.run) if self.run else None

    @property
    def changed(self) -> bool:
        """Whether asking again said something else."""
        return self.again is not None and self.again.state == "changed"

    @property
    def now(self) -> "Checked":
        """What holds now: the answer to asking again, where there was one."""
        return (self.again.finding if self.again else None) or self

    @property
    def as_of(self) -> datetime | None:
        """How old what holds now is: the oldest of its rows decides."""
        return min((row.as_of for row in self.now.rows if row.as_of), default=None)

    @property
    def took_ms(self) -> float | None:
        """How long asking took, of the slowest source."""
        return max((row.took_ms for row in self.now.rows if row.took_ms is not None), default=None)

    @property
    def known(self) -> tuple[str, str, tuple[tuple[str, str], ...]]:
        """What it says, without when and how fast: two that are alike here say the same."""
        return self.verdict, self.summary, tuple((row.label, row.value) for row in self.rows)


def read_finding(finding: dict[str, Any]) -> Checked:
    """Return a finding as it was written down."""
    escalate = finding.get("escalate") or {}
    return Checked(
        check=str(finding.get("check", "")),
        verdict=str(finding.get("verdict", "unknown")),
        summary=str(finding.get("summary", "")),
        rows=tuple(_row(row) for row in finding.get("evidence") or ()),
        escalation=str(escalate["reason"]) if escalate.get("reason") else None,
        run=str(finding["run"]) if finding.get("run") else None,
        said=str(finding["said"]) if finding.get("said") else None,
    )


def _row(row: dict[str, Any]) -> Row:
    took = row.get("took_ms")
    return Row(
        label=str(row.get("label", "")),
        value=str(row.get("value", "")),
        source=str(row.get("source", "")),
        as_of=_moment(row.get("as_of")),
        took_ms=float(took) if isinstance(took, int | float) else None,
    )


def _moment(said: Any) -> datetime | None:
    """A time without a zone says nothing certain, so it is not shown as one."""
    try:
        moment = datetime.fromisoformat(said) if isinstance(said, str) else None
    except ValueError:
        return None
    return moment if moment and moment.tzinfo else None


type Asked = list[tuple[Recheck, str]]


async def asked_again(
    session: ReadSession | AsyncSession, conversation_id: UUID, ticket: Ticket | None
) -> dict[str, Asked]:
    """Return what asking again found since the case began, by check, the latest first."""
    query = (
        select(Recheck, Staff.name)
        .join(Staff, Staff.id == Recheck.staff_id)
        .where(Recheck.conversation_id == conversation_id)
        .order_by(Recheck.at.desc(), Recheck.id)
        .limit(RECHECKS)
    )
    if ticket:
        query = query.where(Recheck.at >= ticket.opened_at)
    found: dict[str, Asked] = {}
    for recheck, by in (await session.execute(query)).all():
        found.setdefault(recheck.check_name, []).append((recheck, by))
    return found


def with_again(before: Checked, again: dict[str, Asked]) -> Checked:
    """Return a finding with what asking again said of it."""
    asked = next((rows for name, rows in again.items() if _same_check(before, name, rows)), [])
    states = [_again(before, recheck, by) for recheck, by in asked]
    answered = next((it for it in states if it.state != COULD_NOT), None)
    failed = states[0] if states and states[0].state == COULD_NOT else None
    return replace(before, again=answered, failed=failed)


def _again(before: Checked, recheck: Recheck, by: str) -> Again:
    if recheck.finding is None:
        return Again(recheck.at, by, "gone", None)
    found = read_finding(recheck.finding)
    if found.verdict == "unknown":
        return Again(recheck.at, by, COULD_NOT, found)
    return Again(recheck.at, by, "same" if found.known == before.known else "changed", found)


def only_asked(name: str, asked: Asked, before: list[Checked]) -> Checked | None:
    """Return what only the desk asked: the latest answer, or that none could be had."""
    if any(_same_check(it, name, asked) for it in before):
        return None
    said = [(recheck, by, read_finding(recheck.finding)) for recheck, by in asked if recheck.finding is not None]
    if not said:
        return None
    recheck, by, found = next((it for it in said if it[2].verdict != "unknown"), said[0])
    return replace(found, asked_by=by, asked_at=recheck.at)


def _same_check(before: Checked, name: str, asked: Asked) -> bool:
    if before.run:
        return before.run == name
    return any(recheck.finding is not None and recheck.finding.get("check") == before.check for recheck, _ in asked)
