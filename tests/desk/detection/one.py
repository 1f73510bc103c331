"""One suspicion as the desk keeps it, for pages to show."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from records.models import Suspicion, Turn
from tests.desk.making import Scene


async def suspected(session: AsyncSession, scene: Scene, at: datetime) -> UUID:
    """Write a suspicion down with evidence of every kind."""
    turns = list(await session.scalars(select(Turn.id).where(Turn.intent.is_not(None)).limit(3)))
    counts = [
        {
            "at": (at - timedelta(minutes=5 * back)).isoformat(),
            "seen": 19.0 - back if back < 4 else float(back % 3),
            "usual": 1.2,
            "low": 0.0,
            "high": 3.6,
        }
        for back in range(18, 0, -1)
    ]
    by = {
        "intent": [{"key": "payment_failed", "seen": 64, "usual": 4.8, "out": True}],
        "platform": [
            {"key": "tokopedia", "seen": 60, "usual": 2.1, "out": True},
            {"key": "bukalapak", "seen": 2, "usual": 1.7, "out": False},
        ],
        "channel": [{"key": "telegram", "seen": 35, "usual": 2.0, "out": True}],
    }
    failing = [
        {"source": "API mitra", "question": "Pembelian", "reason": "tidak dijawab dalam 2 detik", "failures": 31}
    ]
    it = Suspicion(
        kind="complaints",
        intent="payment_failed",
        platform="tokopedia",
        began_at=at - timedelta(minutes=17),
        found_at=at - timedelta(minutes=13),
        last_at=at,
        observed=64,
        expected=4.8,
        evidence={
            "counts": counts,
            "by": by,
            "failing": failing,
            "examples": [str(each) for each in turns],
            "also": [],
        },
    )
    session.add(it)
    await session.flush()
    return it.id
