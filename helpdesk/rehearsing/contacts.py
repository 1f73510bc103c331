"""One contact from the first word to the last: what the bot makes of it, what it asks, and who comes back."""

import json
from dataclasses import dataclass
from functools import lru_cache
from heapq import heappop, heappush
from random import Random

from checks.purchase.words import LABEL
from helpdesk.rehearsing.arriving import NAMED, NAMED_ELSEWHERE, Arrival
from helpdesk.rehearsing.casework import Casework
from helpdesk.rehearsing.matters import BY_INTENT
from helpdesk.rehearsing.people import People, Person
from helpdesk.rehearsing.rows import moment
from helpdesk.rehearsing.talking import Talk
from helpdesk.rehearsing.words import BOT_SAID

GREETS, THANKS, ASKED, RETURNS, WISHES = 0.10, 0.34, 0.55, 0.13, 0.25
FELL_BACK = 0.004
RETURN_HOURS = 70.0
HARDER_AGAIN = 0.55
"""Of what came back, so much of the usual share is settled by the bot."""
WHICH_PLATFORM = "Platform mana yang Kakak pakai?"
GREETED = "Halo Kak, silakan ceritakan kendalanya ya."
THANKED = "Sama-sama, Kak. Semoga lancar ya."
HANDED = "Laporan Kakak kami teruskan ke petugas. Petugas membalas di sini pada jam kerja ya, Kak."
UNCLEAR = "Maaf Kak, kami belum paham. Boleh dijelaskan dengan kalimat lain?"
ELSEWHERE = "Maaf Kak, itu di luar Kartu Prakerja. Ada yang bisa kami bantu soal Prakerja?"


@dataclass(order=True, slots=True)
class Return:
    """Somebody who will write again about the same."""

    at: float
    number: int
    person: Person
    arrival: Arrival


class Contacts:
    """Writes contacts, and remembers who comes back."""

    def __init__(self, people: People, talk: Talk, cases: Casework, random: Random) -> None:
        self.people, self.talk, self.cases, self.random = people, talk, cases, random
        self.count = 0
        self._returning: list[Return] = []

    def due(self, until: float) -> list[Return]:
        """Return who comes back before then."""
        found = []
        while self._returning and self._returning[0].at < until:
            found.append(heappop(self._returning))
        return found

    def again(self, it: Return) -> None:
        """Let somebody write again, unless they wrote meanwhile."""
        if it.person.busy_until < it.at:
            self._contact(it.person, it.arrival, again=True)

    def take(self, it: Arrival) -> None:
        """Write one contact."""
        self.count += 1
        self._contact(self.people.who(it), it, again=False)

    def _contact(self, person: Person, it: Arrival, *, again: bool) -> None:
        draw, at = self.random.random, it.at
        if draw() < GREETS and not again:
            at = self._answered(person, at, "greet", GREETED) + 15 + 40 * draw()
        if it.matter.intent in ("nlu_fallback", "out_of_scope"):
            person.busy_until = self._not_understood(person, it, at)
            return
        named = it.platform or (person.platform if draw() < self._naming(it) else None)
        asks = it.matter.at_platforms and named is None and draw() < ASKED
        settled = draw() < it.matter.settled * (HARDER_AGAIN if again else 1.0)
        findings = self._findings(person, it, at)
        outcome = "asked" if asks else "answered" if settled else "handed_over"
        if settled and not asks and draw() < FELL_BACK:
            outcome, settled = "fallback", False
        said = self.talk.sentences.about(it.matter.intent)
        turn = self.talk.hears(person, at, said, it.matter.intent, outcome, named, "[]" if asks else findings)
        if asks:
            self.talk.says(person, at + 1.2, WHICH_PLATFORM, turn=turn)
            named, at = person.platform, at + 20 + 60 * draw()
            said, outcome = f"di {named} kak", "answered" if settled else "handed_over"
            turn = self.talk.hears(person, at, said, "inform", outcome, named, findings)
        if not settled:
            self.talk.says(person, at + 1.5, HANDED, turn=turn)
            person.busy_until = self.cases.open(person, it, named, turn, at, findings)
            return
        self.talk.says(person, at + 1.2, self._bot_says(), turn=turn)
        if draw() < THANKS:
            at = self._answered(person, at + 30 + 90 * draw(), "thank", THANKED)
        person.busy_until = at + 600
        if draw() < RETURNS:
            later = at + (1 + (RETURN_HOURS - 1) * draw() ** 1.6) * 3600
            if later < self.cases.until - 1_800:
                back = Arrival(later, it.matter, it.platform, person.channel, it.outage)
                heappush(self._returning, Return(later, self.talk.rows.position, person, back))

    def _not_understood(self, person: Person, it: Arrival, at: float) -> float:
        intent, draw = it.matter.intent, self.random.random
        fallback = intent == "nlu_fallback"
        turn = self.talk.hears(
            *(person, at, self.talk.sentences.about(intent), intent, "asked" if fallback else "answered", None)
        )
        self.talk.says(person, at + 1.0, UNCLEAR if fallback else ELSEWHERE, turn=turn)
        if fallback and draw() < WISHES:
            at += 25 + 60 * draw()
            wish = Arrival(at, BY_INTENT["talk_to_human"])
            said = self.talk.sentences.about("talk_to_human")
            turn = self.talk.hears(person, at, said, "talk_to_human", "handed_over", None)
            self.talk.says(person, at + 1.5, HANDED, turn=turn)
            return self.cases.open(person, wish, None, turn, at, "[]")
        return at + 600

    def _answered(self, person: Person, at: float, intent: str, words: str) -> float:
        turn = self.talk.hears(person, at, self.talk.sentences.about(intent), intent, "answered", None)
        self.talk.says(person, at + 0.8, words, turn=turn)
        return at

    def _naming(self, it: Arrival) -> float:
        return NAMED if it.matter.at_platforms else NAMED_ELSEWHERE

    def _bot_says(self) -> str:
        return self.talk.sentences.speaker.fill(BOT_SAID[1 + int(self.random.random() * (len(BOT_SAID) - 1))])

    def _findings(self, person: Person, it: Arrival, at: float) -> str:
        if person.participant is None:
            return "[]"
        bought = person.course.title if person.course and it.matter.at_platforms else ""
        price = person.course.price if person.course else 0
        return _found(person.wave, bought, person.platform, price).replace("@", moment(at))


@lru_cache(maxsize=20_000)
def _found(wave: int | None, course: str, platform: str, price: int) -> str:
    """Return what the checks found, with @ where the time goes."""
    told = f"Penerima gelombang {wave}, kartu aktif." if wave else "Belum menjadi penerima."
    found: list[dict[str, object]] = [{"check": "participant", "verdict": "yes", "summary": told, "evidence": []}]
    if course:
        rupiah = f"Rp{price:,}".replace(",", ".")
        shown = {"label": LABEL, "value": f"{course}, {platform}, {rupiah}: kode terbit", "source": "tabel program"}
        evidence = [{**shown, "as_of": "@", "took_ms": 3.1}]
        found.append({"check": "purchase", "verdict": "yes", "summary": "Pembelian ada.", "evidence": evidence})
    return json.dumps(found)
