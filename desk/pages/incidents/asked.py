"""What the forms of incidents bring: ticked lists, WIB times, and a scope made of them. Nothing typed is lost."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Self
from uuid import UUID, uuid4

from starlette.datastructures import FormData

from checks.system_status import COMPONENTS, EVERYTHING
from desk.detection.elsewhere import alone_on_its_channel
from desk.incidents.opening import SEVERITIES, SOURCE, Opening
from desk.incidents.scope import Scope, intents_of
from desk.incidents.words import suggested_title, suggested_words
from desk.refusals import NotWellSaid
from records.clock import WIB, wib
from records.models import Incident, Suspicion

LONGEST = 4_000
LISTS = ("components", "intents", "platforms", "partners", "channels")


@dataclass(frozen=True)
class Draft:
    """An incident as it stands in the form."""

    words: dict[str, str] = field(default_factory=dict)
    lists: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of_form(cls, form: FormData) -> Self:
        """Return what the form brought; complaints that nobody chose are those the components are asked about for."""
        words = {name: str(value)[:LONGEST] for name, value in form.items() if name not in LISTS}
        lists = {name: tuple(str(one)[:60] for one in form.getlist(name) if one) for name in LISTS}
        if not lists["intents"]:
            lists["intents"] = intents_of(lists["components"])
        return cls(words, lists)

    @classmethod
    def blank(cls, now: datetime, owner: UUID) -> Self:
        """Return an empty form with a key of its own: now, suspected, of middle severity."""
        said = {"since": typed(now), "as_of": typed(now), "status": "suspected", "severity": SEVERITIES[1]}
        return cls({**said, "source": SOURCE, "owner": str(owner), "key": str(uuid4())}, dict.fromkeys(LISTS, ()))

    @classmethod
    def of_suspicion(cls, suspicion: Suspicion, now: datetime, owner: UUID) -> Self:
        """Return a form filled with what a suspicion knows."""
        blank = cls.blank(now, owner)
        intents = (suspicion.intent,) if suspicion.intent else ()
        touched = COMPONENTS.get(suspicion.intent or "", ())
        components = () if touched == EVERYTHING else touched
        words = {
            "suspicion": str(suspicion.id),
            "since": typed(suspicion.began_at),
            "title": suggested_title(suspicion),
            "public_message": suggested_words(suspicion),
        }
        lists = {
            "components": components,
            "intents": intents,
            "platforms": (suspicion.platform,) if suspicion.platform else (),
            "channels": (suspicion.channel,) if suspicion.channel and alone_on_its_channel(suspicion) else (),
        }
        return replace(blank, words=blank.words | words, lists=blank.lists | lists)

    @classmethod
    def of_incident(cls, incident: Incident) -> Self:
        """Return the scope of an incident as the form shows it."""
        words = {"since": typed(incident.started_at), "by_purchase": incident.by_purchase or ""}
        return cls(words, {name: tuple(getattr(incident, name)) for name in LISTS})

    def said(self, name: str) -> str:
        """Return what was typed into a field."""
        return self.words.get(name, "")

    def has(self, name: str, key: str) -> bool:
        """Say whether something is ticked."""
        return key in self.lists.get(name, ())

    def scope(self, until: datetime | None = None) -> Scope:
        """Return the scope; raises NotWellSaid where a time cannot be read."""
        platforms = self.lists["platforms"]
        why = " ".join(self.said("by_purchase").split())
        return Scope(
            **{name: self.lists[name] for name in LISTS},
            by_purchase=why if why and platforms else None,
            since=moment_of(self.said("since"), "Waktu mulai gangguan"),
            until=until,
        )

    def opening(self, now: datetime) -> Opening:
        """Return what is to be opened; raises NotWellSaid."""
        given: dict[str, Any] = {name: self.said(name) for name in ("title", "severity", "status", "public_message")}
        estimate = self.said("estimate")
        return Opening(
            **given,
            source=self.said("source") or SOURCE,
            scope=self.scope(),
            as_of=moment_of(self.said("as_of"), "Waktu kabar") if self.said("as_of") else now,
            estimate=moment_of(estimate, "Perkiraan pulih") if estimate else None,
            owner_id=id_of(self.said("owner"), "Pilih pemilik insiden dari daftar."),
            suspicion_id=id_of(self.said("suspicion"), "Dugaan itu tidak ada.") if self.said("suspicion") else None,
            key=id_of(self.said("key"), "Formulir ini tidak lengkap.") if self.said("key") else None,
        )


def typed(moment: datetime | None) -> str:
    """Return a moment as a form's field holds it, in WIB."""
    return f"{wib(moment):%Y-%m-%dT%H:%M}" if moment else ""


def moment_of(said: str, what: str) -> datetime:
    """Return the moment that was typed in WIB; raises NotWellSaid."""
    try:
        moment = datetime.fromisoformat(said.strip())
    except ValueError:
        raise NotWellSaid(f"{what} tidak terbaca. Pilih tanggal dan jamnya.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=WIB)


def as_of_or_now(said: str, now: datetime, shown: datetime) -> datetime:
    """Return of what time the words are: as typed, or now where the field still says the minute the page was made."""
    if not said or said == typed(shown) or said == typed(now):
        return now
    return moment_of(said, "Waktu kabar")


def id_of(said: str, problem: str) -> UUID:
    """Return an id a form brought; raises NotWellSaid with this problem."""
    try:
        return UUID(said)
    except ValueError:
        raise NotWellSaid(problem) from None
