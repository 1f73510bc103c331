"""The lines stock Rasa learns from: a fixed sample of our own training text, every intent in its share.

DIET needs about 50 s an epoch for all lines on two cores; 1,600 lines are what it can learn in minutes.
"""

import random
from collections import defaultdict
from pathlib import Path

import yaml

LINES = 1_600
SEED = 20200824


def training_lines(folder: Path) -> dict[str, list[str]]:
    """Return the examples of every intent, in the order of the files."""
    lines: dict[str, list[str]] = defaultdict(list)
    for path in sorted(folder.rglob("*.yml")):
        for block in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader).get("nlu", []):
            lines[block["intent"]] += [line[2:] for line in block["examples"].splitlines() if line.startswith("- ")]
    return dict(lines)


def sample(lines: dict[str, list[str]], count: int = LINES) -> dict[str, list[str]]:
    """Return exactly `count` lines, the same ones every time, each intent by its share of the whole."""
    chance = random.Random(SEED)
    whole = sum(map(len, lines.values()))
    shares = {intent: max(2, count * len(mine) // whole) for intent, mine in lines.items()}
    # rounding down leaves a few over: the largest intents take them
    largest = sorted(lines, key=lambda intent: (-len(lines[intent]), intent))
    for at in range(max(0, count - sum(shares.values()))):
        shares[largest[at % len(largest)]] += 1
    return {intent: chance.sample(mine, min(shares[intent], len(mine))) for intent, mine in sorted(lines.items())}
