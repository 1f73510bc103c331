"""What a turn comes to: the words, and everything that is written down with them in one transaction."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from bot.lanes import Job
from bot.understanding import TurnAnswer, TurnFailed

REPLY_LIMIT = 3500
DIALOGUE = {"inform", "affirm", "deny", "greet", "thank"}


class Change(Protocol):
    """Something a turn changes, written in its transaction."""

    async def write(self, session: AsyncSession, job: Job, now: datetime) -> None:
        """Write it."""


@dataclass(frozen=True)
class Speaker:
    """Who is speaking, where this turn found out anew."""

    participant_id: str | None
    starts_over: bool = False
    """Somebody else may be speaking than before: nothing of the dialogue goes on."""


@dataclass(frozen=True)
class Outcome:
    """The result of one turn, channel-neutral."""

    name: str
    """answered, asked, handed_over, joined, repeated, refused or fallback."""
    text: str = ""
    buttons: list[dict[str, Any]] = field(default_factory=list)
    """[{"title", "choice"}]."""
    request_contact: bool = False
    answer: TurnAnswer | None = None
    speaker: Speaker | None = None
    """None: as it was before the turn."""
    changes: tuple[Change, ...] = ()
    link: UUID | None = None
    """The one-time link whose address the text leaves room for."""
    beside_case: str = ""
    """Said instead of the text where a case is open; {ticket} is its number."""
    parked: str | None = None
    """Why the event could not be handled, where a person must."""
    reopens: UUID | None = None
    """The closed case that goes on."""
    reply_id: UUID | None = None
    """The reply's own id, where it answers more than this one event."""

    @property
    def findings(self) -> list[dict[str, Any]]:
        """Evidence of the checks."""
        return self.answer.findings if self.answer else []

    @property
    def proposals(self) -> list[dict[str, Any]]:
        """What the actions propose to write."""
        return self.answer.proposals if self.answer else []

    def beside(self, state: dict[str, Any]) -> "Outcome":
        """Return the outcome as it is said where a case is open: nothing is asked back, and the dialogue stays."""
        answer = replace(self.answer, state=state) if self.answer else None
        return replace(self, text=self.beside_case, name="answered", buttons=[], request_contact=False, answer=answer)

    def heard_by(self, job: Job) -> Job:
        """Return the job as this turn found it: with who is speaking, and a new dialogue where it starts over."""
        if self.speaker is None:
            return job
        state = {} if self.speaker.starts_over else job.state
        return replace(job, participant_id=self.speaker.participant_id, state=state)

    @property
    def hands_over(self) -> bool:
        """Whether the conversation goes to staff."""
        return self.reopens is not None or any(proposal["kind"] == "hand_over" for proposal in self.proposals)


def of_answer(answer: TurnAnswer, preface: str = "") -> Outcome:
    """Return the outcome of an understood turn, its replies as one message; raises TurnFailed for a broken promise."""
    if not answer.proposals and any("{ticket}" in reply["text"] for reply in answer.replies):
        raise TurnFailed("jawaban menyebut laporan yang tidak dibuat")
    texts = _after(preface, [reply["text"] for reply in answer.replies])
    buttons: list[dict[str, Any]] = next(
        (reply["buttons"] for reply in reversed(answer.replies) if reply.get("buttons")), []
    )
    return Outcome(
        name=_name(answer, bool(buttons)),
        text="\n\n".join(text.strip() for text in texts if text.strip())[:REPLY_LIMIT],
        buttons=buttons,
        request_contact=answer.request_contact,
        answer=answer,
    )


def _after(preface: str, texts: list[str]) -> list[str]:
    """Put the corridor's own words first; before a long answer in the same paragraph, for it must stay short."""
    if not preface or not texts:
        return [preface, *texts]
    glue = " " if texts[0].count("\n\n") > 1 else "\n\n"
    return [f"{preface}{glue}{texts[0]}", *texts[1:]]


def fixed(name: str, text: str, *, preface: str = "", request_contact: bool = False) -> Outcome:
    """Return an outcome of the corridor's own words."""
    return Outcome(name, "\n\n".join(part for part in (preface, text) if part), request_contact=request_contact)


def _name(answer: TurnAnswer, has_buttons: bool) -> str:
    if answer.proposals:
        return "handed_over"
    if has_buttons or any(reply["text"].rstrip().endswith("?") for reply in answer.replies):
        return "asked"
    if (answer.understanding.get("intent") or {}).get("name") == "out_of_scope":
        return "refused"
    return "answered"
