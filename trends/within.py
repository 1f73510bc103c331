"""Which messages a question is about: WIB days, and filters that combine. Every figure and its rows share one of these.

A complaint here is a participant's message that is about the programme, as the bot recognised it or an agent corrected
it. Small talk and bare answers, off-topic words, words not understood and words meant for the person who holds the
conversation are left out, and `trends.left_out` counts exactly those.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Self

from sqlalchemy import ColumnElement, and_, func

from records.clock import Clock, midnight, wib
from records.models import Turn
from trends.whose import OF_THE_PERSON, of_the_person

DIALOGUE = ("greet", "thank", "affirm", "deny", "inform")
OFF_TOPIC = ("out_of_scope",)
NOT_UNDERSTOOD = ("nlu_fallback",)
LEFT_OUT = (*DIALOGUE, *OFF_TOPIC, *NOT_UNDERSTOOD)

NONE = "-"
"""Stands for "no platform named" in a filter and as the key of its bar."""
DEFAULT_DAYS = 7
MOST_DAYS = 3 * 366
DIMENSIONS = ("intent", "platform", "channel", "institution", "partner", "wave", "province", "day")
"""What figures are parted by; each but the day is a filter too."""

wib_day = func.date(func.timezone("Asia/Jakarta", Turn.created_at))
platform_key = func.coalesce(Turn.platform, NONE)
counted_intent = func.coalesce(Turn.corrected_intent, Turn.intent)
"""What a message is counted as: what an agent corrected it to, else what the model read."""


@dataclass(frozen=True)
class Within:
    """From the first to the last WIB day, both included; a filter that is None lets everything through."""

    first: date
    last: date
    intent: str | None = None
    platform: str | None = None
    channel: str | None = None
    institution: str | None = None
    partner: str | None = None
    wave: str | None = None
    province: str | None = None

    @classmethod
    def last_days(cls, clock: Clock, days: int = DEFAULT_DAYS) -> Self:
        """Return the last days up to and with today."""
        today = wib(clock()).date()
        return cls(first=today - timedelta(days=days - 1), last=today)

    @property
    def days(self) -> list[date]:
        """Every day of the range, in order."""
        return [self.first + timedelta(days=number) for number in range((self.last - self.first).days + 1)]

    def narrowed(self, by: str, key: str) -> Self:
        """Return the part of this that one bar of a picture stands for."""
        if by == "day":
            day = date.fromisoformat(key)
            return replace(self, first=day, last=day)
        filters: dict[str, Any] = {by: key}
        return replace(self, **filters)

    def before(self) -> Self:
        """Return the same question of the range of the same length right before."""
        length = len(self.days) * timedelta(days=1)
        return replace(self, first=self.first - length, last=self.last - length)

    @property
    def filters(self) -> dict[str, str]:
        """The filters that are set, by dimension."""
        return {by: key for by in DIMENSIONS if by != "day" and (key := getattr(self, by))}

    def messages(self) -> ColumnElement[bool]:
        """Match every participant's message of the range and filters, complaint or not."""
        begins, ends = midnight(self.first), midnight(self.last, after=True)
        said = [Turn.created_at >= begins, Turn.created_at < ends]
        if self.intent:
            said.append(counted_intent == self.intent)
        if self.platform:
            said.append(platform_key == self.platform)
        if self.channel:
            said.append(Turn.channel == self.channel)
        if wanted := {by: key for by, key in self.filters.items() if by in OF_THE_PERSON}:
            said.append(of_the_person(wanted, begins, ends))
        return and_(*said)

    def complaints(self) -> ColumnElement[bool]:
        """Match the complaints among them."""
        return and_(self.messages(), counted_intent.is_not(None), counted_intent.not_in(LEFT_OUT))
