"""Which messages a question is about: WIB days, and filters that combine. Every figure and its rows share one of these.

A complaint here is a participant's message whose meaning the bot recognised and that is about the programme. Small
talk and bare answers, off-topic words, words not understood and words meant for the person who holds the conversation
are left out, and `trends.left_out` counts exactly those.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Self

from sqlalchemy import ColumnElement, and_, func

from records.clock import WIB, Clock, wib
from records.models import Turn

DIALOGUE = ("greet", "thank", "affirm", "deny", "inform")
OFF_TOPIC = ("out_of_scope",)
NOT_UNDERSTOOD = ("nlu_fallback",)
LEFT_OUT = (*DIALOGUE, *OFF_TOPIC, *NOT_UNDERSTOOD)

NONE = "-"
"""Stands for "no platform named" in a filter and as the key of its bar."""
DEFAULT_DAYS = 7
MOST_DAYS = 92

wib_day = func.date(func.timezone("Asia/Jakarta", Turn.created_at))
platform_key = func.coalesce(Turn.platform, NONE)


@dataclass(frozen=True)
class Within:
    """From the first to the last WIB day, both included; a filter that is None lets everything through."""

    first: date
    last: date
    intent: str | None = None
    platform: str | None = None
    channel: str | None = None

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
        return replace(
            self,
            intent=key if by == "intent" else self.intent,
            platform=key if by == "platform" else self.platform,
            channel=key if by == "channel" else self.channel,
        )

    def messages(self) -> ColumnElement[bool]:
        """Match every participant's message of the range and filters, complaint or not."""
        said = [Turn.created_at >= _midnight(self.first), Turn.created_at < _midnight(self.last + timedelta(days=1))]
        if self.intent:
            said.append(Turn.intent == self.intent)
        if self.platform:
            said.append(platform_key == self.platform)
        if self.channel:
            said.append(Turn.channel == self.channel)
        return and_(*said)

    def complaints(self) -> ColumnElement[bool]:
        """Match the complaints among them."""
        return and_(self.messages(), Turn.intent.is_not(None), Turn.intent.not_in(LEFT_OUT))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=WIB)
