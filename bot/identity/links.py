"""One-time links: their address, and whose they are."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.identity.keys import IdentityKeys
from bot.identity.words import LINK_PATH
from records.models import ChannelIdentity, OneTimeLink


class LinkAddress:
    """Writes a link out, at the moment it is sent."""

    def __init__(self, keys: IdentityKeys, public_url: str) -> None:
        self._keys, self._base = keys, public_url.rstrip("/")

    def __call__(self, link: str) -> str:
        """Return the address of the link with this id."""
        return f"{self._base}{LINK_PATH}{self._keys.token(UUID(link))}"


async def owner_of(session: AsyncSession, hashed: str) -> ChannelIdentity | None:
    """Return who a usable link belongs to, or None."""
    owner: ChannelIdentity | None = await session.scalar(
        select(ChannelIdentity)
        .join(OneTimeLink, OneTimeLink.identity_id == ChannelIdentity.id)
        .where(
            OneTimeLink.token_hash == hashed,
            OneTimeLink.used_at.is_(None),
            OneTimeLink.expires_at > func.clock_timestamp(),
        )
    )
    return owner
