"""Doing what the schedule says: killing, pausing, stopping, spoiling. Everything done here can be healed again."""

import asyncio
import os
import random
import signal
import time
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx
import orjson
import psutil
import psycopg

from helpdesk.chaos.ground import LEASE_SECONDS, Ground
from helpdesk.chaos.redis import Redis
from helpdesk.chaos.schedule import Injection
from helpdesk.chaos.world import World
from helpdesk.copies import kind_of
from helpdesk.places import write_whole
from records.failpoints import firings

REACH_SECONDS = 20.0
OUTLASTING = LEASE_SECONDS + 5
BACK_SECONDS = 180.0
VICTIM_SECONDS = 20.0
READY_SECONDS = 2.0
KILLED_AT_BIRTH = 0.1
"""Share of the kills that may also meet a process that is just starting."""


@dataclass
class Done:
    """What was done to the system so far."""

    kills: Counter[str] = field(default_factory=Counter)
    beside: Counter[str] = field(default_factory=Counter)
    fired: list[tuple[str, str, str]] = field(default_factory=list)
    """Failpoint, act and process, as they fired."""
    missed: list[tuple[str, str]] = field(default_factory=list)
    """Failpoints nobody came past in time."""
    back: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    """Seconds until a killed process was ready again, by kind."""

    @property
    def total(self) -> int:
        """Return how many processes were killed."""
        return sum(self.kills.values())


class Harm:
    """Does one injection after the other."""

    def __init__(self, ground: Ground, redis: Redis | None, seed: int, tell: Callable[[str], None]) -> None:
        self._ground, self._redis, self._tell = ground, redis, tell
        self._dice = random.Random(f"{seed}:harm")  # noqa: S311 - replayable on purpose
        self._beside: set[asyncio.Task[None]] = set()
        self._stopped: set[int] = set()
        self._orders = 0
        self.done = Done()
        self._world = World(ground.simulator, self._dice, self.done.beside, self._go)

    async def inflict(self, injection: Injection) -> None:
        """Do one thing; what takes long goes on beside the next."""
        await asyncio.sleep(injection.after)
        acts: dict[str, Callable[..., Awaitable[None]]] = {
            "failpoint": self._failpoint,
            "kill": self._kill,
            "pause": self._pause,
            "database stopped": self._stop_database,
            "database frozen": self._freeze_database,
            "table locked": self._lock_table,
            "ended politely": self._end,
            "outage": self._outage,
            **self._world.acts(),
        }
        with suppress(httpx.HTTPError, psycopg.Error, psutil.Error, ProcessLookupError):
            await acts[injection.what](**injection.more)

    async def heal(self) -> None:
        """Take back everything that can be taken back."""
        self._order({})
        for task in self._beside:
            task.cancel()
        await asyncio.gather(*self._beside, return_exceptions=True)
        for pid in list(self._stopped):
            self._signal([pid], signal.SIGCONT)
        await self._ground.simulator.delete("/control/faults")

    async def _kill(self, whom: list[str]) -> None:
        """Kill these at once."""
        await asyncio.gather(*(self._kill_one(one) for one in whom), return_exceptions=True)

    async def _kill_one(self, whom: str) -> None:
        if whom == "redis":
            await self._kill_redis()
            return
        if whom == "postgres backend":
            self._strike(whom, await self._backend())
            return
        kind = whom.partition(",")[0]
        running = await self._victims(kind)
        if not running:
            # nobody of that kind is up: the database always is, or will be in a moment
            self._strike("postgres backend", await self._backend())
            return
        names = sorted(running) if whom.endswith("all of them") else [self._dice.choice(sorted(running))]
        for name in names:
            self._strike(kind, [running[name]])
            self._watch(name, running[name])

    async def _backend(self) -> list[int]:
        """Return one process of the database that serves a connection, once the database is there."""
        until = time.monotonic() + VICTIM_SECONDS
        while time.monotonic() < until:
            with suppress(psycopg.Error):
                if backends := await asyncio.to_thread(self._ground.backends):
                    return [self._dice.choice(backends)]
            await asyncio.sleep(0.2)
        return []

    async def _victims(self, kind: str) -> dict[str, int]:
        """Return who can be killed: as a rule somebody who is ready, for who never gets up proves nothing."""
        young = self._dice.random() < KILLED_AT_BIRTH
        until = time.monotonic() + READY_SECONDS
        while True:
            running = self._ground.pids(kind, ready=not young)
            if running or time.monotonic() > until:
                return running
            await asyncio.sleep(0.2)

    def _strike(self, kind: str, pids: list[int]) -> None:
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
                self.done.kills[kind] += 1

    def _watch(self, name: str, old: int) -> None:
        """Measure how long a part is away."""

        async def until_back() -> None:
            began = time.monotonic()
            while time.monotonic() - began < BACK_SECONDS:
                part = self._ground.parts().get(name)
                if part and part.state == "ready" and part.pid != old:
                    self.done.back[kind_of(name)].append(time.monotonic() - began)
                    return
                await asyncio.sleep(0.2)

        self._go(until_back())

    async def _kill_redis(self) -> None:
        if self._redis:
            if self._dice.random() < 0.5:
                await asyncio.to_thread(self._redis.flush)
                self.done.beside["redis flushed"] += 1
            else:
                await asyncio.to_thread(self._redis.kill)
                self.done.kills["redis"] += 1

    async def _pause(self, whom: str) -> None:
        running = sorted(self._ground.pids(whom).items())
        if running:
            name, pid = self._dice.choice(running)
            self._go(self._paused([pid], OUTLASTING))
            self.done.beside[f"{kind_of(name)} paused for longer than the lease"] += 1

    async def _paused(self, pids: Iterable[int], seconds: float) -> None:
        pids = list(pids)
        self._stopped.update(pids)
        self._signal(pids, signal.SIGSTOP)
        try:
            await asyncio.sleep(seconds)
        finally:
            self._signal(pids, signal.SIGCONT)
            self._stopped.difference_update(pids)

    def _signal(self, pids: Iterable[int], what: signal.Signals) -> None:
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, what)

    async def _stop_database(self, seconds: float) -> None:
        """Stop it and keep it from coming back: the supervisor starts it at once, and it is stopped again."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self._signal(self._ground.pids("postgres").values(), signal.SIGINT)
            await asyncio.sleep(0.5)
        self.done.beside["database stopped and started"] += 1

    async def _lock_table(self, seconds: float) -> None:
        """Somebody holds a table for themselves, as a migration would."""
        table = self._dice.choice(("inbox", "outbox", "lanes", "conversations", "messages"))
        self._go(asyncio.to_thread(self._locked, table, seconds))
        self.done.beside[f"table {table} locked"] += 1

    def _locked(self, table: str, seconds: float) -> None:
        with suppress(psycopg.Error), self._ground.connection() as connection, connection.transaction():
            connection.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE".encode())
            time.sleep(seconds)

    async def _end(self, whom: str) -> None:
        """Ask a process to end, as a deploy would."""
        for pid in self._ground.pids(whom, ready=True).values():
            self._signal([pid], signal.SIGTERM)
            self.done.beside[f"{whom} asked to end"] += 1
            return

    async def _freeze_database(self, seconds: float) -> None:
        self._go(self._paused(await asyncio.to_thread(self._ground.whole_database), seconds))
        self.done.beside["database frozen"] += 1

    async def _failpoint(self, step: str, act: str, seconds: float) -> None:
        """Order one failure and wait until somebody comes past it."""
        self._orders += 1
        name = f"{self._orders:04d} {step} {act}"
        before = self._pids_of_all()
        self._order({step: {"act": act, "seconds": seconds, "name": name}})
        fired = await self._fired(step, act)
        self._order({})
        if fired is None:
            self.done.missed.append((step, act))
            return
        self.done.fired.append((step, act, str(fired["process"])))
        if act == "kill":
            self.done.kills[f"{fired['process']} (failpoint)"] += 1
            for part, pid in before.items():
                if pid == fired["pid"]:
                    self._watch(part, pid)

    async def _fired(self, step: str, act: str) -> dict[str, Any] | None:
        began = time.time()
        while time.time() < began + REACH_SECONDS:
            for fired in firings(self._ground.failpoints):
                if fired["at"] >= began - 1 and (fired["point"], fired["act"]) == (step, act):
                    return fired
            await asyncio.sleep(0.1)
        return None

    def _pids_of_all(self) -> dict[str, int]:
        return {name: part.pid for name, part in self._ground.parts().items() if part.pid}

    def _order(self, rules: dict[str, dict[str, Any]]) -> None:
        write_whole(self._ground.failpoints, orjson.dumps(rules).decode())

    async def _outage(self, seconds: int) -> None:
        """All bots die, people write and tap, the clock goes on; then the bots come back to all of it."""
        running = self._ground.pids("bot")
        self._strike("bot", list(running.values()))
        for who in ("agus", "rina", "budi"):
            acts: list[dict[str, Any]] = [{"as": who, "text": f"halo (m-outage-{seconds})"}]
            await self._ground.simulator.post("/control/send", json=acts)
            with suppress(httpx.HTTPError):
                await self._ground.simulator.post("/control/send", json=[{"as": who, "do": "press", "title": "Ya"}])
        self._ground.move_clock(timedelta(seconds=seconds))
        for name, pid in running.items():
            self._watch(name, pid)
        self.done.beside[f"outage of {seconds} s"] += 1

    def _go(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)
