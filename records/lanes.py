"""Questions that do not wait for one another, asked over two connections: the next by whichever is free."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from records.database import Database, ReadSession

LANES = 2
type Ask = Callable[[ReadSession], Awaitable[Any]]


async def over_two[Key](database: Database, asked: Mapping[Key, Ask]) -> dict[Key, Any]:
    """Return the answers by key; what takes longest should stand first, and no answer be made of two moments."""
    waiting, answers = deque(asked.items()), dict[Key, Any]()

    async def lane() -> None:
        async with database.read() as session:
            while waiting:
                key, ask = waiting.popleft()
                try:
                    answers[key] = await ask(session)
                except BaseException:
                    waiting.clear()
                    raise

    await all_ended(*(lane() for _ in range(min(LANES, len(asked)))))
    return answers


async def all_ended[Answer](*asked: Awaitable[Answer]) -> list[Answer]:
    """Return what all of these answer; a problem of one is raised when no other uses its connection any more."""
    answers = await asyncio.gather(*asked, return_exceptions=True)
    for answer in answers:
        if isinstance(answer, BaseException):
            raise answer
    return [answer for answer in answers if not isinstance(answer, BaseException)]
