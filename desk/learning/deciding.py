"""A reviewer's decision on one example: taught as an intent, refused with a reason, or gathered for an article.

Two reviewers may press at once: the version that was shown decides, one wins and the other is told who and what.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import exists, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from desk.learning.cleaning import check_new, clean
from desk.learning.known_lines import KnownLines
from desk.learning.meanings import Meant, name_of
from desk.learning.refusals import DecidedMeanwhile, NoSuchExample, NotLearnable
from knowledge_base.words import stems
from records import audit
from records.masking import mask
from records.models import (
    ChannelIdentity,
    Conversation,
    LearningDraft,
    LearningExample,
    LearningTrial,
    LearningTrialExample,
    Staff,
)

APART_OF = 5
"""Of so many accepted examples one is kept apart to judge the model with."""
LONGEST_TITLE, LONGEST_REASON = 90, 200
BOUND_UP = ("running", "passed", "adopted")
DECIDED = {"accepted": "diterima", "rejected": "ditolak", "drafted": "dikumpulkan", "withdrawn": "ditarik kembali"}


@dataclass(frozen=True)
class Decision:
    """Which example, as it was shown, by whom."""

    example_id: UUID
    version: int
    staff: Staff
    at: datetime


async def accept(session: AsyncSession, it: Decision, *, text: str, meant: Meant, lines: KnownLines) -> None:
    """Take the example, in these words, for this meaning. Raises NotLearnable, NoSuchExample, DecidedMeanwhile."""
    words = clean(text, await _names(session, it.example_id))
    check_new(words, meant.intent, lines)
    await _check_unlike_accepted(session, it.example_id, words, meant.intent)
    await _set(
        session,
        it,
        "accepted",
        text=words,
        right_intent=meant.intent,
        right_also=list(meant.also),
        held_out=kept_apart(words),
    )
    await _told(session, it, "learning_accept", {"intent": meant.intent, "also": [*meant.also]})


async def reject(session: AsyncSession, it: Decision, *, reason: str) -> None:
    """Refuse the example, and say why. Raises NotLearnable, NoSuchExample, DecidedMeanwhile."""
    why = mask(" ".join(reason.split())).text[:LONGEST_REASON]
    if not why:
        raise NotLearnable("Pilih dulu alasannya.")
    await _set(session, it, "rejected", reason=why)
    await _told(session, it, "learning_reject", {"reason": why})


async def gather_for_article(session: AsyncSession, it: Decision, *, text: str, title: str) -> None:
    """Put the question under the title of an article to be written. Raises NotLearnable, DecidedMeanwhile."""
    words = clean(text, await _names(session, it.example_id))
    named = " ".join(title.split())
    if not 5 <= len(named) <= LONGEST_TITLE:
        raise NotLearnable(
            f"Beri judul artikel 5 sampai {LONGEST_TITLE} huruf, misalnya “Cara ganti kelas yang sudah dibeli”."
        )
    clean(named)
    draft = await _draft(session, named, it)
    await _set(session, it, "drafted", text=words, draft_id=draft)
    await _told(session, it, "learning_draft", {"draft": str(draft)})


async def reopen(session: AsyncSession, it: Decision) -> None:
    """Take a decision back, unless a model rests on it. Raises NotLearnable, NoSuchExample or DecidedMeanwhile."""
    bound = (
        exists()
        .where(LearningTrialExample.example_id == it.example_id, LearningTrialExample.trial == LearningTrial.number)
        .where(LearningTrial.state.in_(BOUND_UP))
    )
    if await session.scalar(select(bound)):
        raise NotLearnable(
            "Contoh ini sudah ikut uji coba model. Tarik dulu modelnya (helpdesk learning adopt --back)."
        )
    undone: dict[str, Any] = {"text": None, "right_intent": None, "right_also": [], "held_out": False, "draft_id": None}
    await _set(session, it, "waiting", before=("accepted", "rejected", "drafted"), reason=None, **undone)
    await _told(session, it, "learning_reopen", {})


def kept_apart(words: str) -> bool:
    """Say whether an example judges instead of teaching: by its stems, so that look-alikes fall on one side."""
    said = " ".join(sorted(set(stems(words)))) or words
    return int(hashlib.sha256(said.encode()).hexdigest()[:8], 16) % APART_OF == 0


async def _set(
    session: AsyncSession, it: Decision, status: str, before: tuple[str, ...] = ("waiting",), **values: Any
) -> None:
    decided = {"decided_by": it.staff.id, "decided_at": it.at} if status != "waiting" else {"decided_at": None}
    changed = await session.execute(
        update(LearningExample)
        .where(LearningExample.id == it.example_id, LearningExample.version == it.version)
        .where(LearningExample.status.in_(before))
        .values(status=status, version=it.version + 1, **decided, **values)
        .returning(LearningExample.id)
        .execution_options(synchronize_session=False)
    )
    if changed.first() is None:
        raise await _why_not(session, it)


async def _why_not(session: AsyncSession, it: Decision) -> Exception:
    row = (
        await session.execute(
            select(LearningExample.status, Staff.name)
            .outerjoin(Staff, Staff.id == LearningExample.decided_by)
            .where(LearningExample.id == it.example_id)
        )
    ).first()
    if row is None:
        return NoSuchExample()
    return DecidedMeanwhile(DECIDED.get(row[0], "diubah"), row[1] if row[0] in DECIDED else None)


async def _names(session: AsyncSession, example_id: UUID) -> list[str]:
    """Return names that must not stand in the words: the participant's and those of staff."""
    theirs = (
        select(ChannelIdentity.display_name)
        .join(Conversation, Conversation.identity_id == ChannelIdentity.id)
        .join(LearningExample, LearningExample.conversation_id == Conversation.id)
        .where(LearningExample.id == example_id, ChannelIdentity.display_name.is_not(None))
    )
    found = [str(name) for name in await session.scalars(theirs)]
    return [*found, *(await session.scalars(select(Staff.name)))]


async def _check_unlike_accepted(session: AsyncSession, example_id: UUID, words: str, intent: str) -> None:
    there = await session.scalar(
        select(LearningExample.right_intent)
        .where(LearningExample.status == "accepted", LearningExample.text.ilike(_literal(words)))
        .where(LearningExample.id != example_id)
        .limit(1)
    )
    if there is not None:
        raise NotLearnable(f"Kalimat ini sudah diterima sebagai {name_of(there)}. Tolak saja sebagai kembar.")


def _literal(words: str) -> str:
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


async def _draft(session: AsyncSession, title: str, it: Decision) -> UUID:
    values = {"title": title, "made_by": it.staff.username, "made_at": it.at}
    await session.execute(insert(LearningDraft).values(values).on_conflict_do_nothing())
    draft: UUID = (await session.scalars(select(LearningDraft.id).where(LearningDraft.title == title))).one()
    return draft


async def _told(session: AsyncSession, it: Decision, action: str, detail: dict[str, Any]) -> None:
    what = f"example:{it.example_id}"
    await audit.record(session, at=it.at, actor=it.staff.username, action=action, object=what, detail=detail)
