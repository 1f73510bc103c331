"""Who writes: invented participants of every wave and province, and strangers; each with one chat on one channel."""

import math
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import accumulate
from random import Random

from helpdesk.rehearsing.arriving import Arrival
from helpdesk.rehearsing.catalogue import Course, partners_on
from helpdesk.rehearsing.outages import CHANNEL_WEIGHTS, PLATFORM_WEIGHTS
from helpdesk.rehearsing.rows import Rows, moment
from helpdesk.rehearsing.waves import FIRST_PURCHASE, WAVES
from helpdesk.rehearsing.words import Speaker
from simulator.programme.identifiers import telegram_id

DAY = 86_400.0
BOUND = 0.72
"""Share of those who let the bot know which participant they are."""
NEW = 0.46
LINKED, BOUGHT = 0.62, 0.7
GRANT = 1_000_000
FIRST_NUMBER = 400_000_000
"""Telegram ids from there on belong to nobody else of a rehearsal."""
PROVINCES = {
    **{"11": 20, "12": 55, "13": 21, "14": 24, "15": 13, "16": 31, "17": 8, "18": 33, "19": 5, "21": 8, "31": 43},
    **{"32": 182, "33": 137, "34": 15, "35": 152, "36": 48, "51": 16, "52": 20, "53": 20, "61": 20, "62": 10},
    **{"63": 15, "64": 14, "65": 3, "71": 10, "72": 11, "73": 34, "74": 10, "75": 5, "76": 5, "81": 7, "82": 5},
    **{"91": 4, "94": 12},
}
"""About as many people live in each."""
EDUCATIONS = ("sd", "smp", "sma", "sma", "sma", "diploma", "sarjana")
BOUND_BY = {"telegram": "telegram_contact", "whatsapp": "whatsapp_id", "web": "link"}


@dataclass(slots=True)
class Person:
    """Somebody who writes, with their one conversation."""

    number: int
    identity: str
    conversation: str
    channel: str
    platform: str
    opened: float
    participant: str | None = None
    wave: int | None = None
    course: Course | None = None
    busy_until: float = 0.0
    last_in: float = 0.0
    held_by: object = None
    """The agent who holds the conversation at the end."""


@dataclass
class People:
    """Everybody so far; finds who comes, somebody known or somebody new."""

    random: Random
    rows: Rows
    speaker: Speaker
    courses: list[Course]
    recipients: list[Person] = field(default_factory=list)
    others: list[Person] = field(default_factory=list)
    count: int = 0
    provinces: list[int] = field(default_factory=lambda: list(accumulate(PROVINCES.values())))

    def who(self, it: Arrival) -> Person:
        """Return somebody who may write about this now and has no other matter open."""
        known = self.recipients if it.matter.for_recipients else self.others
        if len(known) > 30 and self.random.random() > NEW:
            for _ in range(4):
                # whoever came lately comes again more often
                person = known[int(len(known) * self.random.random() ** 0.7)]
                if person.busy_until < it.at and it.channel in (None, person.channel):
                    return person
        return self._new(it, recipient=it.matter.for_recipients)

    def everybody(self) -> list[Person]:
        """Return all who ever wrote."""
        return [*self.recipients, *self.others]

    def _new(self, it: Arrival, *, recipient: bool) -> Person:
        draw, rows = self.random, self.rows
        self.count += 1
        channel = it.channel or draw.choices(list(CHANNEL_WEIGHTS), list(CHANNEL_WEIGHTS.values()))[0]
        platform = it.platform or draw.choices(list(PLATFORM_WEIGHTS), list(PLATFORM_WEIGHTS.values()))[0]
        person = Person(self.count, rows.new_id(), rows.new_id(), channel, platform, it.at)
        phone = f"{draw.getrandbits(256):064x}"
        name = self.speaker.name()
        if draw.random() < BOUND:
            self._participant(person, it.at, name, phone, recipient=recipient)
        bound = (person.participant, BOUND_BY[channel], moment(it.at)) if person.participant else (None, None, None)
        rows.add(
            *("identities", person.identity, channel, self._external(person), name, *bound),
            phone if person.participant else None,
        )
        (self.recipients if recipient else self.others).append(person)
        return person

    @staticmethod
    def _external(person: Person) -> str:
        number = FIRST_NUMBER + person.number
        if person.channel == "telegram":
            return str(telegram_id(number))
        return f"ID.{2 * 10**17 + number}" if person.channel == "whatsapp" else f"tahun-{number}"

    def conversations(self) -> None:
        """Write everybody's conversation, as it stands at the end."""
        for it in self.everybody():
            window = moment(it.last_in + DAY) if it.channel == "whatsapp" else None
            owner = ("human", 1, it.held_by) if it.held_by else ("bot", 0, None)
            self.rows.add(
                *("conversations", it.conversation, it.channel, self._external(it), it.identity, moment(it.opened)),
                *(moment(it.last_in), window, *owner),
            )

    def _participant(self, person: Person, at: float, name: str, phone: str, *, recipient: bool) -> None:
        draw, add = self.random, self.rows.add
        person.participant = key = f"Y{person.number:07d}"
        declared = self._wave(person, at) if recipient else None
        began = (declared or at) - (5 + 40 * draw.random()) * DAY
        province = draw.choices(list(PROVINCES), cum_weights=self.provinces)[0]
        add(
            *("programme.participants", key, name, f"{name[0].lower()}***@peserta.example", phone),
            *("+62840" + "*" * 6 + phone[:2].translate(DIGITS), draw.randint(1960, 2001), draw.choice(EDUCATIONS)),
            *("verified", "t", "t", "t", "t", moment(began), person.wave, province if draw.random() < 0.97 else None),
        )
        if declared:
            self._recipient(person, declared, at)

    def _wave(self, person: Person, at: float) -> float | None:
        """Give them the wave they belong to: a late and large one most likely."""
        decided = [it for it in WAVES if it.decided_at.timestamp() < at] or [WAVES[0]]
        weights = [it.quota * (0.06 + math.exp((it.decided_at.timestamp() - at) / DAY / 45)) for it in decided]
        wave = self.random.choices(decided, weights)[0]
        person.wave = wave.number
        return wave.decided_at.timestamp()

    def _recipient(self, person: Person, declared: float, at: float) -> None:
        draw, add, key = self.random, self.rows.add, person.participant
        applied = declared - (3 + 5 * draw.random()) * DAY
        add(
            *("programme.wave_applications", f"YW{person.number}", key, person.wave, "selected", moment(applied)),
            moment(declared),
        )
        add(
            *("programme.cards", f"YC{person.number}", key, f"{draw.getrandbits(256):064x}", "0000", "active"),
            *(moment(declared), moment(declared + FIRST_PURCHASE.total_seconds())),
        )
        add("programme.ledger_entries", f"YG{person.number}", key, "grant", GRANT, None, moment(declared))
        if draw.random() < LINKED:
            partner = draw.choice(partners_on(datetime.fromtimestamp(at, UTC)))
            linked = moment(declared + draw.random() * max(at - declared, DAY))
            add(
                *("programme.payout_accounts", f"YA{person.number}", key, partner, "00", "t", "premium", "linked"),
                *(linked, linked),
            )
        if draw.random() < BOUGHT:
            self._buy(person, declared, at)

    def _buy(self, person: Person, declared: float, at: float) -> None:
        draw, add, key = self.random, self.rows.add, person.participant
        person.course = course = self.courses[int(draw.random() ** 1.25 * len(self.courses))]
        selected = declared + draw.random() * max(min(at - declared, 29 * DAY), 0.0)
        purchase, paid, common = f"YB{person.number}", moment(selected + 240), (course.code, person.platform)
        if draw.random() < 0.12:
            failed = ("paket kursus tidak ditemukan", "saldo tidak dapat dipotong")[draw.random() < 0.5]
            add(
                *("programme.purchases", purchase, key, *common, course.price, "failed", "failed", None),
                *(moment(selected), None, None, moment(selected + 120), failed),
            )
            return
        state = ("code_issued", "in_progress", "completed")[min(2, int((at - selected) / DAY / 9))]
        add(
            *("programme.purchases", purchase, key, *common, course.price, state, "paid", f"Y-{person.number:08d}"),
            *(moment(selected), paid, moment(selected + 600), None, None),
        )
        add("programme.ledger_entries", f"YH{person.number}", key, "capture", course.price, purchase, paid)


DIGITS = str.maketrans("abcdef", "012345")
