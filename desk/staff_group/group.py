"""The staff group as the desk was set up with it."""

from dataclasses import dataclass
from datetime import timedelta

import httpx

from desk.settings import StaffGroupSettings
from desk.staff_group.api import BotApi


@dataclass(frozen=True)
class Group:
    """Which group, through whom, and how fast."""

    chat_id: int
    api: BotApi
    posts: int
    """Most posts within a minute."""
    teams: tuple[str, ...] = ()
    """Whose cases are told there, by name; none: those of the first team."""
    minute: timedelta = timedelta(seconds=61)
    """A little longer than Telegram's: what leaves evenly does not arrive evenly."""
    held: timedelta = timedelta(seconds=30)
    """A call that was not written down by then was cut off, longer than any call takes."""


def group_of(settings: StaffGroupSettings, client: httpx.AsyncClient) -> Group | None:
    """Return the group that is set, or None where there is no second door."""
    if settings.telegram_staff_group is None or not settings.telegram_token.get_secret_value():
        return None
    names = tuple(name.strip() for name in settings.telegram_staff_teams.split(",") if name.strip())
    return Group(settings.telegram_staff_group, BotApi(settings, client), settings.telegram_staff_posts, names)
