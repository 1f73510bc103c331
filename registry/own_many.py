"""The own tables asked for many people in one statement a question: the question itself is the one asked of one person.

A batch that does not answer in time could not be asked for anybody in it.
"""

import asyncio
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, LiteralString

from psycopg import Error as PsycopgError
from sqlalchemy.exc import SQLAlchemyError

from records.database import Database
from registry import questions
from registry.asking import SOURCE
from registry.interface import Absent, Answer, CouldNotAsk, Known
from registry.questions import Question, Row

DEADLINE = timedelta(seconds=20)


@dataclass(frozen=True)
class Asked:
    """A question of one, and the name of what it is asked of."""

    question: Question[Any]
    by: str = "participant_id"


MANY: dict[str, Asked] = {
    "participant": Asked(questions.PARTICIPANT),
    "waves": Asked(questions.WAVE_APPLICATIONS),
    "card": Asked(questions.CARD),
    "ledger": Asked(questions.LEDGER),
    "purchases": Asked(questions.PURCHASES),
    "incentives": Asked(questions.INCENTIVES),
    "payout_account": Asked(questions.PAYOUT_ACCOUNT),
    "payment": Asked(questions.PAYMENT_STATUS, "invoice_code"),
    "phone": Asked(questions.BY_PHONE, "phone_hash"),
}
"""By the names that checks know them by."""


class ManyTables:
    """Asks the own tables for many."""

    def __init__(self, database: Database, deadline: timedelta = DEADLINE) -> None:
        self._database, self._deadline = database, deadline
        self._written: dict[str, tuple[LiteralString, Mapping[str, Any]]] = {}

    async def gather(self, name: str, keys: Sequence[str]) -> dict[str, Answer[Any]]:
        """Return the answer for each of these keys."""
        wanted = list(dict.fromkeys(keys))
        if not wanted:
            return {}
        began = time.monotonic()
        sql, fixed = self._statement(name)
        try:
            async with asyncio.timeout(self._deadline.total_seconds()):
                rows = await self._database.at_once.rows(sql, {**fixed, "keys": wanted})
        except (SQLAlchemyError, PsycopgError, OSError, TimeoutError) as error:
            took = (time.monotonic() - began) * 1000
            why = f"basis data tidak bisa ditanya ({type(error).__name__})"
            return {key: CouldNotAsk(SOURCE, why, took) for key in wanted}
        took = (time.monotonic() - began) * 1000 / len(wanted)
        by_key: dict[str, list[Row]] = {key: [] for key in wanted}
        for row in rows:
            by_key[row["of_whom"]].append(row)
        return {key: _answer(MANY[name].question, of_it, took) for key, of_it in by_key.items()}

    def _statement(self, name: str) -> tuple[LiteralString, Mapping[str, Any]]:
        if name not in self._written:
            asked = MANY[name]
            compiled = asked.question.statement.compile(dialect=self._database.engine.dialect)
            own = re.compile(rf"%\({asked.by}\)s(::\w+)?")
            inner = own.sub("whom.key", compiled.string)
            # nothing but our own statements, each asked once for every key
            each = "unnest(%(keys)s::text[]) AS whom(key)"
            sql = f"SELECT whom.key AS of_whom, it.* FROM {each}, LATERAL ({inner}) AS it"  # noqa: S608
            fixed = {key: value for key, value in compiled.params.items() if key != asked.by}
            self._written[name] = sql, fixed
        return self._written[name]


def _answer(question: Question[Any], rows: list[Row], took_ms: float) -> Answer[Any]:
    if not rows or rows[0]["loaded_files"] < len(question.files):
        return CouldNotAsk(SOURCE, "belum pernah diimpor", took_ms)
    if rows[0]["found"] is None:
        return Absent(SOURCE, rows[0]["loaded_at"], took_ms)
    return Known(question.read(rows), SOURCE, rows[0]["loaded_at"], took_ms)
