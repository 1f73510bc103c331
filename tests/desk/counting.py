"""How many questions a page asks of the database: the statements of a request, kept for whoever wonders.

    with counted(database) as asked:
        await browser.get("/antrean")
    assert len(asked) <= 8, asked

`SET TRANSACTION READ ONLY` and the pool's ping are no questions. A page of fifty lines asks as often as one of two.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from records.database import Database

NO_QUESTION = ("SET TRANSACTION", "SAVEPOINT", "RELEASE SAVEPOINT")


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """Collect the statements that this database is asked while the block runs."""
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if not statement.startswith(NO_QUESTION):
            asked.append(" ".join(statement.split())[:200])

    engine = database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)
