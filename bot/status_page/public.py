"""What the status page may show: incidents as everybody may know them, read from the records."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Self

from sqlalchemy import or_, select

from checks.desk_records import incident_of
from checks.incidents import CLOSED, OpenIncident
from records.database import ReadSession
from records.models import Incident, IncidentEvent

HISTORY = timedelta(days=90)
MOST_SAID = 30
ALOUD = ("opened", "said", "moved")
"""Events that keep words everybody was told."""
LISTS = ("components", "platforms", "partners")
TIMES = ("as_of", "started_at", "estimated_end_at", "ended_at")


@dataclass(frozen=True)
class Said:
    """Words as they were told, of what time they are, and in which state that was."""

    words: str
    as_of: datetime
    status: str


@dataclass(frozen=True)
class PublicIncident:
    """One incident as everybody may know it."""

    id: str
    components: tuple[str, ...]
    platforms: tuple[str, ...]
    partners: tuple[str, ...]
    status: str
    words: str
    as_of: datetime
    started_at: datetime
    estimated_end_at: datetime | None
    ended_at: datetime | None
    said: tuple[Said, ...]
    """All that was told, the newest first."""

    def open_at(self, moment: datetime) -> bool:
        """Whether it is still going on, by the rule the bot answers with."""
        return self._as_checked().open_at(moment)

    def overdue_at(self, moment: datetime) -> bool:
        """Whether its estimate has passed."""
        return self._as_checked().overdue_at(moment)

    def words_hold_at(self, moment: datetime) -> bool:
        """Whether its words are told as news, by the rule the bot answers with; what is over says how it ended."""
        return not self.open_at(moment) or self._as_checked().words_hold_at(moment)

    def touches_day(self, begin: datetime, end: datetime, now: datetime) -> bool:
        """Whether it was going on at any time of a day."""
        return self._as_checked().overlaps(begin, end, now)

    def as_data(self) -> dict[str, Any]:
        """Return it for the JSON file; `of_data` reads it back."""
        return {name: _plain(value) for name, value in asdict(self).items()}

    @classmethod
    def of_data(cls, data: dict[str, Any]) -> Self:
        """Return what the JSON file tells."""
        lists = {name: tuple(data[name]) for name in LISTS}
        times = {name: _moment(data[name]) for name in TIMES}
        said = tuple(Said(it["words"], datetime.fromisoformat(it["as_of"]), it["status"]) for it in data["said"])
        words = said[0].words if data["words"] is None else data["words"]
        return cls(**{**data, **lists, **times, "said": said, "words": words})

    def _as_checked(self) -> OpenIncident:
        return OpenIncident(**_known(self), public_message=self.words, source="")


async def read_public(session: ReadSession, now: datetime) -> tuple[PublicIncident, ...]:
    """Return the incidents that are open or were in the last ninety days, the newest first."""
    recent = or_(Incident.status != CLOSED, Incident.ended_at > now - HISTORY)
    wanted = select(Incident).where(recent, Incident.started_at <= now)
    rows = list(await session.scalars(wanted.order_by(Incident.started_at.desc(), Incident.id)))
    told = await _told(session, [row.id for row in rows])
    return tuple(_public(row, told[row.id]) for row in rows)


async def _told(session: ReadSession, ids: list[str]) -> dict[str, list[IncidentEvent]]:
    aloud = select(IncidentEvent).where(
        IncidentEvent.incident_id.in_(ids), IncidentEvent.kind.in_(ALOUD), IncidentEvent.as_of.is_not(None)
    )
    told = defaultdict(list)
    for event in await session.scalars(aloud.order_by(IncidentEvent.id)):
        told[event.incident_id].append(event)
    return told


def _public(row: Incident, told: Iterable[IncidentEvent]) -> PublicIncident:
    said, status = [], ""
    for event in told:
        status = event.detail.get("to") or event.detail.get("status") or status or row.status
        if event.said and event.as_of:
            said.append(Said(event.said, event.as_of, status))
    newest = tuple(said[-MOST_SAID:][::-1]) or (Said(row.public_message, row.as_of, row.status),)
    return PublicIncident(**_known(incident_of(row)), words=row.public_message, said=newest)


def _known(incident: OpenIncident | PublicIncident) -> dict[str, Any]:
    return {name: getattr(incident, name) for name in (*LISTS, *TIMES, "id", "status")}


def _moment(said: str | None) -> datetime | None:
    return datetime.fromisoformat(said) if said else None


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {name: _plain(it) for name, it in value.items()}
    return [_plain(it) for it in value] if isinstance(value, list | tuple) else value
