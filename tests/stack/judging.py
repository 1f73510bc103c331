"""Whether a conversation was as it must be: what each scene demands, and what no answer may ever say."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from checks.wording import LIMIT
from helpdesk.hearing import Answer
from tests.stack.scene import Heard

NEVER = tuple(
    map(
        re.compile,
        (
            r"(?i)tidak ada masalah",
            r"(?i)salah (kakak|kamu|anda)\b",
            r"(?i)konflik kepentingan",
            r"(?i)sesaat",
            r"(?i)tidak mengerti",
            r"(?i)dijamin",
            r"(?i)(?<!belum bisa saya )pasti(kan)? (akan )?(cair|lolos|kembali|selesai|terbit|normal)",
            r"(?i)pasti(kan)? (akan )?di(pulihkan|perpanjang|cairkan)",
            r"\bPRK[A-Z0-9-]{6,}",
            r"\b\d{16}\b",
            r"[{}]",
            r"\bNone\b",
            r"[a-z]+_[a-z]+",
            r"\bSUCCESS\b|\bVOID\b|\bPMO_",
        ),
    )
)
"""What no answer says: blame, opinion, a promise that is not ours, secrets, a placeholder left open, jargon."""


def filled(heard: Heard, person: Mapping[str, Mapping[str, str]]) -> Heard:
    """Fill in what only the generated programme knows of the person: the end of their telephone number."""
    end = person["whatsapp"]["wa_id"][-2:]
    return replace(heard, says=tuple(it.replace("<phone end>", end) for it in heard.says))


def complaints(heard: Heard, answers: Sequence[Answer], ticket: Mapping[str, Any] | None, owner: str) -> list[str]:
    """Return everything that is wrong with a conversation."""
    said = "\n".join(reply.text for answer in answers for reply in answer.replies)
    offered = "\n".join(title for answer in answers for reply in answer.replies for title in reply.buttons)
    return [
        *_meaning(heard, answers),
        *(f"did not say: {it}" for it in heard.says if not re.search(it, said, re.IGNORECASE)),
        *(f"did not offer: {it}" for it in heard.offers if not re.search(it, offered, re.IGNORECASE)),
        *(f"said: {it}" for it in heard.never if re.search(it, said, re.IGNORECASE)),
        *(f"said: {it.pattern}" for it in NEVER if it.search(said)),
        *_form(answers),
        *_checks(heard, answers),
        *_ticket(heard, ticket),
        *([f"held by {owner}, not by {heard.owner}"] if owner != heard.owner else []),
    ]


def _meaning(heard: Heard, answers: Sequence[Answer]) -> Iterator[str]:
    if heard.intent and answers[0].intent != heard.intent:
        yield f"understood as {answers[0].intent}, not {heard.intent}: {answers[0].said!r}"


def _form(answers: Sequence[Answer]) -> Iterator[str]:
    for answer in answers:
        if not answer.replies:
            yield f"no answer to {answer.said!r}"
        for reply in answer.replies:
            paragraphs = [it for it in reply.text.split("\n\n") if not it.startswith("Sumber: ")]
            if len(reply.text) > LIMIT or len(paragraphs) > 3:
                yield f"too long for a small phone: {reply.text[:60]!r}…"
            if reply.status in ("refused", "unknown"):
                yield f"not delivered ({reply.status}): {reply.text[:60]!r}…"


def _checks(heard: Heard, answers: Sequence[Answer]) -> Iterator[str]:
    found = {(check["check"], check["verdict"]) for answer in answers for check in answer.checks}
    for check, verdict in heard.checks.items():
        if (check, verdict) not in found:
            yield f"check {check} is not {verdict}; found: {sorted(found)}"


def _ticket(heard: Heard, ticket: Mapping[str, Any] | None) -> Iterator[str]:
    if heard.ticket is None:
        if ticket is not None:
            yield f"a ticket although none is needed: {ticket['intent']} {ticket['queue']} {ticket['summary']!r}"
        return
    if ticket is None:
        yield f"no ticket, although needed: {dict(heard.ticket)}"
        return
    for name, wanted in heard.ticket.items():
        if not _fits(name, wanted, ticket):
            held = [ticket["intent"], *ticket["also"]] if name == "problems" else ticket[name]
            yield f"ticket {name}: {held!r}, not {wanted!r}"


def _fits(name: str, wanted: Any, ticket: Mapping[str, Any]) -> bool:
    if name == "problems":
        return set(wanted) <= {ticket["intent"], *ticket["also"]}
    if isinstance(wanted, list):
        return ticket[name] in wanted
    return re.search(wanted, str(ticket[name]), re.IGNORECASE) is not None
