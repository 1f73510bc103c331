"""Asking: every source a set of checks needs, at the same time, each within its own deadline.

Whatever fails, is late or raises becomes "could not ask"; nothing here can fail whoever asks.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Protocol

import structlog

from checks.article import Article
from checks.course import FITS
from checks.incidents import OpenIncident
from checks.purchase.choosing import subject
from checks.situation import Situation, known
from checks.table import CHECKS, PERSONAL
from checks.tickets import TicketFact
from records.clock import WIB, wib
from records.sealed import Seal
from registry.facts import Course, PaymentStatus, Policy, RedeemStatus
from registry.interface import Absent, Answer, CouldNotAsk, Known, Registry

log = structlog.get_logger()
MOST_COURSES = 20
KNOWLEDGE_BASE = "artikel meja bantuan"


@dataclass(frozen=True)
class About:
    """Whom a question is about, when it is asked, and what was said and named."""

    now: datetime
    text: str = ""
    """Masked words of the last message."""
    said: str = ""
    """The same with the words that told of the problem first."""
    conversation_id: str | None = None
    participant_id: str | None = None
    """The bound participant, or nobody."""
    platform: str | None = None
    course: str | None = None
    partner: str | None = None
    invoice: str | None = None
    lasted: timedelta | None = None
    times: int | None = None
    last_answered: str | None = None
    """The intent that was answered just before."""
    sealed_codes: tuple[str, ...] = field(default=(), repr=False)


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


Articles = Callable[[str | None, str, date], Article | None]


@dataclass(frozen=True)
class Sources:
    """Everything that may be asked."""

    registry: Registry
    records: RecordsReader
    articles: Articles
    deadline_seconds: float = 3.0
    seal: Seal | None = None
    """Opens the redeem codes of a message."""

    async def situation(self, about: About, intent: str, checks: Iterable[str]) -> Situation:
        """Ask what these checks need and return the facts of the turn."""
        return await self.facts(about, intent, {need for name in checks for need in CHECKS[name].needs})

    async def facts(self, about: About, intent: str, needs: set[str]) -> Situation:
        """Ask these sources at the same time; the personal ones only for a person who is bound."""
        if about.participant_id is None:
            needs = needs - PERSONAL
        base = _base(about, intent)
        names = sorted(name for name in needs if name in ASKED)
        answers = await asyncio.gather(*(self.ask(name, ASKED[name](self, about, base)) for name in names))
        given: dict[str, Any] = {
            name: answer for name, answer in zip(names, answers, strict=True) if answer is not None
        }
        return await self._then(replace(base, **given), needs)

    async def ask[T](self, name: str, question: Awaitable[Answer[T] | None]) -> Answer[T] | None:
        """Return the answer, or that it could not be asked; never raise."""
        began = time.perf_counter()
        try:
            async with asyncio.timeout(self.deadline_seconds):
                return await question
        except Exception as error:
            log.warning("source_failed", source=name, error=type(error).__name__)
            return CouldNotAsk(name, type(error).__name__, round((time.perf_counter() - began) * 1000, 1))

    async def _then(self, situation: Situation, needs: set[str]) -> Situation:
        """Ask what depends on what the others answered."""
        names = sorted(name for name in needs if name in ASKED_THEN)
        answers = await asyncio.gather(*(self.ask(name, ASKED_THEN[name](self, situation)) for name in names))
        given: dict[str, Any] = {name: it for name, it in zip(names, answers, strict=True) if it is not None}
        return replace(situation, **given)


async def _courses(sources: Sources, about: About, base: Situation) -> Answer[tuple[Course, ...]] | None:
    if base.course is None:
        return None
    here = await sources.registry.courses(base.course, platform_id=base.platform, limit=MOST_COURSES)
    found = any(course.match >= FITS for course in known(here) or ())
    if found or base.platform is None or isinstance(here, CouldNotAsk):
        return here
    return await sources.registry.courses(base.course, limit=MOST_COURSES)


async def _roles(sources: Sources, about: About, base: Situation) -> Any:
    return await sources.registry.organisation_roles(base.platform) if base.platform else None


async def _redeem(sources: Sources, about: About, base: Situation) -> Answer[RedeemStatus] | None:
    """Ask of the first code; the seal is opened here, and the code goes no further than the registry."""
    if sources.seal is None or not about.sealed_codes:
        return None
    return await sources.registry.redeem_status(sources.seal.open(about.sealed_codes[0].encode()))


async def _article(sources: Sources, about: About, base: Situation) -> Answer[Article]:
    began = time.perf_counter()
    article = sources.articles(base.intent, about.text, wib(base.now).date())
    took = round((time.perf_counter() - began) * 1000, 1)
    if article is None:
        return Absent(KNOWLEDGE_BASE, base.now, took)
    return Known(article, article.source_line, datetime.combine(article.as_of, datetime.min.time(), WIB), took)


async def _payment(sources: Sources, situation: Situation) -> Answer[PaymentStatus] | None:
    meant = subject(situation)
    if meant is None or meant.invoice_code is None:
        return None
    return await sources.registry.payment_status(meant.invoice_code)


async def _own_course(sources: Sources, situation: Situation) -> Answer[Course] | None:
    meant = subject(situation)
    if meant is None:
        return None
    answer = await sources.registry.courses(meant.course_title, limit=MOST_COURSES)
    if isinstance(answer, Absent | CouldNotAsk):
        return answer
    own = next((course for course in answer.value if course.code == meant.course_code), None)
    if own is None:
        return Absent(answer.source, answer.as_of, answer.took_ms)
    return Known(own, answer.source, answer.as_of, answer.took_ms)


async def _rule(sources: Sources, situation: Situation) -> Answer[Policy]:
    card = known(situation.card)
    since = card.recipient_since if card else None
    return await sources.registry.policy("first_purchase_days", since or wib(situation.now).date())


ASKED: dict[str, Callable[[Sources, About, Situation], Awaitable[Any]]] = {
    "incidents": lambda it, about, base: it.records.incidents(base.now),
    "reports": lambda it, about, base: it.records.reports(base.now),
    "participant": lambda it, about, base: it.registry.participant(about.participant_id or ""),
    "waves": lambda it, about, base: it.registry.wave_applications(about.participant_id or ""),
    "card": lambda it, about, base: it.registry.card(about.participant_id or ""),
    "ledger": lambda it, about, base: it.registry.ledger(about.participant_id or ""),
    "purchases": lambda it, about, base: it.registry.purchases(about.participant_id or ""),
    "incentives": lambda it, about, base: it.registry.incentives(about.participant_id or ""),
    "payout_account": lambda it, about, base: it.registry.payout_account(about.participant_id or ""),
    "platforms": lambda it, about, base: it.registry.organisations("platform", wib(base.now).date()),
    "calendar": lambda it, about, base: it.registry.waves(wib(base.now).date()),
    "tickets": lambda it, about, base: it.records.tickets(about.conversation_id, about.participant_id, base.now),
    "courses": _courses,
    "roles": _roles,
    "redeem": _redeem,
    "article": _article,
}
ASKED_THEN: dict[str, Callable[[Sources, Situation], Awaitable[Any]]] = {
    "payment": _payment,
    "own_course": _own_course,
    "rule": _rule,
}


def _base(about: About, intent: str) -> Situation:
    return Situation(
        intent=intent,
        now=about.now,
        text=about.said,
        bound=about.participant_id is not None,
        platform=about.platform,
        course=about.course,
        partner=about.partner,
        invoice=about.invoice,
        lasted=about.lasted,
        times=about.times,
        repeated=about.last_answered == intent,
    )
