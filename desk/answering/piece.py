"""What the answer box and the suggestions above it show."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from desk.acts.inviting import asking
from desk.acts.saying import why_unreachable
from desk.answering.drafts import ACTS, drafts_of
from desk.answering.suggestions import Suggestion, suggested
from desk.joined import joined_channels
from desk.looking import View, is_holding
from desk.office import Office
from desk.pieces import KNOWN_BY
from desk.rechecks import intents_of
from desk.sessions import Person
from records.database import ReadSession


async def read_answering(
    office: Office, session: ReadSession, view: View, person: Person, now: datetime
) -> dict[str, Any]:
    """Return what the answer box needs; it is known by what it depends on, so that a refresh leaves the words alone."""
    ways = await asking(session, view.conversation, office.whatsapp_templates, now)
    barred = why_unreachable(view.conversation, now)
    holder = view.holder.id if view.holder else None
    state = (is_holding(view, person.id), view.ticket and view.ticket.status, holder, barred, ways)
    drafts = await drafts_of(session, person.id, view.conversation.id)
    keys = {act: uuid4() for act in ACTS}
    joined = await joined_channels(session, view.ticket)
    given = {"asking": ways, "barred": barred, "drafts": drafts, "keys": keys, "joined": joined}
    return given | {KNOWN_BY: (*state, *joined)}


async def read_suggestions(session: ReadSession, view: View, person: Person, now: datetime) -> dict[str, Any]:
    """Return what may be answered, to whoever holds the case."""
    return {"suggestions": suggestions_for(view, now) if is_holding(view, person.id) else ()}


def suggestions_for(view: View, now: datetime) -> tuple[Suggestion, ...]:
    """Return what may be answered in a conversation."""
    said = next((it.text for it in reversed(view.thread.messages) if it.direction == "in"), "")
    told = [it.text for it in view.packet.said]
    return suggested(view.packet.every, said, intents_of(view), now, told)
