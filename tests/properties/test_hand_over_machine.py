"""Hand-over: two agents and the bot in one conversation; once an agent was told that it is theirs, the bot is silent.

A turn may be in flight, a reply written and not sent, or its bytes on their way: every agent's words arrive once, and
of the bot's nothing that came too late.
"""

import asyncio
from collections import Counter
from typing import Any
from uuid import UUID, uuid4

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule
from sqlalchemy import text

from bot.lanes import Job, claim
from bot.sending import OutboundMessage, RetryLater
from bot.settings import BotSettings
from bot.webhooks import telegram_arrival
from desk.acts.claim import claim as take
from desk.acts.release import release
from desk.acts.reply import reply
from desk.acts.resolve import resolve
from desk.refusals import Refusal
from desk.silence import bot_is_silent
from records.bell import PostgresBell
from tests.bot.corridor import A_TICKET, Corridor, ScriptedRasa, says, update
from tests.desk.scenes import hire
from tests.properties.stepping import settle
from tests.properties.world import Machine, World, play

AGENT = st.sampled_from(["sari", "joko"])
ACT = st.sampled_from(["take", "take", "release", "reply", "resolve"])
LEASE = BotSettings.model_fields["lane_lease"].default
ANSWERS: dict[str, list[dict[str, Any]]] = {
    "pesan": [],
    "lapor": [A_TICKET],
    "petugas": [A_TICKET, {"kind": "hand_over", "reason": "diminta"}],
}


class HandOverMachine(Machine):
    """Siti writes; the bot, Sari and Joko answer."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.staff = world.once("staff", self._hire)
        self.bell = PostgresBell(world.database.url)
        self.chat = str(self.person(0))
        self.jobs: list[Job] = []
        self.taken = False
        """An agent was told that the conversation is theirs."""
        self.late: list[str] = []
        self.replies: set[str] = set()
        self.arrived: Counter[str] = Counter()
        self.corridor = self.world.run(self._begin())
        for _ in range(2):
            self.siti_writes("lapor")
            self.the_bot_answers(None, False)
        self.siti_writes("pesan")

    async def _hire(self) -> Any:
        async with self.world.database.write() as session:
            return await hire(session, self.world.now)

    async def _begin(self) -> Corridor:
        self.way = asyncio.Event()
        self.way.set()
        self.committed = asyncio.Event()
        rasa = ScriptedRasa(lambda asked: says("Baik.", proposals=ANSWERS[asked["text"].split()[0]]))
        corridor = Corridor(self.world.database, self.world.clock, self.world.data_key, rasa=rasa)
        corridor.telegram.watch = self.arrives
        return corridor

    async def arrives(self, message: OutboundMessage) -> None:
        """The bytes of a message are on their way until the way is free; then Siti reads it."""
        await self.way.wait()
        async with self.world.database.read() as session:
            whose = text("SELECT author, message_id::text FROM outbox WHERE id = :id")
            author, said = (await session.execute(whose, {"id": message.outbox_id})).one()
        self.arrived[said] += 1
        if author == "bot" and self.taken:
            self.late.append(message.text)

    @rule(said=st.sampled_from(list(ANSWERS)))
    def siti_writes(self, said: str) -> None:
        """And the bot takes up what it may."""
        body = update(self.number(), f"{said} lagi", chat=self.person(0))

        async def store() -> None:
            await self.corridor.inbox._commit([telegram_arrival(body)])
            self.jobs += (await claim(self.world.database.at_once, "uji", LEASE, 1))[0]

        self.world.run(store())

    @rule(meanwhile=st.none() | st.tuples(AGENT, ACT), busy=st.booleans())
    def the_bot_answers(self, meanwhile: tuple[str, str] | None, busy: bool) -> None:
        """Something may happen at the desk while Rasa thinks; Telegram may put the answer off."""
        if busy:
            self.corridor.telegram.script.append(RetryLater(0.0, "429"))

        async def answer() -> None:
            self.corridor.rasa.meanwhile = (lambda: self._act(*meanwhile)) if meanwhile else None
            await self._answer()
            self.corridor.rasa.meanwhile = None
            await settle(self.corridor.outbox)

        self.world.run(answer())
        self.corridor.telegram.script.clear()

    async def _answer(self) -> None:
        if self.jobs:
            await self.corridor.worker._answer(self.jobs.pop(0))
        self.jobs += (await claim(self.world.database.at_once, "uji", LEASE, 1))[0]

    @rule()
    def what_is_due_is_sent(self) -> None:
        async def send() -> None:
            await self.corridor.outbox._claim("telegram", 10)
            await settle(self.corridor.outbox)

        self.world.run(send())

    @rule(who=AGENT, act=ACT)
    def an_agent_acts(self, who: str, act: str) -> None:
        self.world.run(self._act(who, act))

    @rule(who=AGENT)
    def an_agent_takes_over_while_words_are_on_their_way(self, who: str) -> None:
        async def take_over() -> None:
            self.way.clear()
            await self._answer()
            await self.corridor.outbox._claim("telegram", 10)
            self.committed.clear()
            taking = asyncio.create_task(self._act(who, "take"))
            await self.committed.wait()
            for _ in range(5):
                await asyncio.sleep(0)
            self.way.set()
            await settle(self.corridor.outbox)
            await taking

        self.world.run(take_over())

    @rule()
    def both_press_at_once(self) -> None:
        async def both() -> list[bool]:
            return list(await asyncio.gather(self._act("sari", "take"), self._act("joko", "take")))

        held = self._ticket()
        won = self.world.run(both())
        assert won.count(True) == (1 if held else 0)

    @rule(who=AGENT)
    def a_form_is_pressed_twice(self, who: str) -> None:
        key = uuid4()

        async def twice() -> None:
            await asyncio.gather(self._act(who, "reply", key), self._act(who, "reply", key))

        self.world.run(twice())

    async def _act(self, who: str, act: str, key: UUID | None = None) -> bool:
        """What the desk's routes do; False where it is refused."""
        ticket = await self._open_ticket()
        if ticket is None:
            self.committed.set()
            return False
        key = key or uuid4()
        what: dict[str, Any] = {"ticket_id": ticket, "staff": self.staff[who], "at": self.world.now}
        if act == "resolve":
            # from the moment it commits the bot may speak again
            taken, self.taken = self.taken, False
        try:
            async with self.world.database.write() as session:
                if act == "take":
                    await take(session, self.bell, **what)
                elif act == "release":
                    await release(session, self.bell, **what)
                elif act == "resolve":
                    await resolve(session, self.bell, resolution="Sudah beres.", **what)
                else:
                    await reply(session, self.bell, key=key, text="Kami cek ya.", **what)
        except Refusal:
            self.committed.set()
            if act == "resolve":
                self.taken = taken
            return False
        self.committed.set()
        if act == "take":
            assert await bot_is_silent(self.world.database, await self._conversation())
            self.taken = True
        if act == "reply":
            self.replies.add(str(key))
        return True

    async def _open_ticket(self) -> UUID | None:
        async with self.world.database.read() as session:
            found = await session.scalar(text(f"SELECT t.id {OPEN}"), {"chat": self.chat})
            return UUID(str(found)) if found else None

    async def _conversation(self) -> UUID:
        async with self.world.database.read() as session:
            mine = text("SELECT id FROM conversations WHERE external_id = :chat")
            return UUID(str(await session.scalar(mine, {"chat": self.chat})))

    def _ticket(self) -> dict[str, Any] | None:
        rows = self.world.rows(
            f"SELECT t.status, t.staff_id, c.owner, c.owner_version, c.staff_id AS holder {OPEN}",
            chat=self.chat,
        )
        assert len(rows) <= 1, "two open cases in one conversation"
        return rows[0] if rows else None

    @invariant()
    def the_bot_is_silent_once_an_agent_was_told(self) -> None:
        assert self.late == []

    @invariant()
    def ticket_and_conversation_agree_on_who_holds_it(self) -> None:
        held = self._ticket()
        if held and held["status"] == "claimed":
            assert held["owner"] == "human"
            assert held["holder"] == held["staff_id"]

    @invariant()
    def every_change_of_hands_is_numbered(self) -> None:
        versions = self.world.rows(
            "SELECT h.version, c.owner_version FROM hand_overs h JOIN conversations c ON c.id = h.conversation_id "
            "WHERE c.external_id = :chat ORDER BY h.version",
            chat=self.chat,
        )
        assert [row["version"] for row in versions] == list(range(1, len(versions) + 1))
        assert not versions or versions[0]["owner_version"] == len(versions)

    @invariant()
    def nobody_reads_anything_twice(self) -> None:
        assert all(times == 1 for times in self.arrived.values())

    def teardown(self) -> None:
        """Whatever is still due goes out; then each reply of an agent has arrived."""
        while self.jobs:
            self.the_bot_answers(None, False)
        for _ in range(3 + len(self.replies)):
            self.what_is_due_is_sent()
        assert self.replies <= self.arrived.keys()
        self.the_bot_is_silent_once_an_agent_was_told()
        self.nobody_reads_anything_twice()
        super().teardown()


OPEN = (
    "FROM tickets t JOIN conversations c ON c.id = t.conversation_id "
    "WHERE c.external_id = :chat AND t.status IN ('open', 'claimed')"
)


def test_the_bot_says_nothing_more_once_an_agent_was_told_that_it_is_theirs(world: World) -> None:
    play(HandOverMachine, world, examples=10, steps=12)
