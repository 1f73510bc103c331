"""The records of a trial: begun, judged, failed, adopted, gone back from. One runs at a time."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from desk.learning.exporting import Accepted
from helpdesk.learning.opened import BY
from helpdesk.learning.verdict import Verdict
from records import audit
from records.models import LearningTrial, LearningTrialExample


class NoSuchTrial(Exception):
    """No trial is in the state that is needed; the message says what to do."""


async def begin(session: AsyncSession, examples: list[Accepted], former: str, at: datetime) -> int:
    """Write down that a trial begins; one that ended without a word before is called failed."""
    for left in await session.scalars(select(LearningTrial).where(LearningTrial.state == "running")):
        left.state, left.ended_at, left.why = "failed", at, "Terhenti di tengah jalan."
    trial = LearningTrial(state="running", made_by=BY, began_at=at, former=former)
    session.add(trial)
    await session.flush()
    session.add_all(
        LearningTrialExample(trial=trial.number, example_id=one.id, held_out=one.held_out) for one in examples
    )
    return trial.number


async def fail(session: AsyncSession, number: int, why: str, at: datetime) -> None:
    """Write down that a trial came to nothing."""
    trial = await session.get_one(LearningTrial, number)
    trial.state, trial.ended_at, trial.why = "failed", at, why


async def judge(
    session: AsyncSession, number: int, model: str, verdict: Verdict, read: dict[str, Any], at: datetime
) -> None:
    """Write down how a candidate did, and how each example is read before and after."""
    trial = await session.get_one(LearningTrial, number)
    trial.state, trial.ended_at, trial.model = "refused" if verdict.refused else "passed", at, model
    trial.verdict, trial.figures, trial.why = verdict.word, verdict.figures, verdict.why
    for row in await session.scalars(select(LearningTrialExample).where(LearningTrialExample.trial == number)):
        row.read_before, row.read_after = read.get(str(row.example_id), (None, None))
    await _told(session, "learning_trial", trial, at, {"verdict": verdict.word})


async def latest(session: AsyncSession, state: str, number: int | None = None) -> LearningTrial:
    """Return the trial of this number, or the latest, that is in this state; raises NoSuchTrial."""
    asked = select(LearningTrial).where(LearningTrial.state == state)
    asked = asked.where(LearningTrial.number == number) if number else asked
    newest = LearningTrial.adopted_at if state == "adopted" else LearningTrial.number
    found = await session.scalar(asked.order_by(newest.desc()).limit(1))
    if found is None:
        named = f"Trial {number}" if number else "No trial"
        raise NoSuchTrial(f"{named} is not {state}. helpdesk learning status shows them all.")
    return found


async def adopted(session: AsyncSession, number: int, at: datetime) -> None:
    """Write down that a candidate is the model in use."""
    trial = await session.get_one(LearningTrial, number)
    trial.state, trial.adopted_at, trial.back_at = "adopted", at, None
    await _told(session, "learning_adopt", trial, at, {"former": trial.former})


async def gone_back(session: AsyncSession, number: int, at: datetime) -> None:
    """Write down that the former model is in use again."""
    trial = await session.get_one(LearningTrial, number)
    trial.state, trial.back_at = "back", at
    await _told(session, "learning_back", trial, at, {"former": trial.former})


async def _told(session: AsyncSession, action: str, trial: LearningTrial, at: datetime, more: dict[str, Any]) -> None:
    detail = {"model": trial.model, **more}
    await audit.record(session, at=at, actor=BY, action=action, object=f"trial:{trial.number}", detail=detail)


def said(example: UUID) -> str:
    """Return an example's id as a command prints it."""
    return str(example)[:8]
