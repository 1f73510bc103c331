"""Asking: every source a set of checks needs, at the same time, each within its own deadline.

Whatever fails, is late or raises becomes "could not ask"; nothing here can fail an action.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Protocol

import structlog

from actions.heard import Heard
from actions.records import TicketFact
from checks.course import FITS
from checks.incidents import OpenIncident
from checks.purchase.choosing import subject
from checks.situation import Situation, known
from checks.table import CHECKS, PERSONAL
from records.clock import wib
from registry.facts import Course, PaymentStatus
from registry.interface import Answer, CouldNotAsk, Registry

log = structlog.get_logger()
MOST_COURSES = 20


class RecordsReader(Protocol):
    """What is read from the help desk's own records."""

    async def incidents(self, now: datetime) -> Answer[tuple[OpenIncident, ...]]:
        """Return every incident that had begun."""

    async def reports(self, now: datetime) -> Answer[int]:
        """Return how many conversations told of trouble in the last hour."""

    async def tickets(
        self, conversation_id: str | None, participant_id: str | None, now: datetime
    ) -> Answer[tuple[TicketFact, ...]]:
        """Return this conversation's and its participant's tickets."""


class ArticleAnswer(Protocol):
    """An article as the knowledge base hands it out."""

    @property
    def message(self) -> str:
        """The whole reply."""

    @property
    def title(self) -> str:
        """What it is about."""

    @property
    def as_of(self) -> date:
        """The day it speaks of."""

    @property
    def source_line(self) -> str:
        """Where it comes from."""


Articles = Callable[[str | None, str, date], ArticleAnswer | None]


@dataclass(frozen=True)
class Sources:
    """Everything that may be asked."""

    registry: Registry
    records: RecordsReader
    articles: Articles
    deadline_seconds: float = 3.0

    async def situation(self, heard: Heard, intent: str, checks: Iterable[str]) -> Situation:
        """Ask what these checks need and return the facts of the turn."""
        return await self.facts(heard, intent, {need for name in checks for need in CHECKS[name].needs})

    async def facts(self, heard: Heard, intent: str, needs: set[str]) -> Situation:
        """Ask these sources at the same time; the personal ones only for a person who is bound."""
        if not heard.bound:
            needs = needs - PERSONAL
        base = _base(heard, intent)
        names = sorted(name for name in needs if name in ASKED)
        answers = await asyncio.gather(*(self.ask(name, ASKED[name](self, heard, base)) for name in names))
        given: dict[str, Any] = {
            name: answer for name, answer in zip(names, answers, strict=True) if answer is not None
        }
        situation = replace(base, **given)
        return await self._with_payment(situation) if "payment" in needs else situation

    async def ask[T](self, name: str, question: Awaitable[Answer[T] | None]) -> Answer[T] | None:
        """Return the answer, or that it could not be asked; never raise."""
        began = time.perf_counter()
        try:
            async with asyncio.timeout(self.deadline_seconds):
                return await question
        except Exception as error:
            log.warning("source_failed", source=name, error=type(error).__name__)
            return CouldNotAsk(name, type(error).__name__, round((time.perf_counter() - began) * 1000, 1))

    async def _with_payment(self, situation: Situation) -> Situation:
        meant = subject(situation)
        if meant is None or meant.invoice_code is None:
            return situation
        answer: Answer[PaymentStatus] | None = await self.ask(
            "payment_status", self.registry.payment_status(meant.invoice_code)
        )
        return replace(situation, payment=answer)


async def _courses(sources: Sources, heard: Heard, base: Situation) -> Answer[tuple[Course, ...]] | None:
    if base.course is None:
        return None
    here = await sources.registry.courses(base.course, platform_id=base.platform, limit=MOST_COURSES)
    found = any(course.match >= FITS for course in known(here) or ())
    if found or base.platform is None or isinstance(here, CouldNotAsk):
        return here
    return await sources.registry.courses(base.course, limit=MOST_COURSES)


async def _roles(sources: Sources, heard: Heard, base: Situation) -> Any:
    return await sources.registry.organisation_roles(base.platform) if base.platform else None


ASKED: dict[str, Callable[[Sources, Heard, Situation], Awaitable[Any]]] = {
    "incidents": lambda it, heard, base: it.records.incidents(base.now),
    "reports": lambda it, heard, base: it.records.reports(base.now),
    "participant": lambda it, heard, base: it.registry.participant(heard.participant_id or ""),
    "waves": lambda it, heard, base: it.registry.wave_applications(heard.participant_id or ""),
    "card": lambda it, heard, base: it.registry.card(heard.participant_id or ""),
    "ledger": lambda it, heard, base: it.registry.ledger(heard.participant_id or ""),
    "purchases": lambda it, heard, base: it.registry.purchases(heard.participant_id or ""),
    "incentives": lambda it, heard, base: it.registry.incentives(heard.participant_id or ""),
    "payout_account": lambda it, heard, base: it.registry.payout_account(heard.participant_id or ""),
    "platforms": lambda it, heard, base: it.registry.organisations("platform", wib(base.now).date()),
    "courses": _courses,
    "roles": _roles,
}


def _base(heard: Heard, intent: str) -> Situation:
    return Situation(
        intent=intent,
        now=heard.now,
        text=heard.said,
        bound=heard.bound,
        platform=heard.slot("platform"),
        course=heard.slot("course"),
        partner=heard.slot("partner"),
        invoice=heard.slot("invoice"),
        lasted=heard.lasted,
        times=heard.times,
        repeated=heard.slot("last_answer_intent") == intent,
    )
