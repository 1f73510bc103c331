"""Examples of prepared words, to begin with: desk/answering/examples.yml, added for everybody once."""

from datetime import datetime
from functools import cache
from pathlib import Path

import yaml
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from desk.answering.canned import ALL, Wanted, add
from desk.sessions import Person
from records.models import CannedReply

FILE = Path(__file__).with_name("examples.yml")


@cache
def examples() -> tuple[Wanted, ...]:
    """Return every example."""
    told = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return tuple(Wanted(key, it["title"], it["text"].strip(), ALL) for key, it in told.items())


async def add_examples(session: AsyncSession, *, by: Person, at: datetime) -> int:
    """Add the examples whose shortcut is not taken yet, and return how many that were; raises LeadOnly."""
    everybody = select(CannedReply.shortcut).where(CannedReply.staff_id.is_(None), CannedReply.team_id.is_(None))
    there = set(await session.scalars(everybody))
    missing = [it for it in examples() if it.shortcut not in there]
    for wanted in missing:
        await add(session, wanted, by=by, at=at)
    return len(missing)
