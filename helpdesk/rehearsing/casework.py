"""Cases in the hands of staff: taken, answered and closed in working hours, promised, rated, now and then reopened."""

import json
import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import NamedTuple
from uuid import UUID

from helpdesk.rehearsing.arriving import Arrival
from helpdesk.rehearsing.crew import Crew
from helpdesk.rehearsing.people import Person
from helpdesk.rehearsing.rows import moment
from helpdesk.rehearsing.talking import Talk
from helpdesk.rehearsing.words import AGENT_SAID, FOLLOW_UPS, NOTES, RESOLUTIONS, TAGS
from records.promises import DEFAULTS
from records.working_time import WorkingTime

RATED, REOPENED, NOTED = 0.34, 0.04, 0.12
SCORES, SCORE_WEIGHTS = (5, 4, 3, 2, 1), (52, 21, 9, 6, 12)
CLOSING = "Laporan {number} kami tutup ya, Kak. {resolution} Masih ada kendala? Balas saja di sini."
TAKEN, DONE = "diambil dari antrean", "selesai"
CROWDED = 2.6
"""So many times longer everybody waits while an outage fills the queue."""


class Done(NamedTuple):
    """When a case was taken, first answered and closed; none of what has not happened yet."""

    taken: float | None
    answered: float | None
    closed: float | None


def _status(done: Done) -> str:
    return "resolved" if done.closed else "claimed" if done.taken else "open"


@dataclass
class Casework:
    """What becomes of the cases."""

    talk: Talk
    crew: Crew
    random: Random
    until: float
    settled: bool
    """Whether everything is closed by the end: a running rehearsal is left nothing to chase."""

    def __post_init__(self) -> None:
        self.working = WorkingTime()

    def open(self, person: Person, it: Arrival, platform: str | None, turn: str, at: float, evidence: str) -> float:
        """Write the case a turn opened and all that follows; returns when the person is free again."""
        draw, rows, matter = self.random, self.talk.rows, it.matter
        rows.ticket += 1
        ticket, number, team = rows.new_id(), f"T-{rows.ticket}", self.crew.team(matter.queue)
        agent = draw.choice(self.crew.agents[team])
        summary = self.talk.sentences.about(matter.intent).capitalize()
        opened, spells, reopened, end = at, [], 0, at
        while True:
            promised, resolve_by = self._promised(matter.priority, opened)
            done = self._done(opened, matter.priority, crowded=it.outage is not None)
            end = self._worked(person, ticket, number, agent, turn, opened, done)
            if done.closed is None or reopened or draw.random() >= REOPENED:
                break
            again = done.closed + (0.5 + 30 * draw.random()) * 3600
            if again > self.until - 3600:
                break
            spells.append((promised, done.answered, done.closed))
            self.talk.hears(person, again, "belum bisa juga kak, masih sama", None, "joined", None)
            opened, reopened = again, 1
        for times, spell in enumerate(spells):
            rows.add("case_spells", ticket, times, *(value and moment(value) for value in spell))
        closed = done.closed
        if closed:
            self._rate(person, ticket, team, agent, it, closed, reopened)
        else:
            person.held_by = agent if done.taken else None
        resolution = self.talk.sentences.speaker.fill(draw.choice(RESOLUTIONS)) if closed else None
        rows.add(
            *("tickets", ticket, number, person.conversation, person.channel, person.participant, matter.intent),
            *(platform, person.course.title if person.course and matter.at_platforms else None, summary),
            *("Bot tidak bisa menyelesaikannya sendiri.", matter.queue or "PMO_ACCOUNT", matter.priority),
            *(
                "resolved" if closed else "claimed" if done.taken else "open",
                2,
                agent if done.taken else None,
                evidence,
            ),
            *(turn, moment(at), moment(promised), done.answered and moment(done.answered), closed and moment(closed)),
            *(resolution, team, person.wave, self._tags(), None if done.answered else moment(opened)),
            *(moment(resolve_by), reopened),
        )
        return end

    def _promised(self, priority: str, at: float) -> tuple[float, float]:
        terms = DEFAULTS[priority]
        return self._after(at, terms.answer), self._after(at, terms.resolve)

    def _done(self, opened: float, priority: str, *, crowded: bool) -> Done:
        """Draw when an agent took, answered and closed it, in working time."""
        draw = self.random
        slow = (CROWDED if crowded else 1.0) * {"urgent": 0.25, "high": 0.6, "normal": 1.0}[priority]
        wait = timedelta(minutes=min(230 * slow * math.exp(draw.gauss(0, 1.2)), 7_000))
        taken = self._after(opened, wait)
        answered = taken + 60 + 600 * draw.random()
        closed = self._after(answered, timedelta(minutes=min(100 * slow * math.exp(draw.gauss(0, 1.4)), 9_000)))
        if self.settled and closed > self.until:
            left = self.until - opened
            taken, answered, closed = opened + 0.3 * left, opened + 0.4 * left, opened + 0.9 * left
        at = (taken, answered, closed)
        return Done(*(when if when < self.until else None for when in at))

    def _after(self, at: float, work: timedelta) -> float:
        return self.working.after(datetime.fromtimestamp(at, UTC), work).timestamp()

    def _worked(
        self, person: Person, ticket: str, number: str, agent: UUID, turn: str, opened: float, done: Done
    ) -> float:
        """Write what is said while a person holds it; returns when that ends."""
        draw, talk = self.random, self.talk
        if draw.random() < 0.35:
            talk.hears(person, opened + 90 + 600 * draw.random(), self._says(FOLLOW_UPS), None, "joined", None)
        if done.taken is None:
            return self.until
        self._handed(person, ticket, ("bot", "human"), agent, TAKEN, done.taken)
        if draw.random() < NOTED:
            talk.notes(person, done.taken + 30, self._says(NOTES), agent)
        if done.answered is None:
            return self.until
        talk.says(person, done.answered, self._says(AGENT_SAID), "agent", staff=agent)
        until, at = done.closed or self.until, done.answered
        for _ in range(draw.choices((0, 1, 2, 3), (38, 34, 20, 8))[0]):
            at += (until - at) * draw.random() * 0.6
            talk.hears(person, at, self._says(FOLLOW_UPS), None, "joined", None)
            if draw.random() < 0.7:
                at += (until - at) * draw.random() * 0.5
                talk.says(person, at, self._says(AGENT_SAID), "agent", staff=agent)
        if done.closed is None:
            return self.until
        words = CLOSING.format(number=number, resolution=self._says(RESOLUTIONS))
        talk.says(person, done.closed, words, "agent", staff=agent, kind="closing")
        self._handed(person, ticket, ("human", "bot"), agent, DONE, done.closed)
        return done.closed

    def _handed(
        self, person: Person, ticket: str, owners: tuple[str, str], agent: UUID, reason: str, at: float
    ) -> None:
        rows = self.talk.rows
        rows.add("hand_overs", rows.new_id(), person.conversation, ticket, *owners, agent, 1, reason, moment(at))

    def _rate(
        self, person: Person, ticket: str, team: UUID, agent: UUID, it: Arrival, closed: float, reopened: int
    ) -> None:
        at = closed + 60 + 7_200 * self.random.random() ** 2
        if self.random.random() < RATED and at < self.until:
            score = self.random.choices(SCORES, SCORE_WEIGHTS)[0]
            queue = it.matter.queue or "PMO_ACCOUNT"
            self.talk.rows.add(
                *("ratings", ticket, reopened, score, moment(at), team, agent, it.matter.intent, queue, person.channel)
            )

    def _says(self, words: tuple[str, ...]) -> str:
        return self.talk.sentences.speaker.fill(words[int(self.random.random() * len(words))])

    def _tags(self) -> str:
        return json.dumps(self.random.sample(TAGS, self.random.choices((0, 1, 2), (72, 21, 7))[0]))
