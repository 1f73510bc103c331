"""Sources over 24 hours: counted where they failed, answering again only after they really answered."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from records.clock import Clock
from records.database import Database
from records.models import Conversation, Inbound, SourceFailure, Turn
from tests.conftest import OPENING
from trends.source_failures import (
    ALWAYS_SHOWN,
    Failures,
    SourceState,
    count_failures,
    failure_rows,
    source_states,
)

API, TABLES, DESK = "API program", "tabel program", "catatan meja bantuan"
NOW = OPENING + timedelta(minutes=30)
type Fail = Callable[..., Awaitable[None]]


@pytest.fixture
def fail(database: Database) -> Fail:
    """A source fails some minutes ago, so often."""

    async def fail(ago: float, count: int = 1, source: str = API, **more: str) -> None:
        at = NOW - timedelta(minutes=ago)
        row = SourceFailure(
            minute=at.replace(second=0, microsecond=0),
            source=source,
            question=more.get("question", "payment/status"),
            reason=more.get("reason", "tidak menjawab"),
            count=count,
            last_at=at,
        )
        async with database.write() as session:
            session.add(row)

    return fail


@pytest.fixture
def answers(database: Database) -> Callable[..., Awaitable[None]]:
    """A turn finds a source answering, some minutes ago."""

    async def answers(ago: float, *evidence: dict[str, Any]) -> None:
        at = NOW - timedelta(minutes=ago)
        async with database.write() as session:
            chat = Conversation(channel="telegram", external_id=str(uuid4()), opened_at=at)
            session.add(chat)
            await session.flush()
            inbound = Inbound(
                **{"channel": "telegram", "external_id": str(uuid4()), "conversation_id": chat.id, "kind": "text"},
                **{"order_key": 1, "received_at": at, "status": "done"},
            )
            session.add(inbound)
            await session.flush()
            finding = {"check": "purchase", "verdict": "yes", "summary": "x", "evidence": list(evidence)}
            session.add(
                Turn(
                    **{"id": uuid4(), "inbox_id": inbound.id, "conversation_id": chat.id, "channel": "telegram"},
                    **{"findings": [finding], "outcome": "answered", "took_ms": 1.0, "created_at": at},
                )
            )

    return answers


def said(source: str, *, failed: str | None = None) -> dict[str, Any]:
    as_of = None if failed else OPENING.isoformat()
    return {"label": "x", "value": "y", "source": source, "as_of": as_of, "took_ms": 1.0, "failed": failed}


async def states(database: Database, now: datetime = NOW) -> dict[str, SourceState]:
    async with database.read() as session:
        return {state.name: state for state in await source_states(session, now)}


async def test_a_source_nobody_asked_is_neither_well_nor_ill(database: Database) -> None:
    found = await states(database)
    assert set(found) == set(ALWAYS_SHOWN)
    assert all((it.failures, it.failing_since, it.last_answer) == (0, None, None) for it in found.values())


async def test_failures_stand_in_their_hour_and_every_hour_is_there(database: Database, fail: Fail) -> None:
    await fail(0, 3)
    await fail(29, 2)
    await fail(31)
    await fail(23.4 * 60, 5)
    await fail(25 * 60, 100)
    api = (await states(database))[API]
    assert [hour.failures for hour in api.hours] == [5, *[0] * 21, 1, 5]
    assert api.hours[-1].at == OPENING
    assert api.failures == 11


async def test_a_source_is_down_since_the_first_failure_after_its_last_answer(
    database: Database, fail: Fail, answers: Any
) -> None:
    await fail(200)
    await answers(120, said(API), said(TABLES))
    await fail(90)
    await fail(5)
    found = await states(database)
    assert found[API].failing_since == (NOW - timedelta(minutes=90))
    assert found[API].last_answer == NOW - timedelta(minutes=120)
    assert found[TABLES].failing_since is None
    await answers(2, said(API))
    assert (await states(database))[API].failing_since is None


async def test_a_failure_in_the_minute_of_an_answer_counts_by_the_second(
    database: Database, fail: Fail, answers: Any
) -> None:
    await fail(10 + 20 / 60)
    await answers(10, said(API))
    assert (await states(database))[API].failing_since is None
    await fail(10 - 20 / 60, question="quota-schedule")
    assert (await states(database))[API].failing_since == NOW - timedelta(minutes=10)


async def test_a_failed_line_of_evidence_is_no_answer(database: Database, fail: Fail, answers: Any) -> None:
    await fail(30)
    await answers(5, said(API, failed="tidak menjawab"), {**said(API), "as_of": None})
    assert (await states(database))[API].failing_since is not None


@pytest.mark.parametrize("shape", ["poison", 5, None, [], [["x"]], {"source": {"deep": 1}, "as_of": "x"}])
async def test_evidence_of_any_shape_breaks_nothing(database: Database, answers: Any, shape: Any) -> None:
    await answers(5, shape)
    await answers(6, said(API))
    assert (await states(database))[API].last_answer == NOW - timedelta(minutes=6)


async def test_an_answer_to_come_is_not_known_yet(database: Database, fail: Fail, answers: Any) -> None:
    await fail(60)
    await answers(-60, said(API))
    await fail(-60, 9)
    api = (await states(database))[API]
    assert (api.failures, api.last_answer) == (1, None)


async def test_a_source_that_fails_stands_first_and_a_new_name_is_shown(database: Database, fail: Fail) -> None:
    await fail(5, source="artikel")
    assert next(iter(await states(database))) == "artikel"


async def test_every_number_opens_as_many_failures(database: Database, fail: Fail) -> None:
    await fail(3, 4)
    await fail(3, 2, reason="sedang bermasalah (HTTP 500)")
    await fail(70, 8, question="payment/redeem-code/status")
    await fail(3, 16, source=TABLES, question="Pembelian")
    api = (await states(database))[API]
    numbers = {Failures(NOW, API): api.failures}
    numbers |= {Failures(NOW, API, hour.at): hour.failures for hour in api.hours}
    numbers |= {Failures(NOW, API, None, it.question, it.reason): it.failures for it in api.troubles}
    assert sorted(it.failures for it in api.troubles) == [2, 4, 8]
    async with database.read() as session:
        for within, number in numbers.items():
            rows = await failure_rows(session, within)
            assert (sum(row.count for row in rows), len(rows)) == (number, (await count_failures(session, within))[1])
        assert await count_failures(session, Failures(NOW)) == (30, 4)


async def test_rows_come_newest_first_page_by_page(database: Database, fail: Fail, clock: Clock) -> None:
    for minute in range(7):
        await fail(minute * 10)
    async with database.read() as session:
        pages = [await failure_rows(session, Failures(NOW), limit=3, offset=at) for at in (0, 3, 6)]
    minutes = [row.minute for page in pages for row in page]
    assert minutes == sorted(minutes, reverse=True)
    assert [len(page) for page in pages] == [3, 3, 1]
