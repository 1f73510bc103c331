"""The fetcher: takes files that are due, gets their bytes, has them looked through, cleans them, stores them.

bytes here? no → the provider is asked by id
scanner set? → clean, infected (refused, alarm), or away: the bytes wait under the seal and are shown to nobody
type, size, pixels → a clean copy is kept, or the file is refused with a reason
What cannot be had now is tried again, later and later, until its life is over; then it is lost, and the desk says why.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy.exc import SQLAlchemyError

from bot.media import reasons
from bot.media.cleaning import clean
from bot.media.reasons import Gone, Later, Refuse
from bot.media.scanner import Scanner
from bot.media.sources import Source, Wanted
from bot.media.store import Claimed, Store
from bot.settings import MediaSettings
from records.failpoints import reach
from records.sealed import Seal, SealBroken

log = logging.getLogger("bot.media")

LOOK_SECONDS = 1.0
DATABASE_AWAY_SECONDS = 2.0
FIRST_PAUSE = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(minutes=10)
BELIEVED_GONE = 4
"""So often a provider must say that there is no such file, over some minutes."""
CHECKING = timedelta(seconds=90)
"""What scanning and decoding may take beside the download."""


class Fetcher:
    """Keeps up to `media_at_once` files in hand."""

    def __init__(
        self,
        store: Store,
        sources: Mapping[str, Source],
        seal: Seal,
        settings: MediaSettings,
        scanner: Scanner | None = None,
        *,
        look_seconds: float = LOOK_SECONDS,
    ) -> None:
        self._store, self._sources, self._seal, self._scanner = store, sources, seal, scanner
        self._settings = settings
        self._look_seconds = look_seconds
        self._lease = settings.media_fetch_timeout + CHECKING
        self.counts: Counter[str] = Counter()
        """How many were kept, refused, lost, put off and held since this process began."""

    async def run(self) -> None:
        """Fetch until cancelled; a database that is away is waited for."""
        while True:
            try:
                worked = await self.look()
            except (SQLAlchemyError, OSError, TimeoutError) as problem:
                log.warning("database away: %s", type(problem).__name__)
                await asyncio.sleep(DATABASE_AWAY_SECONDS)
                continue
            if not worked:
                await asyncio.sleep(self._look_seconds)

    async def look(self) -> int:
        """Fetch what is due now, and return how many that were."""
        files = await self._store.claim(self._settings.media_at_once, self._lease)
        await asyncio.gather(*(self._handle(file) for file in files))
        return len(files)

    async def _handle(self, file: Claimed) -> None:
        try:
            async with asyncio.timeout(self._lease.total_seconds()):
                came_to = await self._settle(file)
        except (SQLAlchemyError, OSError, TimeoutError):
            # the lease runs out, and the file is fetched again
            raise
        except Exception as problem:
            log.exception("file %s: %s", file.id, type(problem).__name__)
            came_to = await self._later(file, Later(reasons.TROUBLE))
        self.counts[came_to] += 1

    async def _settle(self, file: Claimed) -> str:
        try:
            content = await self._content(file)
        except Refuse as refused:
            return await self._refuse(file, refused)
        except (Gone, Later) as problem:
            return await self._later(file, problem)
        try:
            if self._scanner:
                await self._scanner.scan(content)
            limits = {"most_pixels": self._settings.media_pixels, "longest_side": self._settings.media_longest_side}
            kept = await clean(content, **limits)
        except Refuse as refused:
            return await self._refuse(file, refused)
        except Later as problem:
            if file.sealed_content is not None:
                return await self._later(file, problem)
            await self._store.hold(file, content, problem.reason, pause_after(file.attempts))
            return "held"
        await reach("media store")
        return "kept" if await self._store.keep(file, kept) else "fenced"

    async def _content(self, file: Claimed) -> bytes:
        """Return the bytes: those that wait here already, or the provider's."""
        if file.sealed_content is not None:
            try:
                return self._seal.open_file(bytes(file.sealed_content))
            except SealBroken as broken:
                raise Later(reasons.TROUBLE, "sealed with another key") from broken
        source = self._sources.get(file.channel)
        if source is None or file.reference is None:
            raise Later(reasons.AWAY, f"{file.channel} is off")
        wanted = Wanted(
            file.reference,
            self._settings.cap(file.kind),
            self._settings.media_fetch_timeout.total_seconds(),
            file.digest,
        )
        return await source.fetch(wanted)

    async def _refuse(self, file: Claimed, refused: Refuse) -> str:
        log.warning("file %s refused: %s (%s)", file.id, refused.reason, refused)
        await self._store.refuse(file, refused.reason)
        return "refused"

    async def _later(self, file: Claimed, problem: Gone | Later) -> str:
        believed = isinstance(problem, Gone) and file.attempts >= BELIEVED_GONE
        if (file.over and file.sealed_content is None) or believed:
            log.warning("file %s lost: %s (%s)", file.id, problem.reason, problem)
            await self._store.lose(file, problem.reason)
            return "lost"
        log.info("file %s later: %s (%s)", file.id, problem.reason, problem)
        longer = BELIEVED_GONE if isinstance(problem, Gone) else 0
        await self._store.put_off(file, problem.reason, pause_after(file.attempts + longer))
        return "put off"


def pause_after(attempts: int) -> timedelta:
    """Return how long to wait after so many tries: longer and longer."""
    return min(LONGEST_PAUSE, FIRST_PAUSE * float(2 ** min(attempts - 1, 16)))
