"""A Finding: what a check found out, with its evidence; a source that could not be asked is never a "no"."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Verdict(StrEnum):
    """The answer to a check's question."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"
    """Could not ask."""


class Queue(StrEnum):
    """The desk's queues."""

    PMO_TRANSACTION = "PMO_TRANSACTION"
    PMO_ACCOUNT = "PMO_ACCOUNT"
    PMO_INCENTIVE = "PMO_INCENTIVE"
    PLATFORM = "PLATFORM"
    PAYMENT_PARTNER = "PAYMENT_PARTNER"
    SECURITY = "SECURITY"
    PRIVACY = "PRIVACY"


class Priority(StrEnum):
    """How soon a person must look."""

    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


@dataclass(frozen=True)
class Evidence:
    """One thing that was asked: of whom, the (masked) value, its age and how long asking took."""

    label: str
    value: str
    source: str
    as_of: datetime | None = None
    took_ms: float | None = None
    failed: str | None = None
    """Why the source could not be asked, where that was its failure and not merely a question it does not have."""


@dataclass(frozen=True)
class Escalation:
    """Why a person must look, where and how soon."""

    reason: str
    queue: Queue
    priority: Priority = Priority.NORMAL


@dataclass(frozen=True)
class Finding:
    """What a check found: `check` names it, `summary` says it in one Indonesian line for staff."""

    check: str
    verdict: Verdict
    summary: str
    evidence: tuple[Evidence, ...] = ()
    advice: str | None = None
    """Key of the wording that tells the participant what to do."""
    escalate: Escalation | None = None
    words: Mapping[str, str] = field(default_factory=dict)
    """Values for the placeholders of that wording; not part of the data."""
    run: str | None = None
    """The check's name in `checks/table.py`, by which it can be run again."""
    said: str | None = None
    """What the participant is told of it, where there are words for it."""

    def as_data(self) -> dict[str, Any]:
        """Return the finding as JSON-ready data (datetimes as ISO text)."""
        return {key: _plain(value) for key, value in asdict(self).items() if key != "words"}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
