"""What a person may ask about their own binding: a way into the web chat, to be bound, to be let go."""

from datetime import timedelta
from typing import Any
from uuid import uuid5

from bot import wording
from bot.identity.changes import Declined, Dropped, LinkMade
from bot.identity.keys import IdentityKeys, token_hash
from bot.identity.speaking import Speaking
from bot.identity.words import OWN_BINDING, Command
from bot.lanes import Job
from bot.outcome import Outcome, Speaker, fixed

GIVES_LINKS = ("telegram", "whatsapp")


def commanded(choice: dict[str, Any] | None) -> Command | None:
    """Return the command of one of our own buttons."""
    if choice is None or choice.get("intent") != OWN_BINDING:
        return None
    return Command(choice["slots"]["asked"])


class Asking:
    """Answers the commands."""

    def __init__(self, keys: IdentityKeys, link_life: timedelta) -> None:
        self._keys, self._link_life = keys, link_life

    def answer(self, job: Job, asked: Command, speaking: Speaking) -> Outcome:
        """Return what a command comes to."""
        answers = {
            Command.WEB: self._web,
            Command.BIND: self._bind,
            Command.UNBIND: self._unbind,
            Command.UNBIND_SURELY: self._unbind_surely,
            Command.KEEP: self._keep,
        }
        return answers[asked](job, speaking)

    def _web(self, job: Job, speaking: Speaking) -> Outcome:
        """Give a link, only where the person proved themselves: nothing opens the way for somebody else's chat."""
        if job.channel not in GIVES_LINKS:
            return speaking.said(fixed("answered", wording.WEB_FROM_ELSEWHERE))
        if speaking.unsure:
            return fixed("answered", wording.CONTACT_LATER)
        if speaking.participant_id is None:
            said = wording.WEB_NOT_BOUND[job.channel]
            return speaking.said(fixed("answered", said, request_contact=job.channel == "telegram"))
        link = uuid5(job.conversation, f"link:{job.inbox_id}")
        made = LinkMade(link, token_hash(self._keys.token(link)), self._link_life)
        minutes = str(round(self._link_life.total_seconds() / 60))
        said = wording.WEB_LINK.replace("{minutes}", minutes)
        return speaking.said(Outcome("answered", said, link=link, changes=(made,)))

    def _bind(self, job: Job, speaking: Speaking) -> Outcome:
        if speaking.participant_id:
            return speaking.said(fixed("answered", wording.BOUND_ALREADY))
        if speaking.unsure:
            return fixed("answered", wording.CONTACT_LATER)
        if speaking.after:
            return speaking.said(Outcome("asked", "", list(wording.CANCEL)))
        said = fixed("answered", wording.HOW_TO_BIND[job.channel], request_contact=job.channel == "telegram")
        return speaking.said(said)

    def _unbind(self, job: Job, speaking: Speaking) -> Outcome:
        if job.participant_id is None and job.pending_number is None and speaking.participant_id is None:
            return fixed("answered", wording.NOT_BOUND_HERE)
        asked = wording.UNBIND_ASK_WEB if job.channel == "web" else wording.UNBIND_ASK
        return Outcome("asked", asked, list(wording.UNBIND_BUTTONS))

    def _unbind_surely(self, job: Job, speaking: Speaking) -> Outcome:
        changes = (Dropped(shut=job.channel == "web"), Declined())
        return Outcome("answered", wording.UNBOUND[job.channel], speaker=Speaker(None, True), changes=changes)

    def _keep(self, job: Job, speaking: Speaking) -> Outcome:
        if job.pending_number is not None:
            return Outcome("answered", wording.DIGITS_CANCELLED, changes=(Declined(),))
        return fixed("answered", wording.KEPT)
