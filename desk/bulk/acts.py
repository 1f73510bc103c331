"""The acts that can be done to many cases: each is the very act of the conversation page, with what it is given."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy.ext.asyncio import AsyncSession

from desk.acts.claim import claim
from desk.acts.priority import set_priority
from desk.acts.reply import reply
from desk.acts.resolve import resolve
from desk.acts.snooze import snooze
from desk.acts.tags import tag
from desk.acts.transfer import transfer
from desk.rights import LEADING
from desk.sessions import Person
from desk.wording import PRIORITIES, moment
from records.bell import Bell
from records.models import Staff


@dataclass(frozen=True)
class Item:
    """One case of an act on many, as the act sees it."""

    bulk_id: UUID
    ticket_id: UUID
    given: dict[str, Any]
    staff: Staff
    at: datetime


@dataclass(frozen=True)
class Act:
    """An act on many: its button, its title, its key, and how it is done to one; returns what became of it."""

    key: str
    button: str
    title: str
    letter: str
    do: Callable[[AsyncSession, Bell, Item], Awaitable[str]]
    leads: bool = False
    """Only a lead may."""
    holds: bool = False
    """Only who holds the case may; what nobody holds can be claimed along with it."""


SAID = {
    "terkirim": "Balasan masuk antrean kirim.",
    "menunggu": "Balasan disimpan; terkirim begitu peserta menulis lagi.",
    "diajak": "Ajakan terkirim; balasan menunggu peserta menulis.",
    "": "Balasan ini sudah pernah dikirim.",
    "selesai": "Selesai; peserta dikabari.",
    "selesai-menunggu": "Selesai; pesan penutup menunggu peserta menulis lagi.",
    "selesai-diam": "Selesai; pesan penutup tidak terkirim.",
}


async def _claim(session: AsyncSession, bell: Bell, it: Item) -> str:
    await claim(session, bell, ticket_id=it.ticket_id, staff=it.staff, at=it.at)
    return "Diambil."


async def _first_claim(session: AsyncSession, bell: Bell, it: Item) -> None:
    if it.given.get("take"):
        await claim(session, bell, ticket_id=it.ticket_id, staff=it.staff, at=it.at)


async def _reply(session: AsyncSession, bell: Bell, it: Item) -> str:
    await _first_claim(session, bell, it)
    key = uuid5(it.bulk_id, str(it.ticket_id))
    done = await reply(session, bell, ticket_id=it.ticket_id, key=key, text=it.given["text"], staff=it.staff, at=it.at)
    return SAID[done]


async def _resolve(session: AsyncSession, bell: Bell, it: Item) -> str:
    await _first_claim(session, bell, it)
    done = await resolve(session, bell, ticket_id=it.ticket_id, resolution=it.given["text"], staff=it.staff, at=it.at)
    return SAID[done]


async def _tag(session: AsyncSession, bell: Bell, it: Item) -> str:
    changed = await tag(session, bell, ticket_id=it.ticket_id, staff=it.staff, at=it.at, add=[it.given["tag"]])
    return f"Diberi tag #{it.given['tag']}." if changed else f"Sudah bertag #{it.given['tag']}."


async def _assign(session: AsyncSession, bell: Bell, it: Item) -> str:
    seen = it.given["holders"].get(str(it.ticket_id))
    name = await transfer(
        session,
        bell,
        ticket_id=it.ticket_id,
        to=UUID(it.given["to"]),
        reason=it.given["text"],
        staff=it.staff,
        at=it.at,
        seen_holder=UUID(seen) if seen else None,
    )
    return f"Ditugaskan ke {name}."


async def _priority(session: AsyncSession, bell: Bell, it: Item) -> str:
    wanted = it.given["priority"]
    await set_priority(session, bell, ticket_id=it.ticket_id, priority=wanted, staff=it.staff, at=it.at)
    return f"Prioritas {PRIORITIES[wanted]}."


async def _snooze(session: AsyncSession, bell: Bell, it: Item) -> str:
    until = datetime.fromisoformat(it.given["until"])
    await snooze(session, bell, ticket_id=it.ticket_id, until=until, staff=it.staff, at=it.at)
    return f"Ditunda sampai {moment(until, it.at)}."


ACTS = {
    act.key: act
    for act in (
        Act("ambil", "Ambil", "Ambil", "a", _claim),
        Act("balas", "Balas", "Balas", "b", _reply, holds=True),
        Act("tag", "Tag", "Beri tag pada", "t", _tag),
        Act("prioritas", "Prioritas", "Ubah prioritas", "p", _priority),
        Act("tunda", "Tunda", "Tunda", "z", _snooze),
        Act("tugaskan", "Tugaskan", "Tugaskan", "o", _assign, leads=True),
        Act("selesai", "Selesaikan", "Selesaikan", "s", _resolve, holds=True),
    )
}


def offered_acts(person: Person) -> list[tuple[str, str, str]]:
    """Return the acts this person may do to many: key, button and letter."""
    return [(it.key, it.button, it.letter) for it in ACTS.values() if person.role in LEADING or not it.leads]
