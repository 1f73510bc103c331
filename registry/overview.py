"""Everything the own tables hold of one participant, asked as one statement.

The bot asks for it before a message is read, and six ways there and back would cost it more than the answers. Each
question stays what it is (registry/questions.py): its rows come as JSON, are given their moments back, and are read by
it, with its own age and its own "never loaded".
"""

import re
import time
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, LiteralString

from sqlalchemy.dialects import postgresql

from records.database import Database
from registry import questions
from registry.asking import SOURCE
from registry.interface import Absent, Answer, CouldNotAsk, Known
from registry.questions import Question, Row

QUESTIONS: dict[str, Question[Any]] = {
    "participant": questions.PARTICIPANT,
    "waves": questions.WAVE_APPLICATIONS,
    "card": questions.CARD,
    "purchases": questions.PURCHASES,
    "incentives": questions.INCENTIVES,
    "payout_account": questions.PAYOUT_ACCOUNT,
}
"""By the names that checks know them by."""
OF_WHOM = "participant_id"
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?[+-]\d\d:\d\d")
DAY = re.compile(r"\d{4}-\d\d-\d\d")


class Overview:
    """The six questions as one."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._sql, self._fixed = _together(QUESTIONS)

    async def __call__(self, participant_id: str) -> Mapping[str, Answer[Any]]:
        """Return the answers by question; raises what the database raises."""
        began = time.monotonic()
        given = {**self._fixed, OF_WHOM: participant_id}
        rows: dict[str, list[Row]] = {name: [] for name in QUESTIONS}
        for found in await self._database.at_once.rows(self._sql, given):
            rows[found["question"]].append({name: _timed(value) for name, value in found["row"].items()})
        took = (time.monotonic() - began) * 1000
        return {name: _answer(QUESTIONS[name], of_it, took) for name, of_it in rows.items()}


def _together(asked: Mapping[str, Question[Any]]) -> tuple[LiteralString, dict[str, Any]]:
    parts: list[str] = []
    fixed: dict[str, Any] = {}
    for name, question in asked.items():
        compiled = question.statement.compile(dialect=postgresql.dialect(paramstyle="pyformat"))  # type: ignore[no-untyped-call]
        sql = compiled.string
        for own, value in compiled.params.items():
            if own != OF_WHOM:
                sql = sql.replace(f"%({own})s", f"%({name}_{own})s")
                fixed[f"{name}_{own}"] = value
        parts.append(f"SELECT '{name}' AS question, to_jsonb(q) AS row FROM ({sql}) q")  # noqa: S608 (nothing but our own statements)
    return " UNION ALL ".join(parts), fixed


def _answer(question: Question[Any], rows: list[Row], took_ms: float) -> Answer[Any]:
    if not rows or rows[0]["loaded_files"] < len(question.files):
        return CouldNotAsk(SOURCE, "belum pernah diimpor", took_ms)
    if rows[0]["found"] is None:
        return Absent(SOURCE, rows[0]["loaded_at"], took_ms)
    return Known(question.read(rows), SOURCE, rows[0]["loaded_at"], took_ms)


def _timed(value: Any) -> Any:
    """Give a moment or day back what JSON took from it."""
    if not isinstance(value, str) or not value[:4].isdigit():
        return value
    if MOMENT.fullmatch(value):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if DAY.fullmatch(value) else value
