"""Words to begin an answer with, where the browser runs no script: a suggestion, or prepared words, by its name."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from desk.answering.canned import prepared
from desk.answering.piece import suggestions_for
from desk.answering.sources import CANNED
from desk.answering.variables import filled, values_of
from desk.looking import View
from desk.sessions import Person
from records.database import ReadSession


@dataclass(frozen=True)
class Beginning:
    """The words, and what they come from as a form names it."""

    text: str
    source: str


async def beginning(
    session: ReadSession, view: View, person: Person, now: datetime, *, suggestion: str, canned_id: UUID | None
) -> Beginning | None:
    """Return the words of this suggestion or prepared reply; none where there is no such thing."""
    if canned_id:
        replies = (it.reply for it in await prepared(session, person))
        chosen = next((reply for reply in replies if reply.id == canned_id), None)
        words = filled(chosen.text, values_of(view, person, now)) if chosen else ""
        return Beginning(words, f"{CANNED}:{canned_id}") if chosen else None
    offered = next((it for it in suggestions_for(view, now) if it.named == suggestion), None)
    return Beginning(offered.text, offered.named) if offered else None
