"""The outbox: a sender may die at any step and a provider answer anything; whatever was said arrives, in order, once.

Where nobody can tell, the row is `unknown` and is not sent again; what Telegram got twice after a death is counted.
"""

import asyncio
import os
from collections import Counter
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule
from sqlalchemy import text

from bot.events import DeliveryStatus
from bot.limits import LocalLimits, Rules
from bot.outbox import Outbox
from bot.rounds.left import take_up_what_was_left
from bot.sending import (
    Ambiguous,
    ChannelStopped,
    Moved,
    NotReached,
    OutboundMessage,
    Refused,
    RetryLater,
    Unreachable,
    WindowClosed,
)
from bot.statuses import apply_statuses
from records.bell import PostgresBell
from tests.properties.stepping import fate_is_written
from tests.properties.world import HOUR, Machine, World, play

CHATS = ("telegram", "telegram", "whatsapp")
WHATSAPP = 2
ENDED = f"{os.uname().nodename}:4194399:1"
"""A process that is no more: no machine has numbers that high."""
FINAL = ("sent", "delivered", "read", "unknown", "refused", "withheld")


class Killed(BaseException):
    """The process ended here."""


ANSWERS: dict[str, tuple[bool, Callable[[int], BaseException] | None]] = {
    "taken": (True, None),
    "taken, and no answer": (True, lambda _: Ambiguous("reset")),
    "lost, and no answer": (False, lambda _: Ambiguous("reset")),
    "not reached": (False, lambda _: NotReached(2.0, "tidak tersambung")),
    "429 of this chat": (False, lambda _: RetryLater(30.0, "429")),
    "429 of all": (False, lambda _: RetryLater(30.0, "429", whole_channel=True)),
    "an error of theirs": (False, lambda _: RetryLater(2.0, "HTTP 500")),
    "moved": (False, lambda new: Moved(str(new))),
    "blocked": (False, lambda _: Unreachable("bot was blocked by the user")),
    "refused": (False, lambda _: Refused("bad request")),
    "refused in words no table takes": (False, lambda _: Refused("bad\x00request \ud800")),
    "token gone": (False, lambda _: ChannelStopped("unauthorized")),
    "a defect of ours": (False, lambda _: TypeError("uji")),
    "killed before": (False, lambda _: Killed()),
    "killed after": (True, lambda _: Killed()),
}
"""Whether the person has it, and what the sender hears."""


class OutboxMachine(Machine):
    """Three chats, one sender process at a time."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.time = 1000.0
        self.script: list[str] = []
        self.arrived: list[str] = []
        """What reached the people, by outbox id, in order: the provider's own memory."""
        self.late: list[str] = []
        """Words of the bot that were claimed after a person had taken over."""
        self.said: list[str] = []
        self.owners = ["bot"] * len(CHATS)
        self.window_open = True
        self.chats = [self.world.run(self._open(n, channel)) for n, channel in enumerate(CHATS)]
        self.begin()

    async def _open(self, n: int, channel: str) -> str:
        async with self.world.database.write() as session:
            opened = await session.execute(
                text(
                    "INSERT INTO conversations (id, channel, external_id, address, opened_at) "
                    "VALUES (gen_random_uuid(), :channel, :chat, '', now()) RETURNING id"
                ),
                {"channel": channel, "chat": str(self.person(n))},
            )
            return str(opened.scalar_one())

    def begin(self) -> None:
        """A new sender, with the provider of all of them."""

        async def begin() -> Outbox:
            rules = [Rules(channel, 1000, 1000, 1000) for channel in ("telegram", "whatsapp")]
            limits = {rule.channel: LocalLimits(rule, lambda: self.time) for rule in rules}
            bell = PostgresBell(self.world.database.url)
            senders: Any = {"telegram": self, "whatsapp": self}
            return Outbox(self.world.database, senders, limits, self.world.clock, bell, asyncio.Event())

        self.outbox = self.world.run(begin())

    async def send(self, message: OutboundMessage) -> str:
        """The provider: takes a message, or does what the script says."""
        if message.chat == str(self.person(WHATSAPP)) and not self.window_open:
            raise WindowClosed("131047")
        taken, heard = ANSWERS[self.script.pop(0) if self.script else "taken"]
        if taken:
            self.arrived.append(message.outbox_id)
        if heard:
            raise heard(self.example * 10 + 5_000_000_000 + len(self.arrived))
        return f"{self.example}:m{len(self.arrived)}"

    @rule(
        chat=st.sampled_from([0, 0, 1, 2]),
        author=st.sampled_from(["bot", "bot", "agent", "system"]),
        priorities=st.lists(st.sampled_from([0, 0, 1, 2]), min_size=1, max_size=3),
    )
    def something_is_said(self, chat: int, author: str, priorities: list[int]) -> None:
        if author == "bot" and self.owners[chat] == "human":
            author = "agent"
        for priority in priorities:
            self.said.append(self.world.run(self._say(self.chats[chat], CHATS[chat], author, priority)))

    async def _say(self, chat: str, channel: str, author: str, priority: int) -> str:
        async with self.world.database.write() as session:
            said = await session.execute(
                text(
                    "WITH m AS (INSERT INTO messages (id, conversation_id, direction, author, text, created_at) "
                    "VALUES (gen_random_uuid(), :chat, 'out', :author, 'kata', now()) RETURNING id) "
                    "INSERT INTO outbox (id, conversation_id, message_id, channel, payload, author, owner_version, "
                    'priority) SELECT gen_random_uuid(), c.id, m.id, :channel, \'{"text": "kata"}\', :author, '
                    "c.owner_version, :priority FROM m, conversations c WHERE c.id = :chat RETURNING id"
                ),
                {"chat": chat, "channel": channel, "author": author, "priority": priority},
            )
            return str(said.scalar_one())

    @rule(
        count=st.integers(1, 3),
        script=st.lists(st.sampled_from(list(ANSWERS)), max_size=3),
        dies=st.sampled_from([False, False, False, True]),
        after_a_while=st.booleans(),
    )
    def what_is_due_is_sent(self, count: int, script: list[str], dies: bool, after_a_while: bool) -> None:
        """Claimed, sent, and its fate written down, unless the process dies first."""
        if after_a_while:
            self.somebody_takes_up_what_was_left()
            self.time_passes()
        self.script = script
        ends: list[Any] = []
        for channel in ("telegram", "whatsapp"):
            for broadcasts in (False, True):
                if not self.outbox._channels[channel].stopped:
                    ends += self.world.run(self._round(channel, count, broadcasts))
        self.script = []
        if dies or any(isinstance(end, Killed) for end in ends):
            self.the_process_dies()
        else:
            self.world.run(fate_is_written(self.outbox))

    async def _round(self, channel: str, count: int, broadcasts: bool) -> list[Any]:
        await self.outbox._claim(channel, count, broadcasts=broadcasts)
        sends = list(self.outbox._sending)
        self.late += await self._claimed_late()
        return await asyncio.gather(*sends, return_exceptions=True)

    async def _claimed_late(self) -> list[str]:
        async with self.world.database.read() as session:
            late = await session.scalars(
                text(
                    "SELECT o.id FROM outbox o JOIN conversations c ON c.id = o.conversation_id "
                    "WHERE o.status = 'sending' AND o.author = 'bot' AND o.owner_version < c.owner_version "
                    "AND o.held_by <> :ended AND c.id = ANY(CAST(:chats AS uuid[]))"
                ),
                {"chats": self.chats, "ended": ENDED},
            )
            return [str(one) for one in late]

    def the_process_dies(self) -> None:
        """Marks that were not written are forgotten; another process finds what it held."""
        held = "UPDATE outbox SET held_by = :ended WHERE status = 'sending' AND id = ANY(CAST(:said AS uuid[]))"
        self.world.rows(held, ended=ENDED, said=self.said)
        self.begin()

    def somebody_takes_up_what_was_left(self) -> None:
        self.world.run(take_up_what_was_left(self.world.database))

    def time_passes(self) -> None:
        """Every pause and every refusal of a provider is over."""
        self.time += 100.0
        for channel in self.outbox._channels.values():
            channel.stopped_until = 0.0
        self.world.rows("UPDATE outbox SET due_at = now() - interval '1 second' WHERE status = 'due'")

    @rule(chat=st.integers(0, 2), owner=st.sampled_from(["human", "bot"]))
    def the_conversation_changes_hands(self, chat: int, owner: str) -> None:
        self.owners[chat] = owner
        self.world.rows(
            "UPDATE conversations SET owner = :owner, owner_version = owner_version + 1 WHERE id = :chat",
            owner=owner,
            chat=self.chats[chat],
        )

    @rule(opens=st.booleans())
    def the_window_of_whatsapp_moves(self, opens: bool) -> None:
        """It ends, or the person writes: then what waited for that is due again, as every turn of theirs makes it."""
        self.window_open = opens
        until = self.world.now + (HOUR if opens else -HOUR)
        chat = self.chats[WHATSAPP]
        self.world.rows("UPDATE conversations SET window_until = :until WHERE id = :chat", until=until, chat=chat)
        if opens:
            free = (
                "UPDATE outbox SET status = 'due', due_at = now() WHERE status = 'waiting' AND conversation_id = :chat"
            )
            self.world.rows(free, chat=chat)

    @precondition(lambda self: self.arrived)
    @rule(which=st.integers(0, 20), status=st.sampled_from(["sent", "delivered", "read", "refused"]))
    def whatsapp_says_what_became_of_it(self, which: int, status: str) -> None:
        row = self.arrived[which % len(self.arrived)]
        said = DeliveryStatus("whatsapp", f"{row}:{status}", f"w{row}", row, status, None, b"{}")

        async def tell() -> None:
            async with self.world.database.write() as session:
                await apply_statuses(session, [said], self.world.now)

        self.world.run(tell())

    def rows(self) -> list[dict[str, Any]]:
        return self.world.rows(
            "SELECT id::text, conversation_id::text AS chat, position, priority, channel, status, author, repeats "
            "FROM outbox WHERE id = ANY(CAST(:said AS uuid[])) ORDER BY position",
            said=self.said,
        )

    @invariant()
    def every_promise_holds(self) -> None:
        rows = self.rows()
        self.nobody_gets_a_message_twice_unless_it_is_counted(rows)
        self.nothing_overtakes_what_is_as_urgent(rows)
        for row in rows:
            assert row["status"] not in ("sent", "delivered", "read") or row["id"] in self.arrived, row
            assert row["status"] != "withheld" or row["author"] == "bot", row
        assert self.late == [], "the bot spoke where a person had taken over"

    def nobody_gets_a_message_twice_unless_it_is_counted(self, rows: list[dict[str, Any]]) -> None:
        times = Counter(self.arrived)
        for row in rows:
            assert times[row["id"]] <= 1 + row["repeats"], row
            assert row["channel"] == "telegram" or row["repeats"] == 0, row
            assert row["status"] != "due" or not times[row["id"]] or row["repeats"], row

    def nothing_overtakes_what_is_as_urgent(self, rows: list[dict[str, Any]]) -> None:
        first = {row: when for when, row in reversed(list(enumerate(self.arrived)))}
        came = [row for row in rows if row["id"] in first]
        for number, earlier in enumerate(came):
            for later in came[number + 1 :]:
                if earlier["chat"] == later["chat"] and first[later["id"]] < first[earlier["id"]]:
                    assert later["priority"] < earlier["priority"]

    def teardown(self) -> None:
        """A new process in fine weather leaves nothing lying."""
        self.the_process_dies()
        self.the_window_of_whatsapp_moves(True)
        for _ in range(4 + len(self.said)):
            if {row["status"] for row in self.rows()} <= set(FINAL):
                break
            self.what_is_due_is_sent(50, [], False, True)
        self.every_promise_holds()
        left = [row for row in self.rows() if row["status"] not in FINAL]
        assert left == [], left
        super().teardown()


def test_whatever_was_said_arrives_once_and_in_order_or_is_told_to_be_unknown(world: World) -> None:
    play(OutboxMachine, world, examples=20, steps=15)
