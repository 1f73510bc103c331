"""What became of an earlier report: of this chat or its bound participant, and of nobody else.

An unknown number, another person's number and no report at all read the same.
"""

from datetime import datetime

from rasa_sdk import Tracker

from actions.ability import Ability
from actions.heard import Heard
from actions.reply import Reply, Say, Ticket
from actions.talk import Meant
from checks.expected import expected
from checks.finding import Escalation, Priority, Queue
from checks.indonesian import day
from checks.plans import PLANS
from checks.situation import known
from checks.sources import Sources
from checks.tickets import TicketFact
from checks.wording import Wording
from records.spoken_time import spoken_soon
from registry.interface import CouldNotAsk

SHOWN = 2


class TicketStatus(Ability):
    """Answers `ticket_status`."""

    action_name = PLANS["ticket_status"].action

    def __init__(self, sources: Sources, wording: Wording, deadline_seconds: float) -> None:
        super().__init__(wording, deadline_seconds)
        self.sources = sources

    async def reply(self, heard: Heard, tracker: Tracker) -> Reply:
        """Say the state of the report, and remind staff where the promise has passed."""
        question = self.sources.records.tickets(heard.conversation_id, heard.participant_id, heard.now)
        answer = await self.sources.ask("tickets", question)
        if isinstance(answer, CouldNotAsk):
            return Reply((Say(self.wording.say("could_not_ask", {"what": "Status laporan"})),))
        asked = heard.ticket_number
        mine = [it for it in known(answer) or () if asked in (None, it.number)]
        shown = [it for it in mine if it.status != "resolved"][:SHOWN] or mine[:1]
        if not shown:
            return Reply((Say(self.wording.say("ticket_none")),), answered=Meant.by(heard, "ticket_status"))
        said = "\n\n".join(self._line(it, heard) for it in shown)
        late = next((it for it in shown if it.late_at(heard.now)), None)
        return Reply((Say(said),), proposals=_reminder(late) if late else (), answered=Meant.by(heard, "ticket_status"))

    def _line(self, ticket: TicketFact, heard: Heard) -> str:
        words = {
            "number": ticket.number,
            "label": PLANS[ticket.intent].label if ticket.intent in PLANS else "laporan",
            "opened": day(ticket.opened_at),
            "due": spoken_soon(ticket.promised_at, heard.now),
            "resolved": day(ticket.resolved_at) if ticket.resolved_at else "",
        }
        said = self.wording.say(_key(ticket, heard.now), words)
        if ticket.expectation is None or ticket.late_at(heard.now):
            return said
        return f"{said} {expected(ticket.expectation, self.wording, heard.now)}".strip()


def _key(ticket: TicketFact, now: datetime) -> str:
    if ticket.late_at(now):
        return "ticket_late"
    return "ticket_answered" if ticket.open and ticket.answered_at else f"ticket_{ticket.status}"


def _reminder(late: TicketFact) -> tuple[Ticket, ...]:
    needed = Escalation(f"Janji laporan {late.number} sudah lewat", Queue(late.queue), Priority.HIGH)
    return (
        Ticket(late.intent, (), None, None, needed, f"Peserta menanyakan laporan {late.number}; janjinya sudah lewat"),
    )
