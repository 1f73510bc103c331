"""Weeks in which all is as usual, and hours in which it is not: turns in a real database, by a clock one moves."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from sqlalchemy import text

from records.clock import WIB
from records.database import Database
from trends.counting import fold

BEGIN = datetime(2020, 8, 24, 10, 0, tzinfo=WIB)
USUAL = {
    ("payment_failed", "tokopedia", "telegram"): 6.0,
    ("payment_failed", "bukalapak", "whatsapp"): 4.0,
    ("redeem_failed", "pintaria", "telegram"): 4.0,
    ("login_failed", None, "whatsapp"): 7.0,
    ("wave_schedule", None, "telegram"): 5.0,
    ("class_access", "sekolahmu", "web"): 3.0,
    ("incentive_not_received", None, "whatsapp"): 5.0,
}
"""Complaints an hour by day; at night a tenth."""
PEOPLE = 600
SAY = text("""
    WITH said AS (
        SELECT * FROM unnest(CAST(:at AS timestamptz[]), CAST(:intent AS text[]), CAST(:platform AS text[]),
                             CAST(:channel AS text[]), CAST(:who AS int[])) AS it (at, intent, platform, channel, who)
    ), placed AS (
        SELECT said.*, gen_random_uuid() AS turn_id, c.id AS conversation_id FROM said
        JOIN conversations c ON c.channel = said.channel AND c.external_id = 'orang-' || said.who
    ), came AS (
        INSERT INTO inbox (channel, external_id, conversation_id, kind, order_key, received_at, status)
        SELECT channel, turn_id::text, conversation_id, 'text', 1, at, 'done' FROM placed RETURNING id, external_id
    )
    INSERT INTO turns (id, inbox_id, conversation_id, channel, intent, platform, outcome, took_ms, created_at)
    SELECT turn_id, came.id, conversation_id, channel, intent, platform, 'answered', 5, at
    FROM placed JOIN came ON came.external_id = placed.turn_id::text
""")
Said = tuple[datetime, str, str | None, str]


@dataclass
class House:
    """A help desk whose clock the scene moves."""

    database: Database
    now: datetime = BEGIN
    draw: Random = field(default_factory=lambda: Random(7))  # noqa: S311 (a believable day, no secret)
    _who: int = 0

    def clock(self) -> datetime:
        """Return the house's time."""
        return self.now.astimezone(UTC)

    async def past(self, days: int = 15) -> None:
        """Live through some weeks in which nothing happens, and count them."""
        async with self.database.write() as session:
            await session.execute(
                text("""
                    INSERT INTO conversations (id, channel, external_id, opened_at)
                    SELECT gen_random_uuid(), channel, 'orang-' || n, CAST(:at AS timestamptz)
                    FROM unnest(ARRAY['telegram', 'whatsapp', 'web']) AS channel, generate_series(0, :people) AS n
                """),
                {"at": self.now - timedelta(days=days), "people": PEOPLE - 1},
            )
        await self.say(self._usual(self.now - timedelta(days=days), self.now))
        await fold(self.database, self.clock)

    async def minutes(self, count: int, *more: tuple[str, str | None, str, float], usual: bool = True) -> None:
        """Let some minutes pass; `more` comes beside the usual: intent, platform, channel, so many a minute."""
        until = self.now + timedelta(minutes=count)
        said = list(self._usual(self.now, until)) if usual else []
        for intent, platform, channel, a_minute in more:
            said += [
                (self.now + timedelta(minutes=count) * self.draw.random(), intent, platform, channel)
                for _ in range(round(a_minute * count))
            ]
        await self.say(said)
        self.now = until

    async def at_once(self, *more: tuple[str, str | None, str, int]) -> None:
        """Have so many come within one minute."""
        said = [
            (self.now, intent, platform, channel) for intent, platform, channel, count in more for _ in range(count)
        ]
        await self.say(said)

    def _usual(self, start: datetime, end: datetime) -> Iterator[Said]:
        for (intent, platform, channel), an_hour in USUAL.items():
            at = start
            while True:
                rate = an_hour if 7 <= at.astimezone(WIB).hour < 22 else an_hour / 10
                at += timedelta(hours=self.draw.expovariate(rate))
                if at >= end:
                    break
                yield at, intent, platform, channel

    async def say(self, said: list[Said] | Iterator[Said]) -> None:
        """Write down what was said, each by somebody else."""
        rows = list(said)
        if not rows:
            return
        given: dict[str, list[object]] = {
            name: [row[number] for row in rows] for number, name in enumerate(("at", "intent", "platform", "channel"))
        }
        given["who"] = [(self._who + number) % PEOPLE for number in range(len(rows))]
        self._who += len(rows)
        async with self.database.write() as session:
            await session.execute(SAY, given)
