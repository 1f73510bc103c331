"""What a reply says of the case it opened: its number, by when it is answered, and what may be expected until then."""

from datetime import datetime
from functools import cache

from sqlalchemy.ext.asyncio import AsyncSession

from bot.tickets import OpenedTicket
from checks.expected import expected
from checks.wording import Wording
from records.expectation import expectation
from records.models import Ticket
from records.spoken_time import spoken_soon

NUMBER, PROMISE = "{ticket}", "{promise}"


@cache
def wording() -> Wording:
    """Return the words that stand beside a promise."""
    return Wording.read()


async def filled(session: AsyncSession, said: str, ticket: OpenedTicket | None, now: datetime) -> str:
    """Return a reply with what only the records know of its case; the place follows the promise's own sentence."""
    if ticket is None:
        return said
    said = said.replace(NUMBER, ticket.number)
    if PROMISE not in said:
        return said
    it = await expectation(session, await session.get_one(Ticket, ticket.id), now)
    beside = expected(it, wording(), now)
    if beside:
        said = said.replace(f"{PROMISE}.", f"{PROMISE}. {beside}", 1)
    return said.replace(PROMISE, spoken_soon(it.promised_at, now))
