"""One run from beginning to end: a system, people, agents, harm, healing, rest, and the checker's word."""

import asyncio
import contextlib
import platform
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import orjson
import psutil

from helpdesk.chaos.agents import Office
from helpdesk.chaos.checker import check
from helpdesk.chaos.evidence import Evidence
from helpdesk.chaos.findings import STUCK, Finding, Verdict
from helpdesk.chaos.gathering import gather
from helpdesk.chaos.ground import Ground, ground
from helpdesk.chaos.harm import Done, Harm
from helpdesk.chaos.people import NAMED, Crowd
from helpdesk.chaos.redis import Redis, redis_where_there_is_one
from helpdesk.chaos.rest import come_to_rest
from helpdesk.chaos.schedule import Injection, Plan, as_data, draw
from helpdesk.model import newest
from helpdesk.settings import ROOT


@dataclass(frozen=True)
class Size:
    """How large the system and the crowd are, and how much patience there is in the end."""

    bots: int = 2
    rasas: int = 2
    telegram: int = 14
    whatsapp: int = 10
    web: int = 6
    patience: float = 240.0

    @property
    def people(self) -> int:
        """Return how many people talk."""
        return self.telegram + self.whatsapp + self.web + 2 * len(NAMED) + 1


@dataclass(frozen=True)
class Result:
    """A run and what came of it."""

    plan: Plan
    size: Size
    schedule: Sequence[Injection]
    done: Done
    verdict: Verdict
    evidence: Evidence
    began_at: datetime
    took: float
    rested: float | None
    machine: str
    with_redis: bool


@dataclass(frozen=True)
class Watch:
    """What a run tells while it goes on."""

    tell: Callable[[str], None]
    look: Callable[["Look"], None]


@dataclass(frozen=True)
class Look:
    """How far a run is."""

    at: int
    of: int
    now: str
    kills: int
    said: int
    taken_over: int
    fired: int


def run(plan: Plan, size: Size, watch: Watch, *, folder: Path | None = None, until: float | None = None) -> Result:
    """Play one run; `until` (monotonic) ends the harm early."""
    schedule = draw(plan)
    began_at, began = datetime.now(UTC), time.monotonic()
    with (
        redis_where_there_is_one() as redis,
        ground(
            bots=size.bots, rasas=size.rasas, tell=watch.tell, folder=folder, redis_url=redis.url if redis else None
        ) as where,
    ):
        _keep(where, "schedule.json", as_data(schedule))
        played = asyncio.run(_play(where, redis, plan, size, schedule, watch, until))
        _keep(where, "evidence.json", played[1])
        versions = _versions(where)
    done, evidence, rested = played
    verdict = check(evidence)
    if rested is None:
        never = Finding(STUCK, "the whole", f"did not come to rest in {size.patience:.0f} s")
        verdict = Verdict([*verdict.findings, never], verdict.counted, verdict.listed)
    took = time.monotonic() - began
    machine = f"{psutil.cpu_count()} cores, {psutil.virtual_memory().total / 2**30:.0f} GB, {platform.system()}"
    machine = f"{machine}; {versions}"
    return Result(plan, size, schedule, done, verdict, evidence, began_at, took, rested, machine, redis is not None)


def _versions(where: Ground) -> str:
    """Say what was killed."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    of = f"commit {commit.stdout.strip()}, " if commit.returncode == 0 else ""
    server = where.rows("SHOW server_version")[0]["server_version"]
    return f"{of}Python {platform.python_version()}, PostgreSQL {server}, model {(newest() or ROOT).name}"


async def _play(
    where: Ground,
    redis: Redis | None,
    plan: Plan,
    size: Size,
    schedule: Sequence[Injection],
    watch: Watch,
    until: float | None,
) -> tuple[Done, Evidence, float | None]:
    crowd, office = Crowd(where, plan.seed, watch.tell), Office(where, plan.seed, watch.tell)
    harm = Harm(where, redis, plan.seed, watch.tell)
    await crowd.gather(size.telegram, size.whatsapp, size.web)
    if plan.wants("take-overs"):
        await office.open()
    talk, work = asyncio.create_task(crowd.talk()), asyncio.create_task(office.work())
    try:
        await asyncio.sleep(plan.calm)
        await _inflict(harm, schedule, crowd, office, watch, until)
        watch.tell("healing")
        await harm.heal()
        office.hush()
        crowd.hush()
        await work
        rested = await come_to_rest(where, size.patience, watch.tell)
        await crowd.close()
        evidence = await gather(where, list(crowd.web.values()), office.taken_over)
    finally:
        await harm.heal()
        for task in (talk, work):
            task.cancel()
        await asyncio.gather(talk, work, return_exceptions=True)
        await office.close()
    return harm.done, evidence, rested


async def _inflict(
    harm: Harm, schedule: Sequence[Injection], crowd: Crowd, office: Office, watch: Watch, until: float | None
) -> None:
    for number, injection in enumerate(schedule, 1):
        if until and time.monotonic() > until:
            watch.tell(f"time is over after {number - 1} of {len(schedule)} injections")
            return
        done, over = harm.done, len(office.taken_over)
        watch.look(Look(number, len(schedule), str(injection), done.total, crowd.said, over, len(done.fired)))
        await harm.inflict(injection)


def _keep(where: Ground, name: str, what: object) -> None:
    with contextlib.suppress(OSError):
        (where.folder / name).write_bytes(orjson.dumps(what, option=orjson.OPT_INDENT_2))


def spread(seconds: Sequence[float]) -> Iterator[float]:
    """Yield the median, the 95th percentile and the longest."""
    ordered = sorted(seconds)
    for share in (0.5, 0.95, 1.0):
        yield ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0
