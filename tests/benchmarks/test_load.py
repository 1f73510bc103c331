"""The load: what is said, by whom, how fast."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import islice

from benchmarks.conversations import LINES_EACH, conversations
from benchmarks.load import CHATS_EACH, Chats, Crowd, Heard


class Echo:
    """Answers everything at once and remembers who spoke."""

    def __init__(self) -> None:
        self.said: list[int] = []
        self.in_hand: Counter[int] = Counter()

    @asynccontextmanager
    async def mouth(self) -> AsyncIterator["Echo"]:
        yield self

    async def say(self, chat: int, line: str, *, with_check: bool) -> Heard:
        self.in_hand[chat] += 1
        assert self.in_hand[chat] == 1, "a chat spoke before it was answered"
        await asyncio.sleep(0.001)
        self.in_hand[chat] -= 1
        self.said.append(chat)
        return Heard(0.001, answered=True, with_check=with_check)


def test_half_of_what_is_said_needs_a_check_at_any_moment():
    chats = Chats(1, 0)
    for _ in range(4):
        lap = [next(chats)[2] for _ in range(CHATS_EACH)]
        assert sum(lap) == CHATS_EACH / 2


def test_a_chat_speaks_once_a_lap_and_a_finished_one_is_replaced():
    chats = Chats(1, 0)
    laps = [{next(chats)[0] for _ in range(CHATS_EACH)} for _ in range(LINES_EACH + 1)]
    assert all(len(lap) == CHATS_EACH for lap in laps)
    assert laps[0] == laps[LINES_EACH - 1]
    assert not laps[0] & laps[LINES_EACH]


def test_conversations_are_the_same_every_time():
    assert list(islice(conversations(3), 5)) == list(islice(conversations(3), 5))


async def test_everybody_talks_at_once_and_nobody_shares_a_chat():
    echo, crowd = Echo(), Crowd(4)
    done = await crowd.speak(echo, 0.2, warm=0.05)
    by_speaker: dict[int, int] = defaultdict(int)
    for chat in echo.said:
        by_speaker[(chat - Crowd.FIRST) // Crowd.APART] += 1
    assert set(by_speaker) == {0, 1, 2, 3}
    assert 0 < len(done.heard) < crowd.said
