"""Whoever keeps our limits is never refused by the simulated provider, and no window of theirs ever holds too many.

Any mixture of chats and groups, any pauses, answers that take a moment on their way; the clock is in the test's hands.
"""

from bisect import bisect_left
from collections.abc import Coroutine
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.app import TELEGRAM_CHAT, TELEGRAM_GROUP, WHATSAPP_PAIR
from bot.limits import LocalLimits, Rules
from bot.settings import TelegramSettings, WhatsAppSettings
from simulator.buckets import Buckets
from simulator.telegram.limits import FloodGate, TelegramLimits
from tests.properties.world import LONG

FEW = settings(max_examples=1000 if LONG else 25, deadline=None)
CHATS = [str(7000 + n) for n in range(60)]
GROUPS = ["-1", "-2"]
TELEGRAM = Rules(
    "telegram",
    TelegramSettings.model_fields["telegram_messages_per_second"].default,
    *TELEGRAM_CHAT,
    *TELEGRAM_GROUP,
)
WHATSAPP = Rules("whatsapp", WhatsAppSettings.model_fields["whatsapp_messages_per_second"].default, *WHATSAPP_PAIR)
WANTED = st.lists(
    st.tuples(
        st.sampled_from([CHATS, CHATS[:1], GROUPS, CHATS[:3] + GROUPS]),
        st.integers(1, 120),
        st.floats(0, 3),
        st.booleans(),
    ),
    min_size=1,
    max_size=8,
)
"""Bursts: to whom, how many, after what pause, and whether as a broadcast."""
TRANSIT = st.floats(0, 0.009)


class Sender:
    """Sends what is wanted as soon as the limits allow it, and notes when it arrives."""

    def __init__(self, rules: Rules) -> None:
        self.now = 1000.0
        self.limits = LocalLimits(rules, lambda: self.now)
        self.arrived: list[tuple[float, str]] = []

    def send(self, bursts: list[tuple[list[str], int, float, bool]], transit: float) -> None:
        for chats, count, pause, broadcast in bursts:
            self.now += pause
            for number in range(count):
                self._one(chats[number % len(chats)], transit if number % 2 else 0.0, broadcast=broadcast)

    def _one(self, chat: str, transit: float, *, broadcast: bool) -> None:
        for _ in range(500):
            wait = now_of(self.limits.take(chat, broadcast=broadcast))
            if not wait:
                self.arrived.append((self.now + transit, chat))
                return
            self.now += max(wait, 0.001)
        raise AssertionError("it is never let through")

    def most(self, seconds: float, chat: str | None = None) -> int:
        """The most that arrived in any such span, to one chat or to all."""
        times = sorted(at for at, to in self.arrived if chat in (None, to))
        return max((n + 1 - bisect_left(times, at - seconds + 1e-9) for n, at in enumerate(times)), default=0)


def now_of(asked: Coroutine[Any, Any, float]) -> float:
    """The answer of a coroutine that waits for nobody."""
    with pytest.raises(StopIteration) as ended:
        asked.send(None)
    return float(ended.value.value)


@FEW
@given(bursts=WANTED, transit=TRANSIT)
def test_telegram_refuses_nothing_of_what_we_send(
    bursts: list[tuple[list[str], int, float, bool]], transit: float
) -> None:
    sender = Sender(TELEGRAM)
    sender.send(bursts, transit)
    clock = [0.0]
    gate = FloodGate(TelegramLimits(), lambda: clock[0])
    for at, chat in sorted(sender.arrived):
        clock[0] = at
        gate.pass_message(int(chat))
    assert sender.most(1.0) <= TELEGRAM.per_second
    assert all(sender.most(60.0, group) <= 20 for group in GROUPS)


@FEW
@given(bursts=WANTED, transit=TRANSIT)
def test_whatsapp_refuses_nothing_of_what_we_send(
    bursts: list[tuple[list[str], int, float, bool]], transit: float
) -> None:
    sender = Sender(WHATSAPP)
    sender.send(bursts, transit)
    clock = [0.0]
    pairs = Buckets(1 / 6, 45, lambda: clock[0])
    for at, chat in sorted(sender.arrived):
        clock[0] = at + 1e-6
        bucket, wait = pairs.of(chat)
        assert wait <= transit + 1e-9
        bucket.take()
    assert sender.most(1.0) <= WHATSAPP.per_second


@pytest.mark.parametrize("rules", [TELEGRAM, WHATSAPP], ids=lambda rules: rules.channel)
def test_what_is_allowed_is_used(rules: Rules) -> None:
    """Limits that let nothing through would keep every promise of this page."""
    sender = Sender(rules)
    count = int(rules.per_second) * 5
    for number in range(count):
        sender._one(str(number), 0.0, broadcast=False)
    assert count / (sender.now - 1000.0 + 1.0) >= 0.95 * rules.per_second
