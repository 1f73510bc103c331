"""Correcting what is held about a person. The old value is kept nowhere; the receipt says which things changed."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from records.masking import mask
from records.models import ChannelIdentity, Conversation, Ticket
from records.privacy.person import Subject

UNBOUND: dict[str, None] = dict.fromkeys(
    ("participant_id", "bound_by", "bound_at", "bound_through", "phone_hash", "session_hash", "pending")
)


@dataclass(frozen=True)
class Correction:
    """What is to be changed; None leaves a thing as it is."""

    unbind: bool = False
    """This chat is not this participant's: it can be bound again by proof."""
    display_name: str | None = None
    ticket: UUID | None = None
    platform: str | None = None
    course: str | None = None

    @property
    def what(self) -> str:
        """What was corrected, in words without any value."""
        done = [
            (self.unbind, "ikatan dengan data peserta dilepas"),
            (self.display_name is not None, "nama tampilan diganti"),
            (self.ticket and self.platform is not None, "platform pada tiket dibetulkan"),
            (self.ticket and self.course is not None, "kelas pada tiket dibetulkan"),
        ]
        return "Dibetulkan: " + ", ".join(words for is_done, words in done if is_done) + "."

    @property
    def empty(self) -> bool:
        """Whether nothing is to be changed."""
        return self == Correction(ticket=self.ticket)


async def correct(session: AsyncSession, subject: Subject, correction: Correction) -> dict[str, int]:
    """Change what is to be changed and return the rows by table."""
    counts: dict[str, int] = {}
    chat = select(Conversation.identity_id).where(Conversation.id == subject.conversation)
    identity = await session.scalar(chat)
    if correction.unbind and identity:
        bound = (ChannelIdentity.id == identity) | (ChannelIdentity.bound_through == identity)
        done = await session.scalars(update(ChannelIdentity).where(bound).values(UNBOUND).returning(ChannelIdentity.id))
        counts["identities"] = len(list(done))
    if correction.display_name is not None and identity:
        name = mask(correction.display_name.strip()).text or None
        await session.execute(update(ChannelIdentity).where(ChannelIdentity.id == identity).values(display_name=name))
        counts["identities"] = max(1, counts.get("identities", 0))
    if correction.ticket:
        counts |= await _ticket(session, subject, correction)
    return counts


async def _ticket(session: AsyncSession, subject: Subject, correction: Correction) -> dict[str, int]:
    changed = {
        "platform": correction.platform or None,
        "course": mask(correction.course).text or None if correction.course is not None else None,
    }
    wanted = {name: value for name, value in changed.items() if getattr(correction, name) is not None}
    if not wanted:
        return {}
    mine = (Ticket.id == correction.ticket) & Ticket.conversation_id.in_(subject.conversations)
    done = await session.scalars(
        update(Ticket).where(mine).values(version=Ticket.version + 1, **wanted).returning(Ticket.id)
    )
    return {"tickets": len(list(done))}
