"""What became of an example: waits, was refused and why, is in a trial with its figures, is in the model since when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from desk.learning.meanings import name_of
from desk.wording import moment
from records.models import LearningDraft, LearningExample, LearningTrial, LearningTrialExample

WAITING = "menunggu peninjau"


@dataclass(frozen=True)
class Fate:
    """One sentence, and how it is coloured: waits, good, bad."""

    said: str
    tone: str
    bound: bool = False
    """Whether a model rests on it, so that the decision cannot be undone."""


@dataclass(frozen=True)
class Tried:
    """The latest trial an example was in, and how both models read it there."""

    trial: LearningTrial
    held_out: bool
    before: str | None
    after: str | None


async def fates_of(session: AsyncSession, examples: Iterable[LearningExample], now: datetime) -> dict[UUID, Fate]:
    """Return what became of each."""
    every = list(examples)
    tried = await _tried(session, [one.id for one in every if one.status == "accepted"])
    drafts = await _titles(session, {one.draft_id for one in every if one.draft_id})
    return {one.id: fate(one, tried.get(one.id), drafts.get(one.draft_id), now) for one in every}


def fate(example: LearningExample, tried: Tried | None, draft: str | None, now: datetime) -> Fate:
    """Return what became of one example."""
    if example.status == "waiting":
        return Fate(WAITING, "tunggu")
    if example.status == "withdrawn":
        return Fate("ditarik kembali", "tunggu")
    if example.status == "rejected":
        return Fate(f"ditolak: {example.reason}", "buruk")
    if example.status == "drafted":
        return Fate(f"dikumpulkan untuk artikel “{draft}”", "baik")
    accepted = f"diterima sebagai {name_of(example.right_intent)}"
    if tried is None:
        return Fate(f"{accepted}; menunggu uji coba", "tunggu")
    return _in_trial(accepted, example, tried, now)


def _in_trial(accepted: str, example: LearningExample, tried: Tried, now: datetime) -> Fate:
    trial = tried.trial
    name = f"uji coba {trial.number}"
    if trial.state == "running":
        return Fate(f"{accepted}; sedang diuji ({name})", "tunggu", bound=True)
    if trial.state == "failed":
        return Fate(f"{accepted}; {name} tidak selesai: {trial.why}", "buruk")
    read = _read(example, tried)
    if trial.state == "refused":
        return Fate(f"{accepted}; {name} ditolak: {trial.why}{read}", "buruk")
    if trial.state == "back" and trial.back_at:
        return Fate(f"{accepted}; model {name} ditarik kembali {moment(trial.back_at, now)}{read}", "buruk")
    if trial.state == "adopted" and trial.adopted_at:
        role = "menguji model" if tried.held_out else "di dalam model"
        return Fate(f"{role} sejak {moment(trial.adopted_at, now)} ({name}){read}", "baik", bound=True)
    return Fate(f"{accepted}; lulus {name} ({figures_said(trial.figures)}), menunggu dipakai{read}", "baik", bound=True)


def _read(example: LearningExample, tried: Tried) -> str:
    if tried.after is None:
        return ""
    right = {example.right_intent, *example.right_also}
    if tried.after in right:
        told = "tetap benar" if tried.before in right else f"kini dibaca benar (tadinya {name_of(tried.before)})"
    else:
        told = f"masih dibaca {name_of(tried.after)}"
    return f"; {told}"


def figures_said(figures: dict[str, Any]) -> str:
    """Return the one figure of a trial that a person asks for first: how often it reads rightly, before and after."""
    old, new = (figures.get(name, {}).get("lenient") for name in ("old", "new"))
    if old is None or new is None:
        return "tanpa angka"
    return f"benar {_percent(old)} → {_percent(new)}"


def _percent(share: float) -> str:
    return f"{share * 100:.1f}".replace(".", ",") + "\u00a0%"


async def _tried(session: AsyncSession, ids: list[UUID]) -> dict[UUID, Tried]:
    if not ids:
        return {}
    rows = await session.execute(
        select(LearningTrialExample, LearningTrial)
        .join(LearningTrial, LearningTrial.number == LearningTrialExample.trial)
        .where(LearningTrialExample.example_id.in_(ids))
        .order_by(LearningTrial.number)
    )
    found: dict[UUID, Tried] = {}
    for it, trial in rows:
        # the first model that is in use says more of an example than any later trial
        if it.example_id not in found or found[it.example_id].trial.state != "adopted":
            found[it.example_id] = Tried(trial, it.held_out, it.read_before, it.read_after)
    return found


async def _titles(session: AsyncSession, ids: set[UUID]) -> dict[UUID | None, str]:
    if not ids:
        return {}
    rows = await session.execute(select(LearningDraft.id, LearningDraft.title).where(LearningDraft.id.in_(ids)))
    return {row[0]: row[1] for row in rows}
