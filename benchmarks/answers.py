"""`bench answers`: one participant at a time, from a message to its delivered answer, with three checks or more.

Every message is said in a fresh chat by a bound participant, and needs several sources: incidents, card, purchases,
what the programme says of the payment, the catalogue. How many checks an answer made is read from the turns that were
written, and only answers with three or more are counted.
"""

import asyncio
from itertools import cycle
from pathlib import Path

import psycopg

from benchmarks import ours
from benchmarks.figures import milliseconds, quantile
from benchmarks.load import Crowd
from benchmarks.report import Tell

LINES = (
    "pembayaran saya di bukalapak gagal terus kak, kursus microsoft excel",
    "min gagal bayar pake kartu prakerja di tokopedia, kelas digital marketing",
    "checkout di pintaria error terus, kelas bahasa inggris",
    "ga bisa bayar kelas desain grafis di sisnaker pake kartu prakerja",
)
LEAST_CHECKS = 3
WARM_UP = 20
CHECKS = """
SELECT c.external_id, count(DISTINCT f->>'check') FROM turns t
JOIN conversations c ON c.id = t.conversation_id, jsonb_array_elements(t.findings) f
GROUP BY c.external_id, t.id
"""


def measure(bench: Path, *, count: int, tell: Tell) -> dict[str, object]:
    """Return how long whole answers take."""
    tell("starting our system")
    with ours.running(bench / "system", tell) as mine:
        crowd = Crowd(1, Crowd.ALONE, count + WARM_UP)
        mine.bind_crowd(crowd)
        tell(f"asking {count} times")
        seconds = asyncio.run(_ask(mine, crowd.numbers(count + WARM_UP)))
        with psycopg.connect(mine.conninfo) as connection:
            checks = {int(chat): int(made) for chat, made in connection.execute(CHECKS).fetchall()}
    whole = [took for chat, took in seconds.items() if checks.get(chat, 0) >= LEAST_CHECKS]
    made = [checks[chat] for chat in seconds if checks.get(chat, 0) >= LEAST_CHECKS]
    return {
        "ours": {
            "answers": len(whole),
            "checks": round(sum(made) / len(made), 1) if made else 0,
            "p50_ms": milliseconds(quantile(whole, 0.5)),
            "p95_ms": milliseconds(quantile(whole, 0.95)),
            "p99_ms": milliseconds(quantile(whole, 0.99)),
            "unanswered": count - len(seconds),
        }
    }


async def _ask(mine: ours.Ours, chats: list[int]) -> dict[int, float]:
    """Say a line in each chat and return how long each answer took; the first ones warm the house up."""
    took: dict[int, float] = {}
    async with mine.mouth() as mouth:
        for number, (chat, line) in enumerate(zip(chats, cycle(LINES), strict=False)):
            heard = await mouth.say(chat, line, with_check=True)
            if heard.answered and number >= WARM_UP:
                took[chat] = heard.seconds
    return took
