"""Asking our own tables within a deadline: whatever goes wrong with the database is said, not raised."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, LiteralString

from psycopg import Error as PsycopgError
from sqlalchemy import Executable, Select
from sqlalchemy.exc import SQLAlchemyError

from records.at_once import Rows
from records.database import Database
from registry.interface import Absent, Answer, CouldNotAsk, Known
from registry.questions import Question

SOURCE = "tabel program"
DEADLINE = timedelta(seconds=1)


class Late(Exception):
    """The deadline passed before the database answered."""


class NeverLoaded(Exception):
    """The files a question rests on were never imported whole."""

    def __init__(self, files: Sequence[str]) -> None:
        super().__init__(", ".join(f"{name}.csv" for name in files) + " belum pernah diimpor")


class Tables:
    """Asks questions of the own tables, each within the same deadline."""

    def __init__(self, database: Database, deadline: timedelta = DEADLINE) -> None:
        # one SELECT is its own snapshot, and the same few are asked with every turn: written once, planned once
        self._database = database
        self._written: dict[Executable, tuple[LiteralString, Mapping[str, Any]]] = {}
        self._seconds = deadline.total_seconds()
        self._late: set[asyncio.Task[Any]] = set()

    async def ask[T](self, question: Question[T], **given: Any) -> Answer[T]:
        """Return the answer to one question."""

        async def read() -> tuple[T | None, datetime]:
            rows = await self.rows(question.statement, given)
            if rows[0]["loaded_files"] < len(question.files):
                raise NeverLoaded(question.files)
            found = rows[0]["found"] is not None
            return question.read(rows) if found else None, rows[0]["loaded_at"]

        return await self.answer(read)

    async def answer[T](self, read: Callable[[], Awaitable[tuple[T | None, datetime]]]) -> Answer[T]:
        """Turn a reading, a value with its age, into an answer; None is Absent."""
        began = time.monotonic()
        try:
            value, as_of = await self._in_time(read)
        except Late:
            return CouldNotAsk(SOURCE, f"basis data tidak menjawab dalam {self._seconds:g} detik", _since(began))
        except NeverLoaded as never:
            return CouldNotAsk(SOURCE, str(never), _since(began))
        except (SQLAlchemyError, PsycopgError, OSError) as error:
            return CouldNotAsk(SOURCE, f"basis data tidak bisa ditanya ({type(error).__name__})", _since(began))
        if value is None:
            return Absent(SOURCE, as_of, _since(began))
        return Known(value, SOURCE, as_of, _since(began))

    async def rows(self, statement: Select[*tuple[Any, ...]], given: Mapping[str, Any] | None = None) -> Rows:
        """Return the rows of one statement."""
        if statement not in self._written:
            self._written[statement] = self._write(statement)
        sql, fixed = self._written[statement]
        return await self._database.at_once.rows(sql, {**fixed, **(given or {})})

    def _write(self, statement: Select[*tuple[Any, ...]]) -> tuple[LiteralString, Mapping[str, Any]]:
        """Return a statement as text, and the values that are part of it."""
        compiled = statement.compile(dialect=self._database.engine.dialect)
        return compiled.string, compiled.params

    async def _in_time[T](self, read: Callable[[], Awaitable[T]]) -> T:
        """Wait no longer than the deadline, even for a server that does not react to being cancelled."""
        task = asyncio.ensure_future(read())
        try:
            await asyncio.wait({task}, timeout=self._seconds)
        finally:
            if not task.done():
                task.cancel()
                self._late.add(task)
                task.add_done_callback(self._forget)
        if task.done():
            return task.result()
        raise Late

    def _forget(self, task: asyncio.Task[Any]) -> None:
        self._late.discard(task)
        if not task.cancelled():
            task.exception()


def _since(began: float) -> float:
    return (time.monotonic() - began) * 1000
