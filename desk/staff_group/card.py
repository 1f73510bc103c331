"""The card of a case: who, what, since when, what the checks found and what was said last; masked, in Telegram's HTML.

No name, no number and no sum of a participant stands on it. Whoever needs more opens the case at the desk.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from desk.staff_group import wording
from desk.wording import QUEUES, label, moment
from desk.wording_checks import VERDICTS
from records.masking import mask
from records.models import ChannelIdentity, Conversation, Message, Staff, Team, Ticket
from trends.labels import channel_label, intent_label, platform_label

LONGEST_LINE, LONGEST_SAID, LONGEST_CARD = 300, 400, 3_800
FINDINGS, LAST_WORDS = 8, 2
TITLE = 120
OPEN = ((wording.TAKE, "ambil"),)
HELD = (
    ((wording.REPLY, "balas"), (wording.RESOLVE, "selesai")),
    ((wording.NOTE, "catatan"), (wording.RELEASE, "lepas"), (wording.RECHECK, "periksa")),
)
MONEY = re.compile(r"\bRp\.?\s?\d[\d.,]*", re.IGNORECASE)
"""What somebody has or was paid stays at the desk."""
type Json = dict[str, Any]


@dataclass(frozen=True)
class Shown:
    """A case as its card needs it."""

    ticket: Ticket
    conversation: Conversation
    bound: bool
    holder: str | None
    team: str
    merged_into: str | None
    said: list[Message]
    """The last words of the participant and of the bot, oldest first."""
    position: int
    """How far the conversation has come."""


async def read_case(session: AsyncSession, ticket: Ticket) -> Shown:
    """Return what the card shows."""
    chat = await session.get_one(Conversation, ticket.conversation_id)
    holder = await session.get(Staff, ticket.staff_id) if ticket.staff_id else None
    into = await session.get(Ticket, ticket.merged_into_id) if ticket.merged_into_id else None
    identity = await session.get(ChannelIdentity, chat.identity_id) if chat.identity_id else None
    mine = Message.conversation_id == chat.id
    last = select(Message).where(mine, Message.direction != "note").order_by(Message.position.desc())
    said = list(await session.scalars(last.limit(LAST_WORDS * 2)))
    return Shown(
        ticket=ticket,
        conversation=chat,
        bound=bool(identity and identity.participant_id),
        holder=holder.name if holder else None,
        team=(await session.get_one(Team, ticket.team_id)).name,
        merged_into=into.number if into else None,
        said=said[::-1],
        position=int(await session.scalar(select(func.max(Message.position)).where(mine)) or 0),
    )


def title(ticket: Ticket) -> str:
    """Return the name of the topic: number and kind."""
    return f"{ticket.number} · {intent_label(ticket.intent)}"[:TITLE]


def text(shown: Shown, now: datetime) -> str:
    """Return the card."""
    ticket = shown.ticket
    lines = [
        f"<b>{escape(title(ticket))}</b>",
        escape(_kind(shown)),
        f"<b>{escape(_state(shown, now))}</b>",
        escape(f"Dijanjikan {moment(ticket.promised_at, now)}; dibuka {moment(ticket.opened_at, now)}"),
        "Peserta terbukti identitasnya" if shown.bound else "Peserta belum terbukti identitasnya",
        "",
        _line("Ringkasan", ticket.summary),
        _line("Alasan", ticket.reason),
        *_findings(ticket, now),
        *_words(shown.said),
        "",
        f"<i>{escape(wording.HOW)}</i>" if ticket.status != "resolved" else _line("Penyelesaian", ticket.resolution),
    ]
    return _whole([line for line in lines if line is not None])


def buttons(ticket: Ticket) -> Json:
    """Return the buttons that fit the state of the case."""
    rows: list[list[Json]] = []
    if ticket.status == "open":
        rows = [[_button(*one) for one in OPEN]]
    elif ticket.status == "claimed":
        rows = [[_button(*one) for one in row] for row in HELD]
    return {"inline_keyboard": rows}


def safe(words: str | None, longest: int = LONGEST_LINE) -> str:
    """Return words bare of what is personal, cut and escaped."""
    masked = bare(words or "")
    return escape(masked if len(masked) <= longest else masked[:longest] + "…", quote=False)


def bare(words: str) -> str:
    """Return words masked, and without sums of money."""
    return MONEY.sub("Rp…", mask(words).text)


def _button(name: str, data: str) -> Json:
    return {"text": name, "callback_data": data}


def _kind(shown: Shown) -> str:
    ticket = shown.ticket
    platform = platform_label(ticket.platform) if ticket.platform else None
    wave = f"gelombang {ticket.wave}" if ticket.wave else None
    parts = (wording.priority(ticket.priority), label(QUEUES, ticket.queue), platform, wave, *map(str, ticket.tags))
    return " · ".join(part for part in (*parts, channel_label(shown.conversation.channel)) if part)


def _state(shown: Shown, now: datetime) -> str:
    ticket = shown.ticket
    if ticket.merged_into_id:
        return f"Digabung ke {shown.merged_into}"
    if ticket.status == "resolved":
        return "Selesai"
    if ticket.snoozed_until:
        return f"Ditunda sampai {moment(ticket.snoozed_until, now)}"
    return f"Dipegang {shown.holder}" if shown.holder else f"Belum diambil · {shown.team}"


def _line(name: str, words: str | None) -> str | None:
    return f"<b>{name}:</b> {safe(words)}" if words else None


def _findings(ticket: Ticket, now: datetime) -> list[str]:
    found = [
        f"• {escape(VERDICTS.get(str(one.get('verdict')), '?'))}: {safe(str(one.get('summary', '')))}"
        for one in ticket.evidence[:FINDINGS]
    ]
    return ["<b>Bukti:</b>", *found] if found else []


def _words(said: list[Message]) -> list[str]:
    lines = []
    for authors, name in ((("participant",), "Peserta"), (("bot", "system"), "Bot")):
        of = [message for message in said if message.author in authors]
        if of:
            lines.append(f"<b>{name}:</b> {safe(of[-1].text, LONGEST_SAID) or '(tanpa teks)'}")
    return lines


def _whole(lines: list[str]) -> str:
    """Leave out lines from behind the middle rather than cut one in two: a tag must not stay open."""
    kept = list(lines)
    while len("\n".join(kept)) > LONGEST_CARD:
        kept.pop(-3)
    return "\n".join(kept)
