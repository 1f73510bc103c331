"""The made-up cases, oldest first: who, about what, how it went, and every message of it as rows for COPY.

Most are resolved. About 5,000 of a million are open, most of them of the last two days; people come back; a wave brings
more than the weeks before it. Only recent cases have turns and outbox rows, as retention would leave it.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

from helpdesk.rehearsing.crew import Crew
from helpdesk.rehearsing.words import (
    AGENT_SAID,
    BOT_SAID,
    COMPLAINTS,
    FOLLOW_UPS,
    NOTES,
    PLATFORMS,
    RESOLUTIONS,
    TAGS,
    Speaker,
)

BEGAN = datetime(2020, 3, 20, tzinfo=UTC)
NOW = datetime(2020, 8, 24, 3, 0, tzinfo=UTC)
"""24 August 2020, 10.00 WIB: when the rehearsal opens."""
OPEN_SHARE = 0.005
RETURNING = 0.38
"""Share of cases of people who had one before."""
RECENT = 0.03
"""Share of cases, the latest, that still have turns and outbox rows."""
QUEUES = {
    **dict.fromkeys(("login_failed", "identity_verification_failed", "join_wave_failed"), "PMO_ACCOUNT"),
    **dict.fromkeys(("incentive_not_received", "card_number_or_balance"), "PMO_INCENTIVE"),
    **dict.fromkeys(("class_access", "certificate_missing"), "PLATFORM"),
    "payout_account_failed": "PAYMENT_PARTNER",
    "wrong_charge": "SECURITY",
}
INTENTS = tuple(COMPLAINTS)
WEIGHTS = (9, 12, 14, 6, 16, 8, 7, 6, 5, 4, 5, 6, 5, 2)
LENGTHS = (2, 3, 4, 5, 6, 7, 8, 10, 14)
LENGTH_WEIGHTS = (11, 18, 20, 17, 12, 8, 7, 5, 2)
CHANNELS = ("telegram", "whatsapp", "web")
EVIDENCE = json.dumps(
    [
        {
            "check": "participant",
            "verdict": "yes",
            "summary": "Penerima gelombang 4, kartu aktif, batas beli pertama 2 September 2020.",
            "evidence": [
                {
                    "label": "Saldo",
                    "value": "Rp1.000.000",
                    "source": "tabel program",
                    "as_of": "2020-08-24T01:00:00+00:00",
                    "took_ms": 4.1,
                }
            ],
            "advice": None,
            "escalate": None,
        }
    ]
)
NONE = r"\N"
TABLES: dict[str, str] = {
    "identities": "id, channel, external_id, display_name, participant_id, bound_by, bound_at",
    "conversations": "id, channel, external_id, identity_id, opened_at, last_inbound_at, window_until, owner,"
    " owner_version, staff_id",
    "inbox": "id, channel, external_id, conversation_id, kind, order_key, received_at, stored_at, status, done_at",
    "turns": "id, inbox_id, conversation_id, channel, intent, confidence, ranking, platform, findings, outcome, model,"
    " took_ms, created_at",
    "messages": "id, position, conversation_id, direction, author, text, inbox_id, turn_id, staff_id, created_at",
    "outbox": "id, position, conversation_id, message_id, channel, payload, author, owner_version, status, sent_at",
    "tickets": "id, number, conversation_id, channel, intent, platform, course, summary, reason, queue, priority,"
    " status, version, staff_id, evidence, opened_by_turn, opened_at, promised_at, first_reply_at, resolved_at,"
    " resolution, team_id, wave, tags, waiting_since",
}
"""By table, in the order they are filled, the columns of a row."""

type Batch = dict[str, list[str]]


@dataclass
class Person:
    """Somebody who writes, with their one conversation."""

    identity: str
    conversation: str
    channel: str
    busy: bool = False
    """Has an open case."""


@dataclass
class Country:
    """Makes the cases, batch after batch."""

    crew: Crew
    total: int
    random: Random = field(default_factory=lambda: Random(20200824))
    people: list[Person] = field(default_factory=list)
    position: int = 0
    inbox: int = 0
    outbox: int = 0

    def batches(self, size: int = 10_000) -> Iterator[Batch]:
        """Yield rows of so many cases at a time."""
        self.speaker, self._ids = Speaker(11), _ids()
        for start in range(0, self.total, size):
            self.batch: Batch = {name: [] for name in TABLES}
            for number in range(start, min(start + size, self.total)):
                self._case(number)
            yield self.batch

    def _add(self, table: str, *values: object) -> None:
        self.batch[table].append("\t".join([NONE if value is None else str(value) for value in values]))

    def _case(self, number: int) -> None:
        random, fill = self.random, self.speaker.fill
        share = number / self.total
        opened = BEGAN + (NOW - BEGAN) * share**0.8
        status = self._status(share)
        person, new = self._person(status)
        recent = share > 1 - RECENT or status != "resolved"
        intent = random.choices(INTENTS, WEIGHTS)[0]
        queue = QUEUES.get(intent, "PMO_TRANSACTION")
        team = self.crew.teams.get(queue, self.crew.teams[""])
        agent: UUID | None = random.choice(self.crew.agents[team])
        count = random.choices(LENGTHS, LENGTH_WEIGHTS)[0]
        if status == "open":
            agent, count = None, min(count, 4)
        if new:
            self._arrive(person, opened)
        turn = next(self._ids)
        took = timedelta(minutes=1 + random.random() ** 3 * 60 * 30)
        last_in, answered, ended = self._talk(person, intent, count, opened, took, agent, recent, turn)
        waiting = (
            None
            if status == "resolved"
            else opened
            if answered is None
            else (last_in if random.random() < 0.5 else None)
        )
        course = fill("{course}")
        self._add(
            "tickets",
            next(self._ids),
            f"T-{100_001 + number}",
            person.conversation,
            person.channel,
            intent,
            random.choice(PLATFORMS),
            course if random.random() < 0.6 else None,
            fill(random.choice(COMPLAINTS[intent])).capitalize() + ".",
            "Kendala sudah lebih dari 24 jam.",
            queue,
            random.choices(("normal", "high", "urgent"), (86, 11, 3))[0],
            status,
            2,
            agent,
            EVIDENCE if recent else "[]",
            turn,
            opened.isoformat(),
            (opened + timedelta(hours=random.choice((1, 4, 8, 24)))).isoformat(),
            answered and answered.isoformat(),
            ended.isoformat() if status == "resolved" else None,
            fill(random.choice(RESOLUTIONS)) if status == "resolved" else None,
            team,
            random.randint(1, 6) if random.random() < 0.8 else None,
            json.dumps(random.sample(TAGS, random.choices((0, 1, 2, 3), (60, 25, 11, 4))[0])),
            waiting and waiting.isoformat(),
        )
        if status != "resolved":
            person.busy = True

    def _status(self, share: float) -> str:
        # four in five of the open ones are of the latest hundredth, the rest of the latest fifth
        chance = 0.8 * OPEN_SHARE / 0.01 if share > 0.99 else 0.2 * OPEN_SHARE / 0.19 if share > 0.8 else 0.0
        if self.random.random() >= chance:
            return "resolved"
        return "open" if self.random.random() < 0.55 else "claimed"

    def _person(self, status: str) -> tuple[Person, bool]:
        random = self.random
        if len(self.people) > 100 and random.random() < RETURNING:
            known = self.people[int(random.random() * len(self.people) * 0.95)]
            if not known.busy:
                return known, False
        person = Person(next(self._ids), next(self._ids), random.choices(CHANNELS, (45, 40, 15))[0])
        self.people.append(person)
        return person, True

    def _arrive(self, person: Person, at: datetime) -> None:
        number, bound = len(self.people), self.random.random() < 0.7
        self._add(
            "identities",
            *(person.identity, person.channel, f"orang-{number}", self.speaker.name()),
            *((f"P-{number}", "rehearsal", at.isoformat()) if bound else (None, None, None)),
        )
        window = (at + timedelta(hours=24)).isoformat() if person.channel == "whatsapp" else None
        self._add(
            "conversations",
            *(person.conversation, person.channel, f"orang-{number}", person.identity, at.isoformat()),
            *(at.isoformat(), window, "bot", 0, None),
        )

    def _talk(
        self,
        person: Person,
        intent: str,
        count: int,
        opened: datetime,
        took: timedelta,
        agent: UUID | None,
        recent: bool,
        opening_turn: str,
    ) -> tuple[datetime, datetime | None, datetime]:
        """Write the messages; return when the participant last wrote, when an agent first did, and the end."""
        random, fill = self.random, self.speaker.fill
        at, last_in, answered = opened - timedelta(seconds=40), opened, None
        for place in range(count):
            author = "participant" if place % 2 == 0 else "bot" if place < 2 or agent is None else "agent"
            if author == "participant":
                said = fill(random.choice(COMPLAINTS[intent] if place == 0 else FOLLOW_UPS))
                direction, last_in = "in", at
            elif author == "bot":
                direction, said = "out", fill(random.choice(BOT_SAID))
            else:
                note = random.random() < 0.15
                direction, said = (
                    ("note", fill(random.choice(NOTES))) if note else ("out", fill(random.choice(AGENT_SAID)))
                )
                answered = answered or at
            self._say(person, direction, author, said, at, agent, recent, opening_turn if place == 0 else None, intent)
            at += timedelta(seconds=20) if place == 0 else took / count
        return last_in, answered, at

    def _say(
        self,
        person: Person,
        direction: str,
        author: str,
        said: str,
        at: datetime,
        agent: UUID | None,
        recent: bool,
        turn: str | None,
        intent: str,
    ) -> None:
        self.position += 1
        message, moment, inbox = next(self._ids), at.isoformat(), None
        if recent and author == "participant":
            self.inbox += 1
            inbox = self.inbox
            self._add(
                "inbox",
                *(inbox, person.channel, f"update:{inbox}", person.conversation, "text", inbox, moment, moment),
                *("done", moment),
            )
            ranking = json.dumps([{"name": intent, "confidence": 0.81}, {"name": "system_outage", "confidence": 0.09}])
            self._add(
                "turns",
                *(turn or next(self._ids), inbox, person.conversation, person.channel, intent, 0.81, ranking),
                *("tokopedia", EVIDENCE, "handed_over" if turn else "joined", "model-2020", 21.0, moment),
            )
        self._add(
            "messages",
            *(message, self.position, person.conversation, direction, author, said, inbox, turn if inbox else None),
            *(agent if author == "agent" else None, moment),
        )
        if recent and direction == "out":
            self.outbox += 1
            payload = json.dumps({"text": said, "buttons": []})
            self._add(
                "outbox",
                *(next(self._ids), self.outbox, person.conversation, message, person.channel, payload, author, 0),
                *(self.random.choices(("sent", "delivered", "read"), (1, 3, 6))[0], moment),
            )


def _ids() -> Iterator[str]:
    """Yield random ids without end, as the real ones are: their rows lie scattered over the indexes."""
    while True:
        digits = os.urandom(160_000).hex()
        yield from (digits[start : start + 32] for start in range(0, len(digits), 32))
