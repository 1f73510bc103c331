"""What is heard after a case was closed: a rating, why it was low, and that the problem is still there.

Buttons and plain words mean the same. Once a resolution is rated; within a week the case itself is opened again, with
its history, by the turn that hears it: no gap in which the bot would talk on, and no promise that hangs on the desk.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from bot import wording
from bot.events import Kind
from bot.heard import Heard
from bot.lanes import Job
from bot.outcome import Outcome, fixed
from records.after_closing import (
    CLOSING,
    LOW,
    NOT_YET,
    RATE,
    REOPEN,
    REOPENABLE,
    WHY,
    Offer,
    not_yet,
    offer_of,
    reopened,
    tell_leads,
)
from records.clock import Clock
from records.database import Database
from records.models import Rating, Ticket
from records.promises import promise

SHORT = 6
"""In more words than these somebody tells something new."""
SAID_WHY = 200
NOT = r"\b(?:belum|blm|tidak|tdk|tak|gak|ga|gk|g|nggak|ngga|enggak|kagak)\b"
GOOD, FAIR = "bagus|puas(?!a)|mantap|keren|memuaskan|membantu", "cukup|lumayan|biasa aja"
ASKS_NOTHING = r"^(?!.*(?:\?|\b(?:saldo|kapan|gimana|gmn|cara|bisa)\b))"
"""A question, or the balance that suffices or not: words of praise in it rate nothing."""
IN_THREE = r"(?=\S+(?: \S+){0,2}$).*\b"
AT_ONCE = r"(?:(?:terima ?kasih|makasih|thanks)(?: (?:kak|min|ya|banyak|sudah|udah))*\W+)?(?:sangat )?"
"""Praise stands alone or comes first, but for thanks; further on in a sentence it is about something else."""
WORDS: tuple[tuple[re.Pattern[str], int], ...] = (
    (re.compile(r"\b(belum|blm|tidak|tdk|gak|ga|nggak) (beres|selesai|kelar)|\bmasih (sama|error|gagal|belum|blm)"), 0),
    (re.compile(rf"jelek|buruk|kecewa|parah|payah|{NOT} bisa (?:{GOOD})"), 1),
    (re.compile(rf"{ASKS_NOTHING}.*(?:{NOT}|\bkurang)(?: \w+)? (?:{GOOD}|cukup)"), 1),
    (re.compile(rf"{ASKS_NOTHING}(?:{IN_THREE}|{AT_ONCE})(?:{FAIR})"), 3),
    (re.compile(rf"{ASKS_NOTHING}(?:{IN_THREE}|{AT_ONCE})(?:{GOOD})"), 5),
    (re.compile(r"^([1-5])( bintang)?$"), -1),
)
"""What is meant, first match counts: 0 not settled, -1 the digit itself, else a rating."""

ASKED = f'[{{"title": "{NOT_YET}"}}]'
CASE = """
    SELECT t.number, t.status, t.reopened, t.resolved_at, t.merged_into_id IS NOT NULL AS merged,
           EXISTS (SELECT FROM ratings r WHERE r.ticket_id = t.id AND r.times = t.reopened) AS rated,
           EXISTS (
               SELECT FROM tickets o WHERE o.conversation_id = t.conversation_id AND o.status <> 'resolved'
           ) AS other,
           (
               SELECT m.kind = %(closing)s OR m.buttons @> %(asked)s::jsonb FROM messages m
               WHERE m.conversation_id = %(conversation)s AND m.direction = 'out' ORDER BY m.position DESC LIMIT 1
           ) AS just_asked
    FROM tickets t
    WHERE t.id = %(ticket)s AND (t.conversation_id = %(conversation)s
          OR t.id IN (SELECT merged_into_id FROM tickets m WHERE m.conversation_id = %(conversation)s))
"""
WHY_TOLD = text("UPDATE ratings SET told_why = true WHERE ticket_id = :ticket AND times = :times AND NOT told_why")


@dataclass(frozen=True)
class Rated:
    """A rating to be written, and news for the leads when it is low."""

    offer: Offer

    async def write(self, session: AsyncSession, job: Job, now: datetime) -> None:
        """Write it, once a resolution."""
        ticket = await session.get_one(Ticket, self.offer.ticket)
        kept = await session.execute(
            insert(Rating)
            .values(
                ticket_id=ticket.id,
                times=self.offer.times,
                score=self.offer.score,
                at=now,
                team_id=ticket.team_id,
                staff_id=ticket.staff_id,
                intent=ticket.intent,
                queue=ticket.queue,
                channel=job.channel,
            )
            .on_conflict_do_nothing()
            .returning(Rating.score)
        )
        if kept.first() is not None and self.offer.score <= LOW:
            await tell_leads(session, ticket, "rating", f"Dinilai {self.offer.score} dari 5.", now)


@dataclass(frozen=True)
class ToldWhy:
    """Why a rating was low: the words are in the conversation, the leads hear of them."""

    offer: Offer
    said: str
    """Masked."""

    async def write(self, session: AsyncSession, job: Job, now: datetime) -> None:
        """Write it down and tell the leads."""
        await session.execute(WHY_TOLD, {"ticket": self.offer.ticket, "times": self.offer.times})
        ticket = await session.get_one(Ticket, self.offer.ticket)
        await tell_leads(session, ticket, "rating", f"Alasan nilai rendah: {self.said[:SAID_WHY]}", now)


class AfterClosing:
    """Answers what follows a closing message."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    async def answer(self, job: Job, heard: Heard) -> Outcome | None:
        """Return what a message comes to that is about a closed case; None for every other message."""
        offer = offer_of(heard.choice) or (_in_words(job, heard) if heard.choice is None else None)
        if offer is None:
            return None
        given = {"ticket": offer.ticket, "conversation": job.conversation, "closing": CLOSING, "asked": ASKED}
        rows = await self._database.at_once.rows(CASE, given)
        if heard.choice is None and not (rows and rows[0]["just_asked"]):
            # the talk has gone on since: these words are about something else
            return None
        if not rows:
            return fixed("answered", wording.STALE_BUTTON)
        if offer.asked == WHY:
            return self._why(offer, heard)
        return self._rated(offer, rows[0]) if offer.asked == RATE else self._reopened(offer, rows[0])

    def _rated(self, offer: Offer, case: dict[str, Any]) -> Outcome:
        if case["rated"]:
            return fixed("answered", wording.RATED_ALREADY)
        if case["status"] != "resolved":
            return fixed("answered", wording.OPEN_AGAIN.format(number=case["number"]))
        if case["reopened"] != offer.times:
            return fixed("answered", wording.STALE_BUTTON)
        if offer.score > LOW:
            return Outcome("answered", wording.RATED, changes=(Rated(offer),))
        # the next words are taken for the reason: the token cannot be pressed, it only remembers that
        asks = {"title": wording.WHY_TITLE, "choice": Offer(offer.ticket, offer.times, WHY).choice()}
        buttons = [not_yet(offer.ticket, offer.times), asks]
        return Outcome("asked", wording.RATED_LOW, buttons=buttons, changes=(Rated(offer),))

    def _why(self, offer: Offer, heard: Heard) -> Outcome:
        if heard.choice is not None:
            return fixed("answered", wording.WHY_SKIPPED)
        told = ToldWhy(offer, heard.masked.text)
        buttons = [not_yet(offer.ticket, offer.times)]
        return Outcome("answered", wording.WHY_TOLD, buttons=buttons, changes=(told,))

    def _reopened(self, offer: Offer, case: dict[str, Any]) -> Outcome:
        if case["status"] != "resolved":
            return fixed("answered", wording.OPEN_AGAIN.format(number=case["number"]))
        late = case["resolved_at"] is None or self._clock() - case["resolved_at"] > REOPENABLE
        if late or case["merged"] or case["other"] or case["reopened"] != offer.times:
            return fixed("answered", wording.TOO_LATE_TO_REOPEN.format(number=case["number"]))
        return Outcome("handed_over", wording.REOPENED, reopens=offer.ticket)


def _in_words(job: Job, heard: Heard) -> Offer | None:
    """Return what plain words mean while a closing message's offer stands; a reason may be long, the rest is short."""
    standing = [it for it in (offer_of(button.get("choice")) for button in job.offered) if it]
    if not standing or heard.event.kind is not Kind.TEXT or heard.event.forwarded:
        return None
    said = " ".join(heard.masked.text.casefold().split()).strip(" .!,")
    meant = meant_by(said) if len(said.split()) <= SHORT else None
    if meant == 0:
        return _first(standing, REOPEN)
    if why := _first(standing, WHY):
        return why
    if meant is None or not _first(standing, RATE):
        return None
    score = int(said[0]) if meant < 0 else meant
    return next((it for it in standing if it.asked == RATE and it.score == score), None)


def _first(standing: list[Offer], asked: str) -> Offer | None:
    return next((it for it in standing if it.asked == asked), None)


def meant_by(said: str) -> int | None:
    """Return a rating, -1 for a digit, 0 for `not settled yet`, or None."""
    return next((meant for pattern, meant in WORDS if pattern.search(said)), None)


async def reopen(session: AsyncSession, ticket_id: UUID, now: datetime) -> Ticket | None:
    """Open the case again in this turn's transaction; None when somebody was quicker."""
    ticket = await session.get(Ticket, ticket_id, with_for_update=True, populate_existing=True)
    if ticket is None or ticket.status != "resolved":
        return None
    made = await promise(
        session, intent=ticket.intent, queue=ticket.queue, priority=ticket.priority, team=ticket.team_id, now=now
    )
    values = reopened(ticket, made, now) | {"version": ticket.version + 1}
    await session.execute(update(Ticket).where(Ticket.id == ticket_id).values(values))
    await session.refresh(ticket)
    return ticket
