"""The wave of whoever a case is about: asked once, when a case is proposed, so that the desk can sort by it.

It is worth half a second and no case: without an answer the case goes on without its wave.
"""

from dataclasses import replace

from actions.heard import Heard
from actions.reply import Reply, Ticket
from checks.situation import known
from checks.sources import Sources

PATIENCE_SECONDS = 0.5


class Waves:
    """Puts the wave onto the tickets of a reply."""

    def __init__(self, sources: Sources) -> None:
        self._sources = replace(sources, deadline_seconds=min(PATIENCE_SECONDS, sources.deadline_seconds))

    async def onto(self, reply: Reply, heard: Heard) -> Reply:
        """Return the reply, its tickets with the wave where the person is bound and it is known."""
        if heard.participant_id is None or not any(isinstance(it, Ticket) for it in reply.proposals):
            return reply
        asked = await self._sources.ask("participant", self._sources.registry.participant(heard.participant_id))
        person = known(asked)
        wave = person.recipient_wave if person else None
        return replace(
            reply, proposals=tuple(_with(it, wave) if isinstance(it, Ticket) else it for it in reply.proposals)
        )


def _with(ticket: Ticket, wave: int | None) -> Ticket:
    return replace(ticket, wave=wave)
