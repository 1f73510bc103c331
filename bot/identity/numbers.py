"""Numbers typed that are not the person's own: tickets, orders, codes. They open nothing to anybody; they are counted.

Whoever types many different ones is guessing. The same number said again is no new try.
"""

import re

from sqlalchemy import or_, select

from bot.identity.changes import Failed
from bot.identity.keys import IdentityKeys
from bot.identity.limits import Failure
from bot.lanes import Job
from records.database import Database
from records.models import Ticket
from registry.interface import CouldNotAsk, Known, Registry

TICKET = re.compile(r"\bT-?\d{6}\b", re.IGNORECASE)
INVOICE = re.compile(r"\b[a-z]{3,10}[-/](?=[a-z0-9/-]*\d)[a-z0-9]{5,}(?:[-/][a-z0-9]+)*\b", re.IGNORECASE)
NOT_THEIRS = "redeem_not_theirs"
"""Advice of a finding that a code belongs to no purchase of this person's."""
MOST = 10
"""Numbers of one message that are looked at."""


class ForeignNumbers:
    """Finds those that are not the speaker's."""

    def __init__(self, database: Database, registry: Registry, keys: IdentityKeys) -> None:
        self._database, self._registry, self._keys = database, registry, keys

    async def of(
        self, job: Job, text: str, participant: str | None, subject: str, codes: tuple[str, ...] = ()
    ) -> tuple[Failed, ...]:
        """Return a failure for every number in the text that is not this person's, and for these codes."""
        tickets = {_plain(found) for found in TICKET.findall(text)[:MOST]}
        invoices = {found.upper() for found in INVOICE.findall(text)[:MOST]}
        foreign = [("ticket", number) for number in tickets - await self._own_tickets(job, tickets, participant)]
        if invoices:
            own = await self._own_invoices(participant)
            foreign += [("invoice", number) for number in invoices - own] if own is not None else []
        foreign += [("code", code.upper()) for code in codes[:MOST]]
        return tuple(self._failure(job, kind, number, subject) for kind, number in sorted(foreign))

    def _failure(self, job: Job, kind: str, number: str, subject: str) -> Failed:
        target = self._keys.subject(kind, number)
        return Failed(Failure(kind, job.channel, subject, target, self._keys.subject("try", f"{subject}:{target}")))

    async def _own_tickets(self, job: Job, numbers: set[str], participant: str | None) -> set[str]:
        if not numbers:
            return set()
        theirs = [Ticket.conversation_id == job.conversation]
        if participant:
            theirs.append(Ticket.participant_id == participant)
        async with self._database.read() as session:
            return set(await session.scalars(select(Ticket.number).where(Ticket.number.in_(numbers), or_(*theirs))))

    async def _own_invoices(self, participant: str | None) -> set[str] | None:
        """Return the person's order numbers; None where they could not be asked."""
        if participant is None:
            return set()
        answer = await self._registry.purchases(participant)
        if isinstance(answer, CouldNotAsk):
            return None
        bought = answer.value if isinstance(answer, Known) else ()
        return {it.invoice_code.upper() for it in bought if it.invoice_code}


def _plain(number: str) -> str:
    return f"T-{number[-6:]}"
