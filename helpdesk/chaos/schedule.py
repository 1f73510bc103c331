"""What is done to the system when: drawn from one number, printed, and drawn again from the same number.

A schedule says what, to which kind of process, and how long to wait before it; which process of several it meets, and
what the people were saying just then, is left to the hour.
"""

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from records.failpoints import STEPS

ACTS = ("exception", "kill", "hang")
KILLS = {
    "bot": 24,
    "actions": 10,
    "desk": 8,
    "postgres backend": 40,
    "postgres": 8,
    "rasa": 2,
    "bot, all of them": 2,
    "redis": 6,
}
"""Whom, and how often of a hundred: those that come back soon more often, for who is starting answers nobody."""
VOLLEY = (1, 5)
"""How many are killed in the same moment: what comes back meets others that are coming back."""
FAULTS: tuple[dict[str, Any], ...] = (
    {"target": "telegram", "kind": "refuse", "probability": 0.5},
    {"target": "telegram", "kind": "delay", "seconds": 3, "probability": 0.5},
    {"target": "telegram", "kind": "delay", "seconds": 20, "count": 2, "method": "sendMessage"},
    {"target": "telegram", "kind": "limit", "retry_after": 1, "probability": 0.5, "method": "sendMessage"},
    {"target": "telegram", "kind": "limit", "retry_after": 20, "count": 1, "method": "sendMessage"},
    {"target": "telegram", "kind": "error", "status": 500, "probability": 0.5},
    {"target": "telegram", "kind": "error", "status": 502, "description": "<html><h1>502</h1></html>"},
    {"target": "telegram", "kind": "accept_then_reset", "method": "sendMessage", "count": 2},
    {"target": "whatsapp", "kind": "refuse", "probability": 0.5},
    {"target": "whatsapp", "kind": "delay", "seconds": 3, "probability": 0.5},
    {"target": "whatsapp", "kind": "limit", "code": 130429, "probability": 0.5},
    {"target": "whatsapp", "kind": "limit", "code": 131056, "count": 3},
    {"target": "whatsapp", "kind": "error", "status": 500, "probability": 0.5},
    {"target": "whatsapp", "kind": "error", "status": 502, "description": "<html><h1>502</h1></html>"},
    {"target": "whatsapp", "kind": "accept_then_reset", "count": 2},
    {"target": "whatsapp", "kind": "error", "status": 401, "code": 190},
    {"target": "programme", "kind": "error", "status": 503},
    {"target": "programme", "kind": "delay", "seconds": 3},
    {"target": "telegram", "side": "webhook", "kind": "duplicate", "copies": 50, "count": 1},
    {"target": "whatsapp", "side": "webhook", "kind": "duplicate", "copies": 50, "count": 1},
    {"target": "telegram", "side": "webhook", "kind": "duplicate", "copies": 2, "probability": 0.3},
    {"target": "whatsapp", "side": "webhook", "kind": "duplicate", "copies": 2, "probability": 0.3},
    {"target": "telegram", "side": "webhook", "kind": "reorder", "window": 4},
    {"target": "whatsapp", "side": "webhook", "kind": "reorder", "window": 4},
    {"target": "telegram", "side": "webhook", "kind": "delay", "seconds": 2, "probability": 0.5},
)
"""What the providers do to us, for some seconds each."""
DEEDS = ("block", "migrate", "statuses", "strange update", "flood", "raw")
"""What is done beside that: a person blocks the bot, a group moves, statuses come as they like …"""
OUTAGES = (140, 160, 25 * 3600)
"""Seconds by the rehearsal clock: just before and just after Telegram drops a tap, and past every window."""
PARTS = ("failpoints", "kills", "faults", "pauses", "outages", "database", "take-overs")


@dataclass(frozen=True)
class Injection:
    """One thing done to the system."""

    part: str
    what: str
    after: float
    """Seconds to wait before it."""
    more: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        plain = {name: "+".join(value) if isinstance(value, list) else value for name, value in self.more.items()}
        told = ", ".join(f"{name} {value}" for name, value in plain.items())
        return f"{self.what}{f' ({told})' if told else ''}"


@dataclass(frozen=True)
class Plan:
    """How much of everything."""

    seed: int
    kills: int
    failpoints: int | None = None
    """How many of all failpoints × acts; none: every one."""
    gap: float = 2.0
    """Seconds between two volleys of kills, on the average."""
    hang: float = 30.0
    calm: float = 6.0
    """Seconds of talk before the first harm."""
    spared: tuple[str, ...] = ()
    """Processes that are not killed at random: a Rasa needs longer to come back than a short run may take."""
    outages: int = 3
    pauses: int = 4
    only: tuple[str, ...] = PARTS

    def wants(self, part: str) -> bool:
        """Say whether this part of chaos is wanted."""
        return part in self.only


def draw(plan: Plan) -> list[Injection]:
    """Return everything that will be done, in order."""
    dice = random.Random(plan.seed)  # noqa: S311 - replayable on purpose
    first = list(_failpoints(plan, dice)) if plan.wants("failpoints") else []
    rest = [*_kills(plan, dice), *_beside(plan, dice)]
    dice.shuffle(rest)
    return [*first, *rest]


def _failpoints(plan: Plan, dice: random.Random) -> Iterator[Injection]:
    every = [(step, act) for step in STEPS for act in ACTS]
    dice.shuffle(every)
    for step, act in every[: plan.failpoints]:
        yield Injection("failpoints", "failpoint", 0.3, {"step": step, "act": act, "seconds": plan.hang})


def _kills(plan: Plan, dice: random.Random) -> Iterator[Injection]:
    weights = {whom: weight for whom, weight in KILLS.items() if whom not in plan.spared}
    left = plan.kills if plan.wants("kills") else 0
    while left:
        together = min(left, dice.randint(*VOLLEY))
        left -= together
        whom = dice.choices(list(weights), weights=list(weights.values()), k=together)
        yield Injection("kills", "kill", min(dice.expovariate(1 / plan.gap), 4 * plan.gap), {"whom": whom})


def _beside(plan: Plan, dice: random.Random) -> Iterator[Injection]:
    many = max(6, plan.kills // 8)
    if plan.wants("faults"):
        for _ in range(many):
            yield Injection("faults", "fault", 0.5, dict(dice.choice(FAULTS)) | {"lasting": dice.uniform(2, 10)})
        for number in range(max(len(DEEDS), many // 4)):
            yield Injection("faults", DEEDS[number % len(DEEDS)], 0.5)
    if plan.wants("pauses"):
        for _ in range(plan.pauses):
            yield Injection("pauses", "pause", 1.0, {"whom": dice.choice(("bot", "bot", "rasa", "actions", "desk"))})
            yield Injection("pauses", "ended politely", 1.0, {"whom": dice.choice(("bot", "desk", "actions"))})
    if plan.wants("database"):
        for what in ("database stopped", "database frozen", "table locked") * max(1, plan.pauses // 3):
            yield Injection("database", what, 1.0, {"seconds": round(dice.uniform(2, 12), 1)})
    if plan.wants("outages"):
        for number in range(plan.outages):
            yield Injection("outages", "outage", 2.0, {"seconds": OUTAGES[number % len(OUTAGES)]})


def as_data(injections: Sequence[Injection]) -> list[dict[str, Any]]:
    """Return a schedule for programs."""
    return [asdict(injection) for injection in injections]


def summary(injections: Sequence[Injection]) -> Counter[str]:
    """Return how often each thing is done."""
    counted: Counter[str] = Counter()
    for injection in injections:
        if injection.what == "kill":
            counted.update(f"kill {whom}" for whom in injection.more["whom"])
        else:
            counted[injection.what] += 1
    return counted
