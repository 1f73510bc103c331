"""Writing to a running rehearsal as participants do: through its simulators, and on only when everybody is answered."""

import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import httpx
import psycopg

from helpdesk import rehearsal_clock
from helpdesk.hearing import Records
from helpdesk.phone import CannotSend, Phone
from helpdesk.places import Places
from helpdesk.rehearsing.august import Moment, stranger
from helpdesk.rehearsing.own_server import plain
from helpdesk.settings import SystemSettings
from records.clock import RehearsalClock
from records.event_ids import stored_id

PATIENCE = 120.0
PAUSE = 0.3
DONE = """
    SELECT count(*) FROM inbox i WHERE i.external_id = ANY(%s) AND i.status = 'done'
      AND NOT EXISTS (
        SELECT FROM outbox o WHERE o.conversation_id = i.conversation_id AND o.status IN ('due', 'sending'))
"""
WROTE = "SELECT 1 FROM conversations WHERE channel = %s AND external_id = %s"


class NotAnswered(Exception):
    """Somebody waits for an answer longer than anybody should."""


class Doors:
    """The doors of a running rehearsal."""

    def __init__(self, settings: SystemSettings, told: dict[str, str], control: httpx.Client) -> None:
        self._settings, self._told, self._control = settings, told, control
        self._clock = Places(settings.var).clock
        self.database_url = plain(told["DATABASE_URL"])

    def now(self) -> datetime:
        """Read the rehearsal's clock."""
        return RehearsalClock(self._clock)()

    def reach(self, moment: datetime) -> None:
        """Move the clock to a moment, unless it is past it already."""
        if self.now() < moment:
            rehearsal_clock.move(self._clock, moment)

    def live(self, moment: Moment) -> None:
        """Let everybody write who writes at this moment; raises CannotSend, NoAnswer or NotAnswered."""
        self.reach(moment.at)
        self.strangers(moment.strangers, moment.lines, moment.channels)
        for (who, channel), lines in moment.known.items():
            self._known(who, channel, lines)

    def wrote(self, moment: Moment) -> bool:
        """Say whether it was lived through before."""
        number = moment.strangers[0]
        channel = moment.channels[number % len(moment.channels)]
        who = stranger(number, channel)
        return bool(self.rows(WROTE, channel, str(who["user_id" if channel == "whatsapp" else "id"])))

    def strangers(self, numbers: range, lines: Sequence[str], channels: Sequence[str]) -> None:
        """These strangers write, one after the other line and channel, and every one is answered."""
        where = {number: channels[number % len(channels)] for number in numbers}
        acts = [
            {"channel": channel, "as": stranger(number, channel), "text": lines[number % len(lines)]}
            for number, channel in where.items()
        ]
        try:
            answer = self._control.post("/control/send", json=acts)
            answer.raise_for_status()
        except httpx.HTTPError as error:
            raise CannotSend(f"The simulator does not take messages ({error}). helpdesk status says more.") from error
        came = zip(where.values(), answer.json()["sent"], strict=True)
        keys = [
            f"update:{it['update_id']}" if channel == "telegram" else stored_id(channel, it["message_id"])
            for channel, it in came
        ]
        self.until(lambda: self.rows(DONE, keys)[0][0] == len(keys))

    def until[T](self, what: Callable[[], T], seconds: float = PATIENCE) -> T:
        """Wait until something is so; raises NotAnswered."""
        ends = time.monotonic() + seconds
        while not (found := what()):
            if time.monotonic() > ends:
                raise NotAnswered(f"Not everybody was answered within {seconds:.0f} s. helpdesk doctor says more.")
            time.sleep(PAUSE)
        return found

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Read the records."""
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            return connection.execute(query.encode(), values).fetchall()

    def _known(self, who: str, channel: str, lines: Sequence[str]) -> None:
        """Somebody of the cast writes, each line after the answer to the one before."""
        phone, records = Phone(self._settings, self._told, self._control), Records(self.database_url)
        try:
            for line in lines:
                began = time.monotonic()
                sent = phone.send(channel, who, line)
                records.answer(sent.channel, sent.keys, PATIENCE, began, line)
        finally:
            records.close()
