"""Work on cases: three agents do everything one can do with a case while people write and the bot answers.

Siti has two chats, Budi one. Whatever is done in whatever order: at most one open case a chat, one holder, fences that
only rise, nobody's words without a case that hears them, no promise silently later, and one audit entry an act.
"""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from bot.lanes import claim as claim_lanes
from bot.settings import BotSettings
from bot.webhooks import telegram_arrival
from desk.acts.claim import claim
from desk.acts.merge import merge, unmerge
from desk.acts.note import note
from desk.acts.priority import PRIORITIES, set_priority
from desk.acts.release import release
from desk.acts.reopen import reopen
from desk.acts.reply import reply
from desk.acts.resolve import resolve
from desk.acts.snooze import asleep_too_long, snooze, wake
from desk.acts.tags import tag
from desk.acts.to_the_bot import to_the_bot
from desk.acts.transfer import transfer
from desk.refusals import Refusal
from records.bell import PostgresBell
from tests.bot.corridor import A_TICKET, Corridor, ScriptedRasa, says, update
from tests.desk.scenes import hire
from tests.properties.stepping import settle
from tests.properties.world import Machine, World, play

HOLDER = "holder"
WHO = st.sampled_from([HOLDER, HOLDER, HOLDER, "sari", "joko", "lela"])
"""Mostly whoever holds the case, so that what is done is mostly allowed."""
CHAT = st.sampled_from([0, 1, 2])
SAID = st.sampled_from(["pesan", "lapor", "petugas", "petugas"])
LEASE = BotSettings.model_fields["lane_lease"].default
ANSWERS: dict[str, list[dict[str, Any]]] = {
    "pesan": [],
    "lapor": [A_TICKET],
    "petugas": [A_TICKET, {"kind": "hand_over", "reason": "diminta"}],
}
ENTRIES = {merge: ("merge", "merged_in")}
"""Acts that concern two cases are written down at both."""
NAMES = {
    **{claim: "claim", release: "release", reply: "reply", note: "note", resolve: "resolve", reopen: "reopen"},
    **{snooze: "snooze", wake: "wake", set_priority: "priority", tag: "tag", transfer: "transfer"},
    **{to_the_bot: "to_bot", unmerge: "unmerge"},
}
CASES = (
    "SELECT t.*, c.owner, c.owner_version, c.staff_id AS holder, c.external_id FROM tickets t "
    "JOIN conversations c ON c.id = t.conversation_id WHERE c.external_id = ANY(:chats) ORDER BY t.opened_at, t.number"
)
CHATS = "SELECT * FROM conversations WHERE external_id = ANY(:chats)"


class CaseMachine(Machine):
    """One open desk."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.staff = world.once("staff", self._hire)
        self.bell = PostgresBell(world.database.url)
        self.chats = [str(self.person(who)) for who in range(3)]
        self.fences: dict[str, int] = {}
        self.promises: dict[UUID, datetime] = {}
        self.written: Counter[str] = Counter()
        self.done: Counter[str] = Counter()
        self.before = self._audited()
        rasa = ScriptedRasa(lambda asked: says("Baik.", proposals=ANSWERS[asked["text"].split()[0]]))
        self.corridor = self.world.run(self._begin(rasa))
        for chat in range(3):
            self.somebody_writes(chat, "petugas" if chat < 2 else "lapor")
        self._bind()
        self.an_agent_merges("sari", (0, 1), False)

    async def _hire(self) -> Any:
        async with self.world.database.write() as session:
            return await hire(session, self.world.now)

    async def _begin(self, rasa: ScriptedRasa) -> Corridor:
        return Corridor(self.world.database, self.world.clock, self.world.data_key, rasa=rasa)

    def _bind(self) -> None:
        """Both of Siti's chats are proven to be hers, Budi's to be his."""
        for chat, participant in zip(self.chats, ("siti", "siti", "budi"), strict=True):
            self.world.rows(
                "UPDATE identities SET participant_id = :whose WHERE external_id = :chat",
                whose=f"{participant}-{self.example}",
                chat=chat,
            )

    # --- what people do

    @rule(chat=CHAT, said=SAID)
    def somebody_writes(self, chat: int, said: str) -> None:
        """And the bot answers, or a person's case hears it."""
        self.written[self.chats[chat]] += 1
        body = update(self.number(), f"{said} lagi", chat=self.person(chat))

        async def answer() -> None:
            await self.corridor.inbox._commit([telegram_arrival(body)])
            for job in (await claim_lanes(self.world.database.at_once, "uji", LEASE, 5))[0]:
                await self.corridor.worker._answer(job)
            await self.corridor.outbox._claim("telegram", 10)
            await settle(self.corridor.outbox)

        self.world.run(answer())

    @rule(hours=st.integers(1, 30))
    def time_goes_by(self, hours: int) -> None:
        """And what was put off long enough comes back."""
        self.world.now += timedelta(hours=hours)

        async def go_round() -> None:
            async with self.world.database.read() as session:
                due = await asleep_too_long(session, self.world.now, 10)
            for ticket_id in due:
                async with self.world.database.write() as session:
                    self.done["wake"] += await wake(session, self.bell, ticket_id=ticket_id, at=self.world.now)

        self.world.run(go_round())

    @rule(who=WHO, chat=CHAT)
    def an_agent_claims(self, who: str, chat: int) -> None:
        held = self._case(chat)
        who = self._named(who, held)
        if self._act(claim, who, chat) and held and held["holder"] == self.staff[who].id:
            self.done["claim"] -= 1  # one's own again: nothing changes

    @rule(who=WHO, chat=CHAT)
    def an_agent_releases(self, who: str, chat: int) -> None:
        self._act(release, who, chat)

    @rule(who=WHO, chat=CHAT)
    def an_agent_answers(self, who: str, chat: int) -> None:
        self._act(reply, who, chat, key=uuid4(), text="Kami cek ya, Kak.")

    @rule(who=WHO, chat=CHAT)
    def an_agent_notes(self, who: str, chat: int) -> None:
        self._act(note, who, chat, key=uuid4(), text="@tim dicek")

    @rule(who=WHO, chat=CHAT, to=st.sampled_from(["sari", "joko", "lela"]))
    def an_agent_transfers(self, who: str, chat: int, to: str) -> None:
        case = self._case(chat)
        seen = case["staff_id"] if case else None
        self._act(transfer, who, chat, to=self.staff[to].id, reason="ganti jaga", seen_holder=seen)

    @rule(who=WHO, chat=CHAT, hours=st.integers(1, 48))
    def an_agent_snoozes(self, who: str, chat: int, hours: int) -> None:
        self._act(snooze, who, chat, until=self.world.now + timedelta(hours=hours))

    @rule(who=WHO, chat=CHAT, priority=st.sampled_from(PRIORITIES))
    def an_agent_sets_the_priority(self, who: str, chat: int, priority: str) -> None:
        case = self._case(chat)
        same = case is not None and case["priority"] == priority
        if self._act(set_priority, who, chat, priority=priority) and same:
            self.done["priority"] -= 1

    @rule(who=WHO, chat=CHAT, name=st.sampled_from(["otp", "bayar"]))
    def an_agent_tags(self, who: str, chat: int, name: str) -> None:
        case = self._case(chat)
        there = case is not None and name in case["tags"]
        if self._act(tag, who, chat, add=[name]) and there:
            self.done["tag"] -= 1

    @rule(who=WHO, pair=st.sampled_from([(0, 1), (1, 0), (0, 1), (1, 0), (0, 2), (2, 1)]), surely=st.booleans())
    def an_agent_merges(self, who: str, pair: tuple[int, int], surely: bool) -> None:
        """What they hold or can take."""
        self.an_agent_claims(who, pair[0])
        if case := self._case(pair[1]):
            merged = self._act(merge, who, pair[0], other_id=case["id"], surely=surely)
            assert not (merged and 2 in pair), "Budi was put together with Siti"

    @rule(who=WHO, chat=CHAT)
    def an_agent_parts_again(self, who: str, chat: int) -> None:
        self._act(unmerge, who, chat)

    @rule(who=WHO, chat=CHAT, close=st.booleans())
    def an_agent_gives_it_back_to_the_bot(self, who: str, chat: int, close: bool) -> None:
        self._act(to_the_bot, who, chat, key=uuid4(), reason="tanya umum", close=close)

    @rule(who=WHO, chat=CHAT)
    def an_agent_resolves(self, who: str, chat: int) -> None:
        self._act(resolve, who, chat, resolution="Sudah beres.")

    @rule(who=WHO | st.none(), chat=CHAT)
    def a_case_is_reopened(self, who: str | None, chat: int) -> None:
        """By an agent, or for the participant."""
        case = self._case(chat)
        if case and self._act(reopen, who, chat, reason="belum beres"):
            self.promises.pop(case["id"], None)

    # --- how

    def _act(self, act: Any, who: str | None, chat: int, **more: Any) -> bool:
        """Do it on the chat's case; False where it is refused or there is none."""
        case = self._case(chat)
        if case is None:
            return False

        async def do() -> None:
            async with self.world.database.write() as session:
                staff = self.staff[self._named(who, case)] if who else None
                await act(session, self.bell, ticket_id=case["id"], staff=staff, at=self.world.now, **more)

        try:
            self.world.run(do())
        except Refusal:
            return False
        self.done.update(ENTRIES.get(act, (NAMES.get(act, ""),)))
        return True

    def _named(self, who: str, case: dict[str, Any] | None) -> str:
        """Whoever holds the case, or Sari while nobody does."""
        if who != HOLDER:
            return who
        holder = case["staff_id"] if case else None
        return next((name for name, staff in self.staff.items() if staff.id == holder), "sari")

    def _cases(self) -> list[dict[str, Any]]:
        return self.world.rows(CASES, chats=self.chats)

    def _case(self, chat: int) -> dict[str, Any] | None:
        """The open case of a chat, else its latest."""
        mine = [case for case in self._cases() if case["external_id"] == self.chats[chat]]
        return max(mine, key=lambda case: (case["status"] != "resolved", case["opened_at"]), default=None)

    def _audited(self) -> Counter[str]:
        rows = self.world.rows("SELECT action, count(*) AS n FROM audit GROUP BY action")
        return Counter({row["action"]: row["n"] for row in rows if row["action"] in self._names()})

    def _names(self) -> set[str]:
        return {*NAMES.values(), "merge", "merged_in"}

    # --- what always holds

    @invariant()
    def a_chat_has_one_open_case_at_most_and_one_holder(self) -> None:
        open_cases = [case for case in self._cases() if case["status"] != "resolved"]
        assert max(Counter(case["conversation_id"] for case in open_cases).values(), default=0) <= 1
        for case in open_cases:
            if case["status"] == "claimed":
                assert (case["owner"], case["holder"]) == ("human", case["staff_id"])
            else:
                assert (case["staff_id"], case["holder"]) == (None, None)

    @invariant()
    def whoever_a_person_holds_is_heard_by_a_case_that_goes_on(self) -> None:
        cases = self._cases()
        going_on = {case["id"]: case for case in cases if case["status"] != "resolved"}
        for chat in self.world.rows(CHATS, chats=self.chats):
            own = [case for case in cases if case["conversation_id"] == chat["id"]]
            hearing = [going_on.get(case["id"]) or going_on.get(case["merged_into_id"]) for case in own]
            if chat["owner"] == "human":
                assert any(hearing), "held by people, but no case hears it"
                assert chat["staff_id"] in {case["staff_id"] for case in hearing if case}

    @invariant()
    def what_was_merged_names_the_case_that_goes_on_in_its_place(self) -> None:
        cases = {case["id"]: case for case in self._cases()}
        for case in cases.values():
            if case["merged_into_id"]:
                assert case["status"] == "resolved"
                assert cases[case["merged_into_id"]]["merged_into_id"] is None
                assert self.chats[2] not in (case["external_id"], cases[case["merged_into_id"]]["external_id"])

    @invariant()
    def fences_only_rise_and_every_change_of_hands_is_numbered(self) -> None:
        for chat in self.world.rows(CHATS, chats=self.chats):
            assert chat["owner_version"] >= self.fences.get(chat["external_id"], 0)
            self.fences[chat["external_id"]] = chat["owner_version"]
            handed = self.world.rows(
                "SELECT version FROM hand_overs WHERE conversation_id = :chat ORDER BY version", chat=chat["id"]
            )
            assert [row["version"] for row in handed] == list(range(1, chat["owner_version"] + 1))

    @invariant()
    def no_promise_is_silently_later(self) -> None:
        for case in self._cases():
            assert case["promised_at"] <= self.promises.get(case["id"], case["promised_at"])
            self.promises[case["id"]] = case["promised_at"]

    @invariant()
    def nothing_anybody_wrote_is_lost(self) -> None:
        said = self.world.rows(
            "SELECT c.external_id, count(*) AS n FROM messages m JOIN conversations c ON c.id = m.conversation_id "
            "WHERE m.direction = 'in' AND c.external_id = ANY(:chats) GROUP BY c.external_id",
            chats=self.chats,
        )
        assert {row["external_id"]: row["n"] for row in said} == dict(self.written)

    @invariant()
    def every_act_is_written_down_once(self) -> None:
        assert self._audited() - self.before == +self.done


def test_whatever_is_done_with_cases_they_have_one_holder_and_nothing_is_lost(world: World) -> None:
    play(CaseMachine, world, examples=6, steps=30)
