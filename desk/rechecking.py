"""Asking again: the checks of a case run once more over the same sources as the bot's, for its own participant only.

Three-valued as ever: what does not answer in time is "could not ask" and leaves the earlier finding as it was. A
conversation of nobody proven is only asked what is nobody's data.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog

from checks.evidence import COULD_NOT_ASK
from checks.finding import Evidence, Finding, Verdict
from checks.plans import PLANS
from checks.sources import About, Sources
from checks.table import CHECKS, PERSONAL, run
from checks.wording import Wording
from desk.programme_facts import NEEDS, Fact, could_not_ask, facts_of
from desk.refusals import Refusal
from desk.wording_checks import check_name
from registry.interface import CouldNotAsk, Known

log = structlog.get_logger()
DEADLINE = timedelta(seconds=5)
MOST = 14
"""Checks of one run: two meanings have fewer."""


class NoSources(Refusal):
    """This desk was given nothing to ask."""

    def __init__(self) -> None:
        super().__init__("Cek ulang belum tersedia di meja ini: sumber data program belum disetel.")


class NothingToAsk(Refusal):
    """No check fits, or none may be run for somebody who is not proven."""

    status = 422

    def __init__(self) -> None:
        super().__init__("Tidak ada cek yang bisa dijalankan: identitas peserta belum terbukti.")


@dataclass(frozen=True)
class Subject:
    """Whose checks: the conversation, its case, what it is about and whom it is bound to."""

    conversation_id: UUID
    ticket_id: UUID | None
    object: str
    """What an audit entry calls it."""
    about: About
    intents: tuple[str, ...]
    phone_hash: str | None
    """The number that proved who it is: they are asked about only while the number is still theirs."""


@dataclass(frozen=True)
class Result:
    """What one check says now; no finding: it has nothing to say of this person."""

    name: str
    finding: dict[str, Any] | None
    said: str | None
    could_not_ask: bool


class Rechecking:
    """Runs checks for the desk, all of them within one deadline."""

    def __init__(self, sources: Sources, wording: Wording, deadline: timedelta = DEADLINE) -> None:
        self._sources, self._wording, self._seconds = sources, wording, deadline.total_seconds()

    @property
    def sources(self) -> Sources:
        """What is asked."""
        return self._sources

    async def run(self, subject: Subject, names: Sequence[str]) -> list[Result]:
        """Return what each of these checks says now, in their order; never raise for a source."""
        began = time.monotonic()
        try:
            async with asyncio.timeout(self._seconds):
                found = await self._found(subject, names)
        except Exception as error:
            # the type only: a message may quote a value
            log.warning("recheck_failed", error=type(error).__name__)
            late = f"tidak menjawab dalam {self._seconds:g} detik" if isinstance(error, TimeoutError) else "gangguan"
            found = {name: _not_asked(name, late, time.monotonic() - began) for name in names}
        return [_result(name, found[name], self._wording) for name in names]

    async def programme(self, subject: Subject) -> list[Fact]:
        """Return what the programme knows of the participant, masked; empty for a stranger."""
        if subject.about.participant_id is None:
            return []
        try:
            async with asyncio.timeout(self._seconds):
                unsure = await self._unsure(subject)
                if unsure:
                    return could_not_ask(unsure)
                return facts_of(await self._sources.facts(subject.about, "", set(NEEDS)))
        except Exception as error:
            log.warning("facts_failed", error=type(error).__name__)
            return could_not_ask("gangguan")

    async def _found(self, subject: Subject, names: Sequence[str]) -> dict[str, Finding | None]:
        unsure = await self._unsure(subject)
        asked = {name: _intent_of(name, subject.intents) for name in names}
        personal = {name for name in names if is_personal(name)}
        found: dict[str, Finding | None] = {}
        for intent in dict.fromkeys(asked.values()):
            wanted = [name for name in names if asked[name] == intent and not (unsure and name in personal)]
            situation = await self._sources.situation(subject.about, intent, wanted)
            found |= {name: run(name, situation) for name in wanted}
        return found | {name: _not_asked(name, unsure, 0.0) for name in personal if unsure}

    async def _unsure(self, subject: Subject) -> str | None:
        """Return why it is not sure that the number is still this participant's, or None."""
        if subject.phone_hash is None or subject.about.participant_id is None:
            return None
        asking = self._sources.registry.participants_by_phone_hash(subject.phone_hash)
        answer = await self._sources.ask("participants_by_phone_hash", asking)
        if isinstance(answer, Known) and subject.about.participant_id in answer.value:
            return None
        if answer is None or isinstance(answer, CouldNotAsk):
            return "belum bisa dipastikan nomornya masih miliknya"
        return "nomor yang membuktikan identitasnya sudah bukan miliknya"


def runnable(intents: Sequence[str], noted: Sequence[str], *, bound: bool) -> tuple[str, ...]:
    """Return the checks that can be run: those of the meanings, then those noted already."""
    planned = [name for intent in intents if intent in PLANS for name in PLANS[intent].checks]
    names = dict.fromkeys([*planned, *(name for name in noted if name in CHECKS)])
    return tuple(name for name in names if bound or not is_personal(name))[:MOST]


def is_personal(name: str) -> bool:
    """Say whether a check rests on somebody's own data."""
    return not PERSONAL.isdisjoint(CHECKS[name].needs)


def _intent_of(name: str, intents: Sequence[str]) -> str:
    meant = (intent for intent in intents if intent in PLANS and name in PLANS[intent].checks)
    return next(meant, intents[0] if intents else "")


def _not_asked(name: str, why: str, seconds: float) -> Finding:
    label = check_name(name)
    row = Evidence(label, f"{COULD_NOT_ASK} ({why})", "meja bantuan", None, round(seconds * 1000, 1), why)
    return Finding(name, Verdict.UNKNOWN, f"{label}: {COULD_NOT_ASK}", (row,), run=name)


def _result(name: str, finding: Finding | None, wording: Wording) -> Result:
    if finding is None:
        return Result(name, None, None, could_not_ask=False)
    told = wording.tell(finding)
    return Result(name, told.as_data(), told.said, could_not_ask=told.verdict is Verdict.UNKNOWN)
