"""Politeness towards the sources: the same question is not put twice in a breath, and nobody asks all day long."""

from datetime import datetime, timedelta
from uuid import UUID

from desk.refusals import Refusal
from records.clock import Clock


class AskedJustNow(Refusal):
    """A source is asked politely: not twice in a breath."""

    status = 429

    def __init__(self, wait: timedelta) -> None:
        super().__init__(f"Baru saja ditanyakan. Tunggu {max(1, round(wait.total_seconds()))} detik, lalu coba lagi.")


class Politeness:
    """How soon the same conversation may be asked about again, and how often one person may ask (real time)."""

    PAUSE = timedelta(seconds=3)
    MINUTE, PER_MINUTE = timedelta(minutes=1), 20

    def __init__(self, real_clock: Clock) -> None:
        self._now = real_clock
        self._asked: list[tuple[datetime, UUID, UUID]] = []

    def ask(self, staff_id: UUID, conversation_id: UUID) -> None:
        """Count one asking; raises AskedJustNow."""
        now = self._now()
        self._asked = [it for it in self._asked if now - it[0] < self.MINUTE]
        here = [at for at, _, where in self._asked if where == conversation_id]
        mine = [at for at, who, _ in self._asked if who == staff_id]
        waits = [here[-1] + self.PAUSE - now] if here else []
        waits += [mine[-self.PER_MINUTE] + self.MINUTE - now] if len(mine) >= self.PER_MINUTE else []
        if waits and max(waits) > timedelta(0):
            raise AskedJustNow(max(waits))
        self._asked.append((now, staff_id, conversation_id))
