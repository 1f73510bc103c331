"""How often somebody may try to sign in: failures are counted by name, by address and by both, by real time.

Counted in the database, so that several desks count together. A try counts as failed from the moment it begins: of many
begun at once none slips through, and what comes out well is taken back.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from records.clock import Clock
from records.database import Database
from records.models import SignInAttempt
from records.sealed import Seal

WINDOW = timedelta(minutes=15)
PER_PAIR, PER_NAME, PER_ADDRESS = 5, 20, 50
ATTEMPTS_LOCK = 7_240_826


class TooOften(Exception):
    """This name or address must wait."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__()
        self.wait = wait


@dataclass(frozen=True)
class Try:
    """One try that was let through."""

    pair: str
    counted: tuple[int, ...]


class Attempts:
    """Failures of the last quarter of an hour."""

    def __init__(self, database: Database, seal: Seal, real_clock: Clock) -> None:
        self._database, self._seal, self._now = database, seal, real_clock

    async def begin(self, name: str, address: str) -> Try:
        """Let this name try from this address; raises TooOften."""
        now = self._now()
        limits = self._limits(name, address)
        async with self._database.write() as session:
            await session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": ATTEMPTS_LOCK})
            await session.execute(delete(SignInAttempt).where(SignInAttempt.at <= now - WINDOW))
            waits = [await _wait(session, key, most, now) for key, most in limits]
            if wait := max((wait for wait in waits if wait), default=None):
                raise TooOften(wait)
            counted = [SignInAttempt(key=key, at=now) for key, _ in limits]
            session.add_all(counted)
            await session.flush()
            return Try(limits[0][0], tuple(one.id for one in counted))

    async def succeeded(self, tried: Try) -> None:
        """Take this try back, and with it the failures of this name at this address."""
        async with self._database.write() as session:
            await session.execute(delete(SignInAttempt).where(SignInAttempt.id.in_(tried.counted)))
            await session.execute(delete(SignInAttempt).where(SignInAttempt.key == tried.pair))

    def _limits(self, name: str, address: str) -> list[tuple[str, int]]:
        said = ((f"pair {name} {address}", PER_PAIR), (f"name {name}", PER_NAME), (f"address {address}", PER_ADDRESS))
        return [(self._seal.fingerprint(f"attempt {key}"), most) for key, most in said]


async def _wait(session: AsyncSession, key: str, most: int, now: datetime) -> timedelta | None:
    """How long until fewer than `most` failures of the key are within the window; None when it is so already."""
    latest = select(SignInAttempt.at).where(SignInAttempt.key == key).order_by(SignInAttempt.at.desc()).limit(most)
    failures = list(await session.scalars(latest))
    return failures[-1] + WINDOW - now if len(failures) == most else None
