"""The agents of a run: they take cases over, answer, release and resolve, through the desk's own pages.

What the desk told them is what counts: a case is theirs from the answer on, however the bot was busy at that moment.
"""

import asyncio
import random
import re
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from uuid import UUID

import httpx

from helpdesk.chaos.evidence import TakenOver
from helpdesk.chaos.ground import Ground

CSRF = re.compile(r'name="csrf" value="([^"]+)"')
WAITING = re.compile(r'id="baris-(T-\d+)" href="/percakapan/([0-9a-f-]+)"')
PATIENCE = 15.0
MOST_IN_HAND = 6
TRIES = 60
BETWEEN = (0.5, 3.0)
SEE_OTHER = httpx.codes.SEE_OTHER


class DeskAway(Exception):
    """The desk gave no answer that means anything."""


@dataclass
class Agent:
    """Somebody at the desk."""

    username: str
    http: httpx.AsyncClient
    csrf: str = ""
    hands: dict[str, str] = field(default_factory=dict)
    """Cases they hold: ticket to conversation."""


class Office:
    """All agents, and what they were told."""

    def __init__(self, ground: Ground, seed: int, tell: Callable[[str], None]) -> None:
        self._ground, self._tell = ground, tell
        self._dice = random.Random(f"{seed}:agents")  # noqa: S311 - replayable on purpose
        self._agents: list[Agent] = []
        self._password = secrets.token_urlsafe(16)
        self._open: dict[str, TakenOver] = {}
        self._closed: list[TakenOver] = []
        self._quiet = asyncio.Event()
        self.replies = 0

    async def open(self) -> None:
        """Have an administrator make two agents, both signed in."""
        admin = self._agent("ani")
        code = self._ground.told["DESK_SETUP_CODE"]
        page = await admin.http.get("/mulai", params={"kode": code})
        await self._fill(admin, page, "/mulai", kode=code, name="Ani Kusumo", username="ani", password=self._password)
        await self._sign(admin)
        for username, name in (("sari", "Sari Wulandari"), ("dodi", "Dodi Hartono")):
            staff = {"username": username, "name": name, "role": "agent", "password": self._password}
            await admin.http.post("/petugas", data=staff | {"csrf": admin.csrf})
            self._agents.append(await self._signed_in(username))
        await admin.http.aclose()

    @property
    def taken_over(self) -> list[TakenOver]:
        """Return every conversation that was theirs, from when until when."""
        return [*self._closed, *self._open.values()]

    async def work(self) -> None:
        """Take, answer and close cases until told to be quiet."""
        await asyncio.gather(*(self._live(agent) for agent in self._agents))

    def hush(self) -> None:
        """Have nobody begin anything new."""
        self._quiet.set()

    async def close(self) -> None:
        """Hang up."""
        for agent in self._agents:
            await agent.http.aclose()

    def _agent(self, username: str) -> Agent:
        return Agent(username, httpx.AsyncClient(base_url=self._ground.desk, timeout=PATIENCE, trust_env=False))

    async def _fill(self, agent: Agent, page: httpx.Response, path: str, **fields: str) -> None:
        answer = await agent.http.post(path, data={"csrf": _csrf(page)} | fields)
        if answer.status_code != SEE_OTHER:
            raise DeskAway(f"{path} answered {answer.status_code}")

    async def _signed_in(self, username: str) -> Agent:
        agent = self._agent(username)
        page = await agent.http.get("/masuk")
        await self._fill(agent, page, "/masuk", username=username, password=self._password)
        await self._sign(agent)
        return agent

    async def _sign(self, agent: Agent) -> None:
        agent.csrf = _csrf(await agent.http.get("/antrean"))

    async def _live(self, agent: Agent) -> None:
        while not self._quiet.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._quiet.wait(), self._dice.uniform(*BETWEEN))
                return
            with suppress(httpx.HTTPError, DeskAway):
                await self._act(agent)

    async def _act(self, agent: Agent) -> None:
        full = len(agent.hands) >= MOST_IN_HAND
        what = self._dice.choices(("take", "reply", "release", "resolve"), weights=(0 if full else 50, 25, 5, 20))[0]
        if what == "take" or not agent.hands:
            await self._take(agent)
            return
        ticket = self._dice.choice(sorted(agent.hands))
        if what == "reply":
            await self._reply(agent, ticket)
        elif what == "release":
            if await self._post(agent, ticket, "lepas"):
                del agent.hands[ticket]
        else:
            await self._resolve(agent, ticket)

    async def _take(self, agent: Agent) -> None:
        # what was taken by a press that was never answered is among one's own
        tab = self._dice.choices(("belum-diambil", "saya"), weights=(4, 1))[0]
        page = await agent.http.get("/antrean", params={"tab": tab})
        waiting = WAITING.findall(page.text)
        if not waiting:
            return
        ticket, conversation = self._dice.choice(waiting)
        if await self._post(agent, ticket, "ambil"):
            at = self._ground.now()
            agent.hands[ticket] = conversation
            self._open.setdefault(conversation, TakenOver(conversation, at))

    async def _reply(self, agent: Agent, ticket: str) -> None:
        self.replies += 1
        key = str(UUID(int=self._dice.getrandbits(128), version=4))
        text = f"Kak, laporan {ticket} sedang kami cek, ya. (r-{self.replies})"
        await self._until_told(agent, ticket, "balas", key=key, text=text)

    async def _resolve(self, agent: Agent, ticket: str) -> None:
        conversation = agent.hands.pop(ticket)
        # from the first try on the bot may speak again, whether we hear of it or not
        if held := self._open.pop(conversation, None):
            self._closed.append(replace(held, until=self._ground.now()))
        key = str(UUID(int=self._dice.getrandbits(128), version=4))
        await self._until_told(agent, ticket, "selesai", key=key, text="Sudah dibereskan, Kak.")

    async def _until_told(self, agent: Agent, ticket: str, act: str, **fields: str) -> None:
        """Press the button again, with the form's key, until the desk says something."""
        for _ in range(TRIES):
            try:
                await self._post(agent, ticket, act, **fields)
                return
            except (httpx.HTTPError, DeskAway):
                await asyncio.sleep(1)
        self._tell(f"the desk did not answer {act} of {ticket} in {TRIES} tries")

    async def _post(self, agent: Agent, ticket: str, act: str, **fields: str) -> bool:
        """Post a form; whether it was done. Raises DeskAway when the desk failed, httpx.HTTPError without an answer."""
        answer = await agent.http.post(f"/tiket/{ticket}/{act}", data={"csrf": agent.csrf} | fields)
        if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
            raise DeskAway(f"{act} answered {answer.status_code}")
        return answer.status_code == SEE_OTHER and "/izin" not in answer.headers.get("location", "")


def _csrf(page: httpx.Response) -> str:
    found = CSRF.search(page.text)
    if not found:
        raise DeskAway(f"no form in the answer {page.status_code}")
    return found[1]
