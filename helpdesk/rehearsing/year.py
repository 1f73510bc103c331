"""A year put together: hours in order, who knocks and who comes back, in batches of lines for COPY."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from helpdesk.rehearsing.arriving import Arrivals
from helpdesk.rehearsing.casework import Casework
from helpdesk.rehearsing.catalogue import Course
from helpdesk.rehearsing.contacts import Contacts
from helpdesk.rehearsing.crew import Crew
from helpdesk.rehearsing.loading import Batch
from helpdesk.rehearsing.outages import Outage, outages
from helpdesk.rehearsing.people import People
from helpdesk.rehearsing.rows import Rows
from helpdesk.rehearsing.seasons import Seasons
from helpdesk.rehearsing.sentences import Sentences
from helpdesk.rehearsing.talking import Talk
from records.clock import WIB

BEGINNING = datetime(2020, 4, 11, 8, tzinfo=WIB)
"""Before it there was no programme, so nobody wrote."""
LAST_WORDS = timedelta(minutes=20)
"""Nobody begins to write so shortly before the end."""
MONTH = timedelta(days=365.25 / 12)
EACH = 4.55
"""Messages a contact, until it is known of this year."""
KNOWN_AFTER = 3_000
BATCH = 40_000


@dataclass(frozen=True)
class Asked:
    """What kind of year is wanted."""

    until: datetime
    months: float
    messages: int
    seed: int
    settled: bool = False
    """Whether no case is left open at the end."""

    @property
    def first(self) -> datetime:
        """When it begins: at the beginning of the programme at the earliest."""
        day = (self.until - self.months * MONTH).astimezone(WIB)
        return max(day.replace(hour=0, minute=0, second=0, microsecond=0), BEGINNING)


@dataclass(frozen=True)
class From:
    """The numbers that are taken already."""

    position: int = 0
    inbox: int = 0
    outbox: int = 0
    ticket: int = 100_000


class Year:
    """Makes everything that happened, batch after batch, the same every time for the same seed."""

    def __init__(self, asked: Asked, crew: Crew, courses: list[Course], start: From) -> None:
        self.asked, seed = asked, asked.seed
        last = asked.until - LAST_WORDS
        self.outages: list[Outage] = outages(asked.first, last, seed + 1)
        self.seasons = Seasons(asked.first, last, seed + 2)
        hours = list(self.seasons.hours())
        self.arrivals = Arrivals(hours, self.outages, Random(seed + 3))
        numbers = {"position": start.position, "inbox": start.inbox, "outbox": start.outbox, "ticket": start.ticket}
        self.rows = Rows(Random(seed + 4), **numbers)
        sentences = Sentences(seed + 5)
        self.people = People(Random(seed + 6), self.rows, sentences.speaker, courses)
        talk = Talk(self.rows, sentences, Random(seed + 7))
        until = asked.until.timestamp()
        cases = Casework(talk, crew, Random(seed + 8), until, asked.settled)
        self.contacts = Contacts(self.people, talk, cases, Random(seed + 9))
        self.brought: Counter[str] = Counter()

    def batches(self) -> Iterator[Batch]:
        """Yield the lines, hour after hour; the last batch has the conversations as they stand at the end."""
        written = self.rows.messages
        for number, hour in enumerate(self.arrivals.hours):
            self._hour(number, hour.begins.timestamp() + 3_600)
            if self.rows.messages - written >= BATCH:
                written = self.rows.messages
                yield self.rows.take()
        self.people.conversations()
        yield self.rows.take()

    def truth(self) -> dict[str, Any]:
        """Return what is known of this year that no reader of the database can know for sure."""
        asked, rows = self.asked, self.rows
        waves = [
            {"wave": it.number, "opens": it.opens_at.isoformat(), "decided": it.decided_at.isoformat()}
            for it in self.seasons.waves
        ]
        brought = [{**it.as_data(), "brought": self.brought[it.name]} for it in self.outages]
        return {
            **{"first": asked.first.isoformat(), "until": asked.until.isoformat(), "seed": asked.seed},
            **{"messages": rows.messages, "turns": rows.turns, "people": self.people.count},
            **{"contacts": self.contacts.count, "outages": brought, "waves": waves},
            "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        }

    def _hour(self, number: int, until: float) -> None:
        came = self.arrivals.of_hour(number, self._contacts_left())
        for arrival in came:
            for back in self.contacts.due(arrival.at):
                self.contacts.again(back)
            if arrival.outage:
                self.brought[arrival.outage] += 1
            self.contacts.take(arrival)
        for back in self.contacts.due(until):
            self.contacts.again(back)

    def _contacts_left(self) -> float:
        count, made = self.contacts.count, self.rows.messages
        each = made / count if count > KNOWN_AFTER else EACH
        return max(self.asked.messages - made, 0) / each
