"""Health that tells the truth, and the figures operators watch."""

import httpx
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.settings import BotSettings
from records.database import Database

FIGURES = text(
    """
    SELECT (SELECT count(*) FROM inbox WHERE status = 'pending') AS inbox_pending,
           (SELECT count(*) FROM inbox WHERE status = 'parked') AS inbox_parked,
           (SELECT count(*) FROM outbox WHERE status IN ('due', 'sending')) AS outbox_due,
           (SELECT count(*) FROM outbox WHERE status = 'unknown') AS outbox_unknown,
           (SELECT count(*) FROM outbox WHERE status = 'refused') AS outbox_refused,
           (SELECT count(*) FROM alarms WHERE seen_by IS NULL) AS alarms_unseen,
           (SELECT count(*) FROM lookup_counts WHERE locked_until > clock_timestamp()) AS lookups_locked,
           (SELECT GREATEST(0, COALESCE(extract(epoch FROM clock_timestamp() - min(due_at)), 0)) FROM lanes
            WHERE due_at IS NOT NULL) AS inbox_oldest_seconds,
           (SELECT COALESCE(extract(epoch FROM clock_timestamp() - min(due_at)), 0) FROM outbox
            WHERE status IN ('due', 'sending')) AS outbox_oldest_seconds
    """
)


class Health:
    """Whether this process lives, whether it can do its work, and how much waits."""

    def __init__(self, database: Database, client: httpx.AsyncClient, settings: BotSettings) -> None:
        self._database, self._client = database, client
        self._rasa = settings.rasa_url.rstrip("/") + "/webhooks/turn/health"
        self._token = settings.rasa_turn_token.get_secret_value()

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/health", self.live),
            Route("/ready", self.ready),
            Route("/metrics", self.metrics),
        ]

    async def live(self, request: Request) -> Response:
        """Say that the process answers."""
        return JSONResponse({"status": "ok"})

    async def ready(self, request: Request) -> Response:
        """Say whether messages can be stored (database) and answered (Rasa)."""
        parts = {"database": await self._database_answers(), "rasa": await self._rasa_answers()}
        return JSONResponse({"ready": all(parts.values()), **parts}, 200 if parts["database"] else 503)

    async def metrics(self, request: Request) -> Response:
        """Return the figures in Prometheus' form."""
        registry = CollectorRegistry()
        async with self._database.read() as session:
            row = (await session.execute(FIGURES)).mappings().one()
        for name, value in row.items():
            Gauge(f"helpdesk_{name}", name.replace("_", " "), registry=registry).set(float(value))
        return Response(generate_latest(registry), media_type="text/plain; version=0.0.4")

    async def _database_answers(self) -> bool:
        try:
            await self._database.ping()
        except (SQLAlchemyError, OSError, TimeoutError):
            return False
        return True

    async def _rasa_answers(self) -> bool:
        try:
            answer = await self._client.get(self._rasa, headers={"Authorization": f"Bearer {self._token}"}, timeout=3)
        except httpx.HTTPError:
            return False
        return answer.status_code == 200
