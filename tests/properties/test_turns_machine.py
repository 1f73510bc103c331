"""Lanes and turns: several workers, leases that end, a Rasa that fails in every way: each event concludes once."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule
from sqlalchemy.exc import SQLAlchemyError

from bot.lanes import Fenced, Job, claim
from bot.settings import BotSettings
from bot.webhooks import telegram_arrival
from bot.worker import TRIES
from tests.bot.corridor import A_TICKET, Corridor, ScriptedRasa, says, update
from tests.properties.rasa_moods import AWAY, FAILING
from tests.properties.stepping import settle
from tests.properties.world import Machine, World, play

WHO = st.integers(0, 2)
WORKERS = 2
FELL = "kali proses berhenti"
"""Why an event is parked that no process survived."""
LEASE = BotSettings.model_fields["lane_lease"].default
EXPIRE = """
    UPDATE lanes SET held_until = c.opened_at, due_at = c.opened_at + right(c.external_id, 1)::int * interval '1 second'
    FROM conversations c WHERE c.id = conversation_id AND held_until IS NOT NULL
"""
"""Long ago, and in an order that is the same whenever the sequence is played again."""
LATER = """
    UPDATE lanes SET due_at = c.opened_at + right(c.external_id, 1)::int * interval '1 second'
    FROM conversations c WHERE c.id = conversation_id AND due_at IS NOT NULL AND held_by IS NULL
"""


@dataclass(frozen=True)
class InHand:
    """What a worker has claimed and not yet answered."""

    worker: int
    job: Job


class TurnsMachine(Machine):
    """Three people write to two workers of one bot."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.mood: list[Any] = []
        """How Rasa answers next; well, when the list is empty."""
        self.hands: list[InHand] = []
        self.events: dict[str, int] = {}
        self.workers = [self.process() for _ in range(WORKERS)]
        self.sent = [corridor.telegram for corridor in self.workers]

    def process(self) -> Corridor:
        async def begin() -> Corridor:
            rasa = ScriptedRasa(self.rasa)
            return Corridor(self.world.database, self.world.clock, self.world.data_key, rasa=rasa)

        return self.world.run(begin())

    def rasa(self, asked: dict[str, Any]) -> Any:
        if "racun" in asked["text"]:
            return 500
        if self.mood:
            return self.mood.pop(0)
        if "lapor" in asked["text"]:
            return says("Laporan {ticket}: " + asked["text"], proposals=[A_TICKET])
        return says(f"dengar: {asked['text']}")

    @initialize()
    def nobody_has_written(self) -> None:
        assert self.hands == []

    @rule(who=WHO, said=st.sampled_from(["pesan", "pesan", "lapor", "racun"]))
    def somebody_writes(self, who: int, said: str) -> None:
        number = self.number()
        body = update(number, f"{said} {_in_letters(number)}", chat=self.person(who))
        self.world.run(self._store(body))
        self.events[f"update:{900_000 + number}"] = who

    async def _store(self, body: bytes) -> None:
        await self.workers[0].inbox._commit([telegram_arrival(body)])

    @rule(worker=st.integers(0, WORKERS - 1), room=st.integers(1, 3))
    def a_worker_claims(self, worker: int, room: int) -> None:
        jobs, _ = self.world.run(claim(self.world.database.at_once, f"uji:{worker}", LEASE, room))
        self.hands += [InHand(worker, job) for job in jobs]

    @precondition(lambda self: self.hands)
    @rule(data=st.data())
    def it_answers(self, data: st.DataObject) -> None:
        self.answer(self.hands.pop(data.draw(st.integers(0, len(self.hands) - 1))))

    @precondition(lambda self: self.hands)
    @rule(data=st.data(), mood=st.sampled_from([*AWAY, *FAILING]))
    def it_asks_a_rasa_that_fails(self, data: st.DataObject, mood: str) -> None:
        self.mood = [(AWAY | FAILING)[mood]]
        self.answer(self.hands.pop(data.draw(st.integers(0, len(self.hands) - 1))))
        self.mood = []

    @precondition(lambda self: self.hands)
    @rule(data=st.data(), weather=st.sampled_from(["before", "after"]))
    def the_database_fails_as_it_writes(self, data: st.DataObject, weather: str) -> None:
        self.world.database.weather[:] = [weather]
        self.answer(self.hands.pop(data.draw(st.integers(0, len(self.hands) - 1))))
        self.world.database.weather.clear()

    @precondition(lambda self: self.hands)
    @rule(data=st.data())
    def a_worker_dies(self, data: st.DataObject) -> None:
        """What it held is due again when the lease ends."""
        dead = data.draw(st.sampled_from(sorted({held.worker for held in self.hands})))
        self.hands = [held for held in self.hands if held.worker != dead]
        self.workers[dead] = self.process()
        self.sent.append(self.workers[dead].telegram)

    @rule()
    def leases_end(self) -> None:
        """A worker may go on as if nothing had happened: the fence must stop it."""
        self.world.rows(EXPIRE)

    @rule()
    def pauses_end(self) -> None:
        self.world.rows(LATER)

    def answer(self, held: InHand) -> None:
        corridor = self.workers[held.worker]

        async def handle() -> None:
            # what could not be written is due again when the lease ends
            with suppress(Fenced, SQLAlchemyError):
                await corridor.worker._answer(held.job)
            await settle(corridor.outbox)

        self.world.run(handle())

    @invariant()
    def nothing_happens_twice(self) -> None:
        mine = "JOIN inbox i ON i.id = t.inbox_id WHERE i.external_id = ANY(:keys)"
        turns = self.world.count(f"turns t {mine}", keys=list(self.events))
        done = self.world.count(
            "inbox WHERE external_id = ANY(:keys) AND status IN ('done', 'parked')", keys=list(self.events)
        )
        replies = self.world.rows(
            f"SELECT t.id, count(m.id) AS n FROM turns t LEFT JOIN messages m ON m.turn_id = t.id "  # noqa: S608
            f"AND m.direction = 'out' {mine} GROUP BY t.id",
            keys=list(self.events),
        )
        assert turns == done
        assert all(row["n"] <= 1 for row in replies)
        sent = [message.outbox_id for sender in self.sent for message in sender.sent]
        assert len(set(sent)) == len(sent)

    @invariant()
    def each_person_is_answered_in_order(self) -> None:
        for who in range(3):
            rows = self.world.rows(
                "SELECT i.order_key FROM messages m JOIN inbox i ON i.id = m.inbox_id "
                "JOIN conversations c ON c.id = m.conversation_id WHERE c.external_id = :chat ORDER BY m.position",
                chat=str(self.person(who)),
            )
            keys = [row["order_key"] for row in rows]
            assert keys == sorted(keys)

    @invariant()
    def a_person_has_one_open_case(self) -> None:
        rows = self.world.rows(
            "SELECT count(*) AS n FROM tickets t JOIN conversations c ON c.id = t.conversation_id "
            "WHERE c.external_id = ANY(:chats) GROUP BY c.id",
            chats=[str(self.person(who)) for who in range(3)],
        )
        assert all(row["n"] == 1 for row in rows)

    @invariant()
    def whatever_waits_will_be_looked_at(self) -> None:
        assert (
            self.world.count(
                "inbox i LEFT JOIN lanes l USING (conversation_id) WHERE i.status = 'pending' AND l.due_at IS NULL"
            )
            == 0
        )

    @invariant()
    def whatever_is_parked_was_tried_and_has_a_ticket(self) -> None:
        rows = self.world.rows(
            "SELECT i.attempts, i.error, t.id AS ticket FROM inbox i LEFT JOIN tickets t USING (conversation_id) "
            "WHERE i.status = 'parked' AND i.external_id = ANY(:keys)",
            keys=list(self.events),
        )
        for row in rows:
            assert row["ticket"]
            assert row["attempts"] == TRIES - 1 or FELL in row["error"]

    def teardown(self) -> None:
        """Everybody dies, starts again, and works in fine weather: then nothing is left without a conclusion."""
        self.world.database.weather.clear()
        self.hands = []
        for _ in range(40 + 4 * len(self.events)):
            self.world.rows(EXPIRE)
            self.world.rows(LATER)
            self.a_worker_claims(0, 3)
            if not self.hands:
                break
            while self.hands:
                self.answer(self.hands.pop())
        waiting = self.world.count(
            "inbox WHERE external_id = ANY(:keys) AND status = 'pending'", keys=list(self.events)
        )
        unanswered = self.world.count(
            "inbox i WHERE i.external_id = ANY(:keys) AND NOT EXISTS (SELECT 1 FROM turns t JOIN messages m "
            "ON m.turn_id = t.id AND m.direction = 'out' WHERE t.inbox_id = i.id)",
            keys=list(self.events),
        )
        assert (waiting, unanswered) == (0, 0)
        self.nothing_happens_twice()
        self.each_person_is_answered_in_order()
        super().teardown()


def _in_letters(number: int) -> str:
    """A number the mask leaves alone."""
    return "".join(chr(ord("a") + int(digit)) for digit in str(number))


def test_each_message_concludes_once_and_in_order_whatever_workers_and_rasa_do(world: World) -> None:
    play(TurnsMachine, world, examples=8, steps=20)
