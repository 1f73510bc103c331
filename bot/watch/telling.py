"""Telling alarms to an address outside the desk: each opening and each closing once, tried again until it is taken.

The body carries the alarm's id, so that a receiver can leave out what it heard twice. Nothing of a person is in it.
"""

import logging
from datetime import datetime
from typing import Any

import httpx
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.settings import AlarmSettings

log = logging.getLogger("bot.watch")

PATIENCE_SECONDS = 5.0
UNTOLD = text(
    """
    SELECT id, name, scope, severity, value, threshold, opened_at, closed_at, told_opened_at FROM alarms
    WHERE name <> 'lookups_locked' AND opened_at > now() - interval '1 day'
      AND (told_opened_at IS NULL OR (closed_at IS NOT NULL AND told_closed_at IS NULL))
    ORDER BY id LIMIT 20
    """
)
TOLD_OPENED = text("UPDATE alarms SET told_opened_at = now() WHERE id = :id")
TOLD_CLOSED = text("UPDATE alarms SET told_closed_at = now() WHERE id = :id")


class Telling:
    """Posts what opened and closed, where an address is set."""

    def __init__(self, client: httpx.AsyncClient, settings: AlarmSettings) -> None:
        self._client, self._url = client, settings.alarm_webhook_url
        token = settings.alarm_webhook_token.get_secret_value()
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    async def tell(self, session: AsyncSession) -> None:
        """Tell what has not been told; the first refusal ends the round, the next round tries again."""
        if not self._url:
            return
        for alarm in (await session.execute(UNTOLD)).mappings().all():
            if alarm["told_opened_at"] is None:
                if not await self._post(_body(alarm, "opened", alarm["opened_at"])):
                    return
                await session.execute(TOLD_OPENED, {"id": alarm["id"]})
            if alarm["closed_at"] is not None:
                if not await self._post(_body(alarm, "closed", alarm["closed_at"])):
                    return
                await session.execute(TOLD_CLOSED, {"id": alarm["id"]})

    async def database_away(self, *, away: bool, since: datetime) -> bool:
        """Tell what the records cannot hold; returns whether it was taken."""
        if not self._url:
            return True
        alarm = {"id": None, "name": "database_away", "scope": "", "severity": "severe", "value": None}
        return await self._post(_body(alarm | {"threshold": None}, "opened" if away else "closed", since))

    async def _post(self, body: dict[str, Any]) -> bool:
        try:
            answer = await self._client.post(self._url, json=body, headers=self._headers, timeout=PATIENCE_SECONDS)
        except httpx.HTTPError as problem:
            log.warning("alarm not told, tried again: %s", type(problem).__name__)
            return False
        if not answer.is_success:
            log.warning("alarm not told, tried again: HTTP %s", answer.status_code)
        return answer.is_success


def _body(alarm: Any, what: str, at: datetime) -> dict[str, Any]:
    told = {name: alarm[name] for name in ("id", "name", "scope", "severity", "value", "threshold")}
    return told | {"event": what, "at": at.isoformat()}
