"""The checker: reads the evidence of a run and says what must not be. Each rule is one function that yields findings.

It knows nothing of the schedule: what was killed when is no excuse for anything.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations, pairwise

from helpdesk.chaos.evidence import TAKEN, TELEGRAM, WHATSAPP, Evidence, Heard, Said, Seen, Sent
from helpdesk.chaos.findings import CROSSED, DUPLICATE, LOST, ORDER, OVER, STUCK, Finding, Verdict
from helpdesk.chaos.matching import ARRIVED, Matched, match, words

WORDLESS = ("edited", "left")
"""What needs no answer."""
TOLD_ONCE = ("group",)
"""What is answered the first time, and then no more."""
TICKET = re.compile(r"\bT-\d{6,}\b")
GIVEN_UP = "menyerah"
SLACK = 2.0
"""Seconds a claim may be under way, and its turn not begun, on a machine that is busy."""


@dataclass(frozen=True)
class Case:
    """The evidence, and what was made of it."""

    evidence: Evidence
    matched: Matched

    def chat(self, conversation: str) -> str:
        """Name the chat of a conversation."""
        return " ".join(self.evidence.conversations.get(conversation, ("?", conversation)))


type Rule = Callable[[Case], Iterator[Finding]]


def check(evidence: Evidence) -> Verdict:
    """Judge a run."""
    case = Case(evidence, match(evidence))
    findings = [finding for rule in RULES for finding in rule(case)]
    return Verdict(findings, _counted(case), _listed(case))


def _lost_on_the_way_in(case: Case) -> Iterator[Finding]:
    kept = {(row.channel, row.key) for row in case.evidence.heard}
    for said in case.evidence.said:
        if said.outcome == TAKEN and (said.channel, said.key) not in kept:
            yield Finding(LOST, f"{said.channel} {said.chat}", f"{said.key} was acknowledged and is not in the inbox")


def _lost_inside(case: Case) -> Iterator[Finding]:
    told_once = {row.conversation for row in case.evidence.heard if row.kind in TOLD_ONCE and row.replies}
    sent_again = {row.conversation for row in case.evidence.sent if row.asked_again and row.repeats}
    for row in case.evidence.heard:
        silent = row.kind in WORDLESS or row.outcome == "joined"
        silent = silent or (row.kind in TOLD_ONCE and row.conversation in told_once)
        # a press of "send it again" is answered by that message itself
        silent = silent or (row.kind == "button" and row.conversation in sent_again)
        if row.status == "done" and not silent and row.replies == 0:
            yield Finding(LOST, case.chat(row.conversation), f"event {row.id} ({row.kind}) is done without an answer")


def _lost_on_the_way_out(case: Case) -> Iterator[Finding]:
    times = case.matched.times()
    for row in case.evidence.sent:
        where = case.chat(row.conversation)
        if row.status in ARRIVED and not times[row.id]:
            yield Finding(LOST, where, f"outbox {row.id} is marked {row.status} and never reached the phone")
        if row.status == "refused" and GIVEN_UP in (row.error or ""):
            yield Finding(LOST, where, f"outbox {row.id} was given up: {row.error}")


def _duplicates(case: Case) -> Iterator[Finding]:
    rows = {row.id: row for row in case.evidence.sent}
    for id_, times in case.matched.times().items():
        row = rows[id_]
        if times > 1 + row.repeats and row.status != "unknown":
            told = f"outbox {id_} reached the phone {times} times ({row.status}, sent again {row.repeats} times)"
            yield Finding(DUPLICATE, case.chat(row.conversation), told)
    for conversation, number in case.evidence.open_tickets.items():
        if number > 1:
            yield Finding(DUPLICATE, case.chat(conversation), f"{number} cases are open for one conversation")
    for seen in case.matched.strays:
        if _words_of(case, seen):
            told = f"message {seen.message_id} repeats words of this chat and no row says that it was sent again"
            yield Finding(DUPLICATE, f"{seen.channel} {seen.chat}", told)


def _crossed(case: Case) -> Iterator[Finding]:
    conversations, tickets = case.evidence.conversations, case.evidence.tickets
    for seen, row in case.matched.of:
        if conversations.get(row.conversation) != (seen.channel, seen.chat):
            told = f"outbox {row.id} of {case.chat(row.conversation)} reached this chat"
            yield Finding(CROSSED, f"{seen.channel} {seen.chat}", told)
        for number in TICKET.findall(seen.text):
            if tickets.get(number, row.conversation) != row.conversation:
                yield Finding(CROSSED, f"{seen.channel} {seen.chat}", f"names {number}, which is somebody else's")
    for seen in case.matched.strays:
        if not _words_of(case, seen):
            told = f"message {seen.message_id} stems from no row of this chat: {seen.text[:60]!r}"
            yield Finding(CROSSED, f"{seen.channel} {seen.chat}", told)


def _words_of(case: Case, seen: Seen) -> bool:
    """Say whether something with these very words was written to this chat."""
    chat, of = (seen.channel, seen.chat), case.evidence.conversations
    said = words(seen.text)
    return any(words(row.text) == said and of.get(row.conversation) == chat for row in case.evidence.sent)


def _answered_out_of_order(case: Case) -> Iterator[Finding]:
    kept = {(row.channel, row.key): row for row in case.evidence.heard}
    chats: dict[tuple[str, str], list[tuple[Said, Heard]]] = defaultdict(list)
    for said in sorted(case.evidence.said, key=lambda said: said.number or 0):
        row = kept.get((said.channel, said.key))
        if row and row.position is not None and said.number is not None:
            chats[said.channel, said.chat].append((said, row))
    for (channel, chat), both in chats.items():
        for (said, row), (later, later_row) in combinations(both, 2):
            if (row.position or 0) > (later_row.position or 0) and _could_have_known(said, row, later, later_row):
                told = f"event {later_row.id} was answered before {row.id}, which was said first and was there"
                yield Finding(ORDER, f"{channel} {chat}", told)


def _could_have_known(said: Said, row: Heard, later: Said, later_row: Heard) -> bool:
    """Say whether the earlier message was there, and known to be earlier, when the later one was begun."""
    told_apart = said.channel == TELEGRAM or int(said.at) != int(later.at) or row.id < later_row.id
    together = row.received_at == later_row.received_at
    there_before = said.taken_at is not None and (
        said.taken_at < later_row.received_at
        or (later_row.began is not None and said.taken_at + SLACK < later_row.began)
    )
    return told_apart and (together or there_before)


def _shown_out_of_order(case: Case) -> Iterator[Finding]:
    first: dict[str, Seen] = {}
    for seen, row in case.matched.of:
        if row.id not in first or seen.number < first[row.id].number:
            first[row.id] = seen
    chats: dict[str, list[tuple[int, Sent]]] = defaultdict(list)
    for row in case.evidence.sent:
        # what agents write may take its number before and be committed after a word of the bot; what the person wanted
        # to have again comes when they want it
        if row.id in first and row.author == "bot" and row.status != "unknown" and not row.asked_again:
            chats[row.conversation].append((first[row.id].number, row))
    for conversation, both in chats.items():
        rows = [row for _, row in sorted(both, key=lambda one: one[0])]
        for row, following in pairwise(rows):
            if row.position > following.position:
                told = f"outbox {row.id} reached the phone before {following.id}, which was written first"
                yield Finding(ORDER, case.chat(conversation), told)


def _bot_after_take_over(case: Case) -> Iterator[Finding]:
    for seen, row in case.matched.of:
        if row.author != "bot":
            continue
        for held in case.evidence.taken_over:
            if held.conversation == row.conversation and held.at < seen.at < (held.until or float("inf")):
                told = f"outbox {row.id} reached the phone {seen.at - held.at:.2f} s after the desk said it is taken"
                yield Finding(OVER, case.chat(row.conversation), told)


def _stuck(case: Case) -> Iterator[Finding]:
    for event in case.evidence.heard:
        where = case.chat(event.conversation)
        if event.status == "pending":
            yield Finding(STUCK, where, f"event {event.id} ({event.kind}) still waits")
        if event.status == "parked" and event.conversation not in case.evidence.tickets.values():
            yield Finding(STUCK, where, f"event {event.id} is set aside and no ticket tells anybody")
    settled = {row.id for seen, row in case.matched.of if seen.settled}
    for row in case.evidence.sent:
        if row.status in ("due", "sending"):
            yield Finding(STUCK, case.chat(row.conversation), f"outbox {row.id} is still {row.status}: {row.error}")
        if row.status == "unknown" and row.channel == WHATSAPP and row.id in settled:
            told = f"outbox {row.id} is unknown although WhatsApp has told what became of it"
            yield Finding(STUCK, case.chat(row.conversation), told)
    for conversation in case.evidence.held_lanes:
        yield Finding(STUCK, case.chat(conversation), "a worker still holds the conversation")


RULES: tuple[Rule, ...] = (
    _lost_on_the_way_in,
    _lost_inside,
    _lost_on_the_way_out,
    _duplicates,
    _crossed,
    _answered_out_of_order,
    _shown_out_of_order,
    _bot_after_take_over,
    _stuck,
)


def _counted(case: Case) -> dict[str, int]:
    evidence = case.evidence
    said, kept, sent = (
        Counter(one.outcome for one in evidence.said),
        Counter(row.status for row in evidence.heard),
        Counter(row.status for row in evidence.sent),
    )
    return {
        "said": len(evidence.said),
        "acknowledged": said[TAKEN],
        "expired at the provider": said["expired"],
        "still at the provider for its next retry": said["pending"],
        **{f"inbox {status}": number for status, number in sorted(kept.items())},
        "reached a phone": len(evidence.seen),
        **{f"outbox {status}": number for status, number in sorted(sent.items())},
        "sent again after a crash": sum(row.repeats for row in evidence.sent),
        "seen twice, and listed": sum(max(0, times - 1) for times in case.matched.times().values()),
        "asked whether it came": sum(row.asked_again for row in evidence.sent),
        "take-overs": len(evidence.taken_over),
        "floods": sum(evidence.floods.values()),
    }


def _listed(case: Case) -> list[str]:
    times = case.matched.times()
    return [
        f"{case.chat(row.conversation)}: outbox {row.id} {row.status}, sent again {row.repeats} times, "
        f"on the phone {times[row.id]} times{' (asked whether it came)' if row.asked_again else ''}"
        for row in case.evidence.sent
        if row.status == "unknown" or row.repeats
    ]
