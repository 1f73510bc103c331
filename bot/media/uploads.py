"""Files a web visitor sends with a message: kept sealed at once, checked like any other once their message is heard.

The message names its uploads by the visitor's own keys, and an upload is found by visitor and key together, so nobody
can name another's. What no message claims within a day is deleted.
"""

from datetime import timedelta
from uuid import UUID, uuid5

from sqlalchemy import text

from bot.media import reasons
from bot.media.reasons import Refuse
from bot.settings import MediaSettings
from records.clock import Clock
from records.content_type import PICTURES, type_of
from records.database import Database
from records.sealed import Seal

UPLOADS = UUID("b7c2f2a4-5d0e-4a57-8f0e-0d8a4f6f3b11")
UNCLAIMED_LIFE = timedelta(days=1)
FAR = timedelta(days=3650)

HOLD = text(
    """
    INSERT INTO media (id, channel, kind, received_at, status, give_up_at, sealed_content)
    VALUES (:id, 'web', :kind, :now, 'unscanned', clock_timestamp() + :far, :sealed)
    ON CONFLICT (id) DO NOTHING
    """
)
FORGET = text(
    """
    DELETE FROM media WHERE id IN (
        SELECT id FROM media
        WHERE inbox_id IS NULL AND conversation_id IS NULL AND created_at < clock_timestamp() - :life
        LIMIT 50 FOR UPDATE SKIP LOCKED
    )
    """
)


def upload_id(visitor: str, key: str) -> UUID:
    """Return the id of an upload."""
    return uuid5(UPLOADS, f"{visitor}:{key}")


class Uploads:
    """Holds files until their message comes."""

    def __init__(self, database: Database, seal: Seal, clock: Clock, settings: MediaSettings) -> None:
        self._database, self._seal, self._clock, self._settings = database, seal, clock, settings

    async def hold(self, visitor: str, key: str, content: bytes) -> None:
        """Keep a file under the visitor's key; the same key again changes nothing. Raises Refuse (reason)."""
        found = type_of(content)
        if found is None:
            raise Refuse(reasons.TYPE)
        kind = "photo" if found in PICTURES else "voice" if found.startswith("audio/") else "document"
        if len(content) > self._settings.cap(kind):
            raise Refuse(reasons.TOO_LARGE)
        given = {"id": upload_id(visitor, key), "kind": kind, "now": self._clock(), "far": FAR}
        async with self._database.write() as session:
            await session.execute(FORGET, {"life": UNCLAIMED_LIFE})
            await session.execute(HOLD, given | {"sealed": self._seal.close_file(content)})
