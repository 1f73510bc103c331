"""What the page *Belajar* shows: piles with their examples, what was decided with its fate, articles, trials."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from desk.learning.fates import Fate, fates_of
from desk.learning.known_lines import KnownLines, Line, Near
from desk.learning.meanings import likeliest
from desk.learning.piles import Pile
from records.models import LearningDraft, LearningExample, LearningTrial, LearningTrialExample, Staff
from trends.within import DIALOGUE

PILES, OF_A_PILE, WHOLE_PILE, PAGE = 10, 4, 40, 50


@dataclass(frozen=True)
class Shown:
    """One example as a reviewer sees it."""

    example: LearningExample
    by: str | None
    """Who marked it, where somebody at the desk did."""
    options: tuple[str, ...]
    """Intents to choose with a digit: what people said, what the model thought, what near lines are taught as."""
    nearest: tuple[Near, ...]
    same: Line | None
    """The line that says the very same already."""


@dataclass(frozen=True)
class ShownPile:
    """A pile with the examples that are shown of it."""

    pile: Pile
    examples: list[Shown]
    each: int
    """How many are shown at most."""

    @property
    def more(self) -> int:
        """How many are not shown."""
        return max(0, len(self.pile.ids) - self.each)


@dataclass(frozen=True)
class Decided:
    """An example that was decided, with what became of it."""

    example: LearningExample
    by: str | None
    fate: Fate


async def shown_piles(session: AsyncSession, piles: list[Pile], lines: KnownLines, each: int) -> list[ShownPile]:
    """Return these piles with their first examples that still wait; a pile that was decided altogether is left out."""
    wanted = [UUID(one) for pile in piles for one in pile.ids[:each]]
    rows = await session.execute(
        select(LearningExample, Staff.name)
        .outerjoin(Staff, Staff.id == LearningExample.marked_by)
        .where(LearningExample.id.in_(wanted), LearningExample.status == "waiting")
    )
    found = {str(example.id): shown(example, by, lines) for example, by in rows}
    made = [ShownPile(pile, [found[one] for one in pile.ids[:each] if one in found], each) for pile in piles]
    return [one for one in made if one.examples]


def shown(example: LearningExample, by: str | None, lines: KnownLines) -> Shown:
    """Return an example with what there is to choose from."""
    nearest, same = lines.nearest(example.said), lines.same(example.said)
    guesses = [str(guess.get("name")) for guess in example.ranking]
    taught = [it.line.intent for it in nearest]
    said = (it for it in (example.read_as, *guesses, *taught) if it not in DIALOGUE)
    options = likeliest(example.meant, same.intent if same else None, *said)
    return Shown(example, by, tuple(options), nearest, same)


async def one_shown(session: AsyncSession, example_id: UUID, lines: KnownLines) -> Shown | None:
    """Return one example as a reviewer sees it, or None where it is not there."""
    example = await session.get(LearningExample, example_id, populate_existing=True)
    if example is None:
        return None
    by = await session.scalar(select(Staff.name).where(Staff.id == example.marked_by)) if example.marked_by else None
    return shown(example, by, lines)


async def decided(
    session: AsyncSession, status: str, now: datetime, page: int, draft: UUID | None = None
) -> list[Decided]:
    """Return what was decided in this way, latest first, with what became of it."""
    which: ColumnElement[bool] = LearningExample.status == status
    asked = select(LearningExample, Staff.name).outerjoin(Staff, Staff.id == LearningExample.decided_by).where(which)
    if draft:
        asked = asked.where(LearningExample.draft_id == draft)
    newest = asked.order_by(LearningExample.decided_at.desc(), LearningExample.id).limit(PAGE).offset((page - 1) * PAGE)
    rows = list(await session.execute(newest))
    fates = await fates_of(session, [example for example, _ in rows], now)
    return [Decided(example, by, fates[example.id]) for example, by in rows]


async def counts(session: AsyncSession) -> dict[str, int]:
    """Return how many examples stand where."""
    rows = await session.execute(select(LearningExample.status, func.count()).group_by(LearningExample.status))
    return {row[0]: row[1] for row in rows}


async def drafts(session: AsyncSession) -> list[tuple[LearningDraft, int]]:
    """Return the articles to be written, those with most questions first."""
    number = func.count(LearningExample.id)
    rows = await session.execute(
        select(LearningDraft, number)
        .join(LearningExample, LearningExample.draft_id == LearningDraft.id)
        .where(LearningExample.status == "drafted")
        .group_by(LearningDraft.id)
        .order_by(number.desc(), LearningDraft.title)
    )
    return [(draft, count) for draft, count in rows]


async def titles(session: AsyncSession) -> list[str]:
    """Return the titles of articles to be written."""
    return list(await session.scalars(select(LearningDraft.title).order_by(LearningDraft.title)))


async def trials(session: AsyncSession) -> list[tuple[LearningTrial, int, int]]:
    """Return the latest trials, each with how many examples it taught and how many judged it."""
    it = LearningTrialExample
    taught = func.count(it.example_id).filter(~it.held_out)
    apart = func.count(it.example_id).filter(it.held_out)
    rows = await session.execute(
        select(LearningTrial, taught, apart)
        .outerjoin(it, it.trial == LearningTrial.number)
        .group_by(LearningTrial.number)
        .order_by(LearningTrial.number.desc())
        .limit(20)
    )
    return [(trial, added, held) for trial, added, held in rows]
