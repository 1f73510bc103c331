"""The inbox: whatever is told to the provider as stored is there, once, and somebody is due to look at it."""

import asyncio
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, consumes, invariant, multiple, precondition, rule
from sqlalchemy.exc import SQLAlchemyError

from bot.inbox import Inbox
from bot.webhooks import telegram_arrival
from records.privacy.erasing import erase
from records.privacy.person import subject_of
from records.sealed import Seal
from tests.bot.corridor import update
from tests.properties.world import Machine, World, play

WHO = st.integers(0, 2)
WEATHER = st.sampled_from(["before", "after"])

type Key = tuple[str, int, bytes]
"""What the provider calls it, whose it is, and the body."""


class InboxMachine(Machine):
    """Siti, Budi and Rina write; the provider repeats, turns around, and the bot dies whenever it likes."""

    sent = Bundle("sent")
    """Everything a provider may deliver (again)."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.seal = Seal(world.data_key)
        self.acknowledged: dict[str, Key] = {}
        self.gone: set[str] = set()
        """Events of people who were erased since."""
        self.begin()

    def begin(self) -> None:
        """A process with no memory of the one before."""
        self.inbox = Inbox(self.world.database, self.seal, self.world.clock, asyncio.Event())

    def deliver(self, *events: Key, dies_after: int | None = None) -> None:
        """Deliver at the same time; note what was acknowledged."""

        async def deliver() -> list[Any]:
            running = asyncio.create_task(self.inbox.run())
            doors = [asyncio.create_task(self.inbox.store([telegram_arrival(body)])) for _, _, body in events]
            if dies_after is not None:
                for _ in range(dies_after):
                    await asyncio.sleep(0)
                running.cancel()
                for door in doors:
                    door.cancel()
            answers = await asyncio.gather(*doors, return_exceptions=True)
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            return answers

        fine = not self.world.database.weather and dies_after is None
        answers = self.world.run(deliver())
        assert not fine or answers == [None] * len(events)
        for event, answer in zip(events, answers, strict=True):
            assert isinstance(answer, SQLAlchemyError | RuntimeError | asyncio.CancelledError | None), answer
            if answer is None:
                self.acknowledged[event[0]] = event

    def event(self, who: int) -> Key:
        number = self.number()
        return f"update:{900_000 + number}", who, update(number, f"pesan {number}", chat=self.person(who))

    @rule(target=sent, who=WHO)
    def a_message_comes(self, who: int) -> Key:
        event = self.event(who)
        self.deliver(event)
        return event

    @rule(target=sent, who=WHO)
    def a_message_overtakes_another(self, who: int) -> Any:
        earlier, later = self.event(who), self.event(who)
        self.deliver(later)
        self.deliver(earlier)
        return multiple(earlier, later)

    @rule(target=sent, people=st.lists(WHO, min_size=2, max_size=5))
    def many_come_at_once(self, people: list[int]) -> Any:
        events = [self.event(who) for who in people]
        self.deliver(*events)
        return multiple(*events)

    @rule(event=sent, copies=st.integers(1, 5))
    def it_is_delivered_again(self, event: Key, copies: int) -> None:
        self.deliver(*[event] * copies)

    @rule(target=sent, who=WHO, weather=st.lists(WEATHER, min_size=1, max_size=3), with_another=st.booleans())
    def the_database_fails_under_it(self, who: int, weather: list[str], with_another: bool) -> Any:
        events = [self.event(who)] + ([self.event((who + 1) % 3)] if with_another else [])
        self.world.database.weather[:] = weather
        self.deliver(*events)
        self.world.database.weather.clear()
        return multiple(*events)

    @rule(target=sent, who=WHO, after=st.integers(0, 12))
    def the_bot_dies_under_it(self, who: int, after: int) -> Key:
        event = self.event(who)
        self.deliver(event, dies_after=after)
        self.begin()
        return event

    @rule(who=WHO)
    def rubbish_comes_with_a_message(self, who: int) -> None:
        event = self.event(who)
        rubbish = (f"rubbish {event[0]}", who, b'{"update_id": "%d' % self.number())
        self.deliver(rubbish, event)
        assert {event[0], rubbish[0]} <= self.acknowledged.keys()
        del self.acknowledged[rubbish[0]]

    @rule()
    def the_bot_starts_again(self) -> None:
        self.begin()

    @precondition(lambda self: self.acknowledged.keys() - self.gone)
    @rule(event=consumes(sent))
    def the_person_is_erased(self, event: Key) -> None:
        """Their messages are answered first; a late copy must not bring them back (the event is delivered again)."""
        chat = str(self.person(event[1]))
        found = self.world.rows("SELECT id FROM conversations WHERE external_id = :chat", chat=chat)
        if not found:
            return
        conversation: UUID = found[0]["id"]
        self.world.rows("UPDATE inbox SET status = 'done' WHERE conversation_id = :c", c=conversation)
        self.world.run(self._erase(conversation))
        self.gone |= {row["external_id"] for row in self._rows_of(conversation)}
        people = self.world.count("identities")
        was_there = event[0] in self.gone
        self.deliver(event)
        assert not was_there or self.world.count("identities") == people

    async def _erase(self, conversation: UUID) -> None:
        async with self.world.database.write() as session:
            await erase(session, await subject_of(session, conversation), self.world.now)

    def _rows_of(self, conversation: UUID) -> list[dict[str, Any]]:
        return self.world.rows("SELECT external_id FROM inbox WHERE conversation_id = :c", c=conversation)

    @invariant()
    def whatever_was_acknowledged_is_there_once_and_whole(self) -> None:
        rows = self.world.rows(
            "SELECT external_id, sealed_event FROM inbox WHERE external_id = ANY(:keys)",
            keys=list(self.acknowledged),
        )
        assert sorted(row["external_id"] for row in rows) == sorted(self.acknowledged)
        for row in rows:
            if row["external_id"] not in self.gone:
                assert self.seal.open(bytes(row["sealed_event"])).encode() == self.acknowledged[row["external_id"]][2]

    @invariant()
    def whatever_waits_has_a_lane_that_is_due(self) -> None:
        forgotten = self.world.count(
            "inbox i LEFT JOIN lanes l USING (conversation_id) WHERE i.status = 'pending' AND l.due_at IS NULL"
        )
        assert forgotten == 0

    @invariant()
    def a_chat_is_one_conversation(self) -> None:
        chats = [str(self.person(who)) for who in range(3)]
        found = self.world.rows("SELECT external_id FROM conversations WHERE external_id = ANY(:chats)", chats=chats)
        assert len({row["external_id"] for row in found}) == len(found)


def test_what_the_provider_was_told_is_stored_is_there_once_whatever_happens(world: World) -> None:
    play(InboxMachine, world, examples=12, steps=15)
