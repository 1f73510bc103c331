"""What the machines play in: one event loop and one database for all examples of a machine, and a database that can
fail before or after a commit.

Every example has people and message numbers of its own, so nothing is cleaned up between examples but what still waits.
`HYPOTHESIS_PROFILE=long` plays many more and longer ones.
"""

import asyncio
import itertools
import os
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any, LiteralString

from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from records.at_once import AtOnce, Given, Rows
from records.database import Database
from tests.conftest import OPENING

LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
EXAMPLE = itertools.count(1)
QUIET = (
    "UPDATE inbox SET status = 'ignored' WHERE status = 'pending'",
    "UPDATE lanes SET due_at = NULL, held_until = NULL WHERE due_at IS NOT NULL OR held_until IS NOT NULL",
    "UPDATE outbox SET status = 'refused' WHERE status IN ('due', 'sending')",
)


def lost_line() -> OperationalError:
    """What the driver says when the server is gone."""
    return OperationalError("(uji)", None, Exception("server closed"), connection_invalidated=True)


class BreakingAtOnce(AtOnce):
    """Fails a statement before it runs, or after it was committed and nobody heard."""

    def __init__(self, url: str) -> None:
        super().__init__(url, 8, "uji")
        self.weather: list[str] = []

    async def rows(self, statement: LiteralString, given: Given) -> Rows:
        now = self.weather.pop(0) if self.weather else "fine"
        if now == "before":
            raise lost_line()
        rows = await super().rows(statement, given)
        if now == "after":
            raise lost_line()
        return rows


class BreakingDatabase(Database):
    """A database with weather."""

    def __init__(self, url: str) -> None:
        super().__init__(url, pool_size=8)
        self.at_once: BreakingAtOnce = BreakingAtOnce(self.url)

    @property
    def weather(self) -> list[str]:
        return self.at_once.weather

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        now = self.weather.pop(0) if self.weather else "fine"
        if now == "before":
            raise lost_line()
        async with super().write() as session:
            yield session
        if now == "after":
            raise lost_line()


class World:
    """The loop, the database and the clock that all examples share."""

    def __init__(self, url: str, data_key: str) -> None:
        self.data_key = data_key
        self.now: datetime = OPENING
        self._made: dict[str, Any] = {}
        self._runner = asyncio.Runner()
        self.database = self.run(self._open(url))

    async def _open(self, url: str) -> BreakingDatabase:
        return BreakingDatabase(url)

    def clock(self) -> datetime:
        return self.now

    def once[T](self, name: str, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """What is made once for all examples."""
        if name not in self._made:
            self._made[name] = self.run(work())
        made: T = self._made[name]
        return made

    def run[T](self, work: Coroutine[Any, Any, T]) -> T:
        return self._runner.run(work)

    def rows(self, query: str, **given: Any) -> list[dict[str, Any]]:
        """Read, or set right what time would set right."""

        async def ask() -> list[dict[str, Any]]:
            async with self.database.engine.begin() as connection:
                found = await connection.execute(text(query), given)
                return [dict(row) for row in found.mappings()] if found.returns_rows else []

        return self.run(ask())

    def count(self, what: str, **given: Any) -> int:
        return int(self.rows(f"SELECT count(*) AS n FROM {what}", **given)[0]["n"])  # noqa: S608

    def quiet(self) -> None:
        """Nothing of this example is due in the next one."""
        self.database.weather.clear()
        for statement in QUIET:
            self.rows(statement)

    def close(self) -> None:
        self.run(self.database.close())
        self._runner.close()


class Machine(RuleBasedStateMachine):
    """A machine in a world, with numbers nobody else has."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self.world = world
        self.example = next(EXAMPLE)
        self._numbers = itertools.count(self.example * 1000)

    def number(self) -> int:
        return next(self._numbers)

    def person(self, who: int) -> int:
        """The Telegram id of one of this example's people."""
        return 1_000_000 + self.example * 10 + who

    def teardown(self) -> None:
        self.world.quiet()


def play(machine: type[Machine], world: World, *, examples: int, steps: int) -> None:
    """Play a machine: a few short examples with every change, many long ones when asked."""
    run_state_machine_as_test(
        lambda: machine(world),
        settings=settings(
            max_examples=examples * 20 if LONG else examples,
            stateful_step_count=steps * 2 if LONG else steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )


HOUR = timedelta(hours=1)
