"""Health and readiness that tell the truth.

/health   the process lives; its supervisor starts it again when this stays away
/ready    it can take a message now: the records can be written to and are of this version, the inbox commits, no task
          has ended, and it is not about to end. 503 with the reasons otherwise. Rasa away is none: messages are kept
/metrics  the figures, for whoever has the token
"""

import asyncio
import hmac
from collections.abc import Callable

import httpx
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.metrics import CONTENT_TYPE, Metrics
from bot.settings import BotSettings
from bot.watch.processes import say_alive
from records.database import Database
from records.migrate import is_older

PATIENCE_SECONDS = 2.0
LONGEST_COMMIT_SECONDS = 2.0
VERSION = text("SELECT version_num FROM alembic_version")


class Vitals:
    """What this process says of itself: its tasks, its inbox, and whether it is about to end."""

    def __init__(self) -> None:
        self.draining = False
        self.ended_tasks: Callable[[], list[str]] = list
        self.longest_commit: Callable[[], float] = lambda: 0.0
        self.records_are_older: Callable[[], bool] = lambda: False


class Health:
    """Whether this process lives, whether it can do its work, and how much waits."""

    def __init__(
        self,
        database: Database,
        client: httpx.AsyncClient,
        settings: BotSettings,
        metrics: Metrics,
        vitals: Vitals,
        *,
        name: str,
        part: str,
    ) -> None:
        self._database, self._client = database, client
        self._metrics, self._vitals = metrics, vitals
        self._name, self._part = name, part
        self._rasas = [f"{url}/webhooks/turn/health" for url in settings.rasas]
        self._rasa_token = settings.rasa_turn_token.get_secret_value()
        self._token = settings.bot_metrics_token.get_secret_value()

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
        """Say whether a message can be taken now, and if not, why."""
        database, rasa = await asyncio.gather(self._database_trouble(), self._rasas_that_answer())
        reasons = [*self._own_troubles(), *([database] if database else [])]
        said = {
            "ready": not reasons,
            "reasons": reasons,
            "database": database is None,
            "rasa": rasa,
            "process": self._name,
            "roles": self._part,
        }
        return JSONResponse(said, 503 if reasons else 200)

    async def metrics(self, request: Request) -> Response:
        """Return the figures in Prometheus' form, to whoever brings the token."""
        given = request.headers.get("Authorization", "").removeprefix("Bearer ").encode()
        if not self._token or not hmac.compare_digest(given, self._token.encode()):
            return PlainTextResponse("unauthorized", 401, headers={"WWW-Authenticate": "Bearer"})
        self._metrics.draining.set(self._vitals.draining)
        return Response(await self._metrics.text(), media_type=CONTENT_TYPE)

    def _own_troubles(self) -> list[str]:
        reasons = ["this process is about to end"] if self._vitals.draining else []
        reasons += [f"task ended: {name}" for name in self._vitals.ended_tasks()]
        if self._vitals.records_are_older():
            reasons.append("the records are older than what was last seen of them: helpdesk restore --adopt")
        if (waited := self._vitals.longest_commit()) > LONGEST_COMMIT_SECONDS:
            reasons.append(f"an event has waited {waited:.0f} s to be committed")
        return reasons

    async def _database_trouble(self) -> str | None:
        """Write a word, as a message would be written; a standby or a full disk refuses it."""
        try:
            async with asyncio.timeout(PATIENCE_SECONDS), self._database.write() as session:
                version = await session.scalar(VERSION)
                await say_alive(session, self._name, self._part)
        except (SQLAlchemyError, OSError, TimeoutError) as problem:
            return f"the records cannot be written to: {_why(problem)}"
        return f"the tables are of version {version}; migrations are missing" if is_older(version) else None

    async def _rasas_that_answer(self) -> str:
        answers = await asyncio.gather(*(self._rasa_answers(url) for url in self._rasas))
        return f"{sum(answers)} of {len(answers)} answer"

    async def _rasa_answers(self, url: str) -> bool:
        headers = {"Authorization": f"Bearer {self._rasa_token}"}
        try:
            answer = await self._client.get(url, headers=headers, timeout=PATIENCE_SECONDS)
        except httpx.HTTPError:
            return False
        return answer.status_code == 200


def _why(problem: BaseException) -> str:
    """Say what kind of refusal it was, without anything that was to be written."""
    state = getattr(getattr(problem, "orig", None), "sqlstate", None)
    told = {
        "25006": "read-only",
        "53100": "disk full",
        "57P03": "starting or in recovery",
        "53300": "no connection free",
    }
    return told.get(str(state), type(problem).__name__)
