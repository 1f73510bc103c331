"""Claim, release, reply, note, resolve: who may win, what is written, what is refused and then not written."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import DBAPIError

from desk.acts.claim import claim
from desk.acts.note import note
from desk.acts.release import release
from desk.acts.reply import reply
from desk.acts.resolve import resolve
from desk.acts.saying import LONGEST
from desk.refusals import AlreadyResolved, CannotReach, NeedsPermit, NotHeldByYou, NotWellSaid, Refusal, TakenByOther
from records.bell import Bell
from records.clock import Clock
from records.database import Database
from records.models import AuditEntry, Conversation, HandOver, Message, Outbound, Ticket
from tests.desk.making import Scene, bot_says

ROUNDS = 50


class Desk:
    """The acts with this scene's records, each in its own transaction."""

    def __init__(self, database: Database, bell: Bell, scene: Scene, clock: Clock) -> None:
        self.database, self.bell, self.scene, self.now = database, bell, scene, clock()

    async def claim(self, who: str, case: str) -> None:
        async with self.database.write() as session:
            await claim(session, self.bell, ticket_id=self._id(case), staff=self.scene.staff[who], at=self.now)

    async def release(self, who: str, case: str) -> None:
        async with self.database.write() as session:
            await release(session, self.bell, ticket_id=self._id(case), staff=self.scene.staff[who], at=self.now)

    async def say(
        self, act: object, who: str, case: str, text: str, key: object = None, later: timedelta = timedelta()
    ) -> str | bool:
        async with self.database.write() as session:
            done: str | bool = await act(  # type: ignore[operator]
                session,
                self.bell,
                ticket_id=self._id(case),
                key=key or uuid4(),
                text=text,
                staff=self.scene.staff[who],
                at=self.now + later,
            )
            return done

    async def resolve(self, who: str, case: str, text: str, later: timedelta = timedelta()) -> str:
        async with self.database.write() as session:
            return await resolve(
                session,
                self.bell,
                ticket_id=self._id(case),
                resolution=text,
                staff=self.scene.staff[who],
                at=self.now + later,
            )

    async def case(self, name: str) -> tuple[Ticket, Conversation]:
        async with self.database.read() as session:
            ticket = await session.get_one(Ticket, self._id(name))
            return ticket, await session.get_one(Conversation, ticket.conversation_id)

    async def outbox(self, name: str, author: str = "agent") -> list[Outbound]:
        async with self.database.read() as session:
            mine = Outbound.conversation_id == self.scene.conversations[name].id
            found = select(Outbound).where(mine, Outbound.author == author).order_by(Outbound.position)
            return list(await session.scalars(found))

    async def acts(self, name: str) -> list[str]:
        async with self.database.read() as session:
            mine = AuditEntry.object == f"ticket:{self.scene.tickets[name].number}"
            return list(await session.scalars(select(AuditEntry.action).where(mine).order_by(AuditEntry.id)))

    def _id(self, case: str):  # type: ignore[no-untyped-def]
        return self.scene.tickets[case].id


@pytest.fixture
def desk(database: Database, bell: Bell, scene: Scene, clock: Clock) -> Desk:
    return Desk(database, bell, scene, clock)


async def test_of_two_agents_claiming_at_once_exactly_one_wins_and_the_other_is_told_who(desk: Desk) -> None:
    for number in range(ROUNDS):
        ends = await asyncio.gather(desk.claim("sari", "siti"), desk.claim("joko", "siti"), return_exceptions=True)
        lost = [end for end in ends if end is not None]
        assert len(lost) == 1, (number, ends)
        winner = "joko" if ends[0] is lost[0] else "sari"
        assert isinstance(lost[0], TakenByOther)
        assert lost[0].name == desk.scene.staff[winner].name
        ticket, conversation = await desk.case("siti")
        assert ticket.staff_id == conversation.staff_id == desk.scene.staff[winner].id
        assert (ticket.status, conversation.owner, conversation.owner_version) == ("claimed", "human", 2 * number + 1)
        await desk.release(winner, "siti")
    async with desk.database.read() as session:
        mine = HandOver.conversation_id == desk.scene.conversations["siti"].id
        assert await session.scalar(select(func.count(HandOver.id)).where(mine)) == 2 * ROUNDS


async def test_claiming_ones_own_case_again_changes_nothing(desk: Desk) -> None:
    await desk.claim("sari", "siti")
    before = await desk.case("siti")
    await desk.claim("sari", "siti")
    after = await desk.case("siti")
    assert (before[0].version, before[1].owner_version) == (after[0].version, after[1].owner_version)


async def test_after_a_claim_the_bots_late_words_are_refused(desk: Desk) -> None:
    await desk.claim("sari", "siti")

    async def late_words() -> None:
        async with desk.database.write() as session:
            await bot_says(session, desk.scene.conversations["siti"], "telat", desk.now, status="due")

    with pytest.raises(DBAPIError, match="fenced"):
        await late_words()
    async with desk.database.read() as session:
        assert await session.scalar(select(Message.id).where(Message.text == "telat")) is None


async def test_a_claim_while_the_bot_joins_the_case_waits_and_neither_fails(desk: Desk) -> None:
    async def the_bot_joins() -> None:
        async with desk.database.write() as session:
            await session.get_one(Ticket, desk.scene.tickets["siti"].id, with_for_update=True)
            await asyncio.sleep(0.02)
            await session.execute(update(Conversation).values(last_inbound_at=desk.now))

    for _ in range(10):
        await asyncio.gather(the_bot_joins(), desk.claim("sari", "siti"))
        await asyncio.gather(desk.release("sari", "siti"), the_bot_joins())


async def test_a_release_puts_the_case_back_and_the_bot_stays_silent(desk: Desk) -> None:
    await desk.claim("sari", "siti")
    await desk.release("sari", "siti")
    ticket, conversation = await desk.case("siti")
    assert (ticket.status, ticket.staff_id) == ("open", None)
    assert (conversation.owner, conversation.staff_id, conversation.owner_version) == ("human", None, 2)
    assert await desk.acts("siti") == ["claim", "release"]


async def test_only_the_holder_or_who_leads_the_team_releases(desk: Desk) -> None:
    await desk.claim("sari", "siti")
    with pytest.raises(NotHeldByYou):
        await desk.release("joko", "siti")
    with pytest.raises(NeedsPermit):
        await desk.release("ani", "siti")
    await desk.release("lela", "siti")


async def test_a_reply_goes_to_the_outbox_under_the_owners_number(desk: Desk) -> None:
    await desk.claim("sari", "siti")
    assert await desk.say(reply, "sari", "siti", "  Kami cek dulu ya, Kak.\r\nSebentar.  ")
    (row,) = await desk.outbox("siti")
    assert row.payload == {"text": "Kami cek dulu ya, Kak.\nSebentar.", "buttons": []}
    assert (row.author, row.owner_version, row.status, row.channel) == ("agent", 1, "due", "telegram")
    ticket, _ = await desk.case("siti")
    assert ticket.first_reply_at == desk.now
    assert await desk.acts("siti") == ["claim", "reply"]


async def test_one_form_pressed_twice_at_once_sends_once(desk: Desk) -> None:
    await desk.claim("sari", "siti")
    key = uuid4()
    sent = await asyncio.gather(*(desk.say(reply, "sari", "siti", "Halo Kak", key) for _ in range(8)))
    assert sorted(sent) == [""] * 7 + ["terkirim"]
    assert len(await desk.outbox("siti")) == 1


async def test_nobody_replies_to_a_case_they_do_not_hold(desk: Desk) -> None:
    with pytest.raises(NotHeldByYou):
        await desk.say(reply, "joko", "siti", "Halo")
    await desk.claim("sari", "siti")
    for who in ("joko", "ani"):
        with pytest.raises(NotHeldByYou):
            await desk.say(reply, who, "siti", "Halo")
    assert await desk.outbox("siti") == []


async def test_words_that_cannot_be_sent_are_refused(desk: Desk) -> None:
    await desk.claim("sari", "siti")
    for text in ("", "  \n ", "\0", "x" * (LONGEST + 1)):
        with pytest.raises(NotWellSaid):
            await desk.say(reply, "sari", "siti", text)
    assert await desk.outbox("siti") == []


async def test_words_wait_from_the_moment_the_whatsapp_window_closes(desk: Desk) -> None:
    await desk.claim("sari", "budi")
    assert await desk.say(reply, "sari", "budi", "masih bisa", later=timedelta(hours=2, microseconds=-1))
    assert await desk.say(reply, "sari", "budi", "sudah lewat", later=timedelta(hours=2))
    rows = await desk.outbox("budi")
    assert [(row.payload["text"], row.status) for row in rows] == [("masih bisa", "due"), ("sudah lewat", "waiting")]


async def test_somebody_who_blocked_us_is_not_written_to(desk: Desk) -> None:
    await desk.claim("sari", "siti")
    async with desk.database.write() as session:
        (await session.get_one(Conversation, desk.scene.conversations["siti"].id)).unreachable = "memblokir bot"
    with pytest.raises(CannotReach, match="memblokir bot"):
        await desk.say(reply, "sari", "siti", "Halo")


async def test_a_note_stays_among_staff(desk: Desk) -> None:
    key = uuid4()
    assert await desk.say(note, "joko", "siti", "Sudah telepon platform.", key)
    assert not await desk.say(note, "joko", "siti", "Sudah telepon platform.", key)
    assert await desk.outbox("siti") == []
    async with desk.database.read() as session:
        kept = await session.get_one(Message, key)
        assert (kept.direction, kept.author, kept.staff_id) == ("note", "agent", desk.scene.staff["joko"].id)


async def test_resolving_tells_the_participant_and_gives_the_conversation_back_to_the_bot(desk: Desk) -> None:
    await desk.claim("sari", "siti")
    async with desk.database.write() as session:
        open_form = await session.get_one(Conversation, desk.scene.conversations["siti"].id)
        open_form.dialogue_state = {"active_form": "complaint_form"}
    assert await desk.resolve("sari", "siti", "Paketnya sudah muncul lagi di Sisnaker.") == "selesai"
    ticket, conversation = await desk.case("siti")
    assert (ticket.status, ticket.resolution, ticket.resolved_at) == (
        "resolved",
        "Paketnya sudah muncul lagi di Sisnaker.",
        desk.now,
    )
    assert (conversation.owner, conversation.staff_id, conversation.owner_version) == ("bot", None, 2)
    assert conversation.dialogue_state == {}
    (row,) = await desk.outbox("siti")
    assert ticket.number in row.payload["text"]
    assert "Paketnya sudah muncul lagi" in row.payload["text"]
    async with desk.database.read() as session:
        last = await session.scalar(select(HandOver).order_by(HandOver.version.desc()).limit(1))
        assert last is not None
        assert (last.from_owner, last.to_owner, last.version, last.ticket_id) == ("human", "bot", 2, ticket.id)
    assert await desk.acts("siti") == ["claim", "resolve"]


async def test_a_closed_window_does_not_keep_a_case_open_and_its_end_is_told_when_the_person_writes(desk: Desk) -> None:
    await desk.claim("sari", "budi")
    assert await desk.resolve("sari", "budi", "Beres.", later=timedelta(days=1)) == "selesai-menunggu"
    assert [row.status for row in await desk.outbox("budi")] == ["waiting"]


async def test_a_case_of_somebody_who_blocked_us_is_closed_and_says_that_nobody_was_told(desk: Desk) -> None:
    await desk.claim("sari", "siti")
    async with desk.database.write() as session:
        (await session.get_one(Conversation, desk.scene.conversations["siti"].id)).unreachable = "memblokir bot"
    assert await desk.resolve("sari", "siti", "Beres.") == "selesai-diam"
    assert await desk.outbox("siti") == []
    async with desk.database.read() as session:
        (said,) = await session.scalars(select(Message.text).where(Message.author == "system"))
        assert "tidak dikirim" in said


async def test_a_resolved_case_takes_no_more_acts(desk: Desk) -> None:
    await desk.claim("sari", "siti")
    await desk.resolve("sari", "siti", "Beres.")
    for act in (desk.claim("joko", "siti"), desk.release("lela", "siti"), desk.say(reply, "sari", "siti", "Halo")):
        with pytest.raises(AlreadyResolved):
            await act
    with pytest.raises(AlreadyResolved):
        await desk.resolve("sari", "siti", "Beres lagi.")
    assert len(await desk.outbox("siti")) == 1


async def test_release_against_resolve_at_once_leaves_one_owner(desk: Desk) -> None:
    for case in ("siti", "budi", "rina"):
        await desk.claim("sari", case)
        ends = await asyncio.gather(
            desk.release("sari", case), desk.resolve("sari", case, "Beres."), return_exceptions=True
        )
        assert sum(isinstance(end, Refusal) for end in ends) == 1, ends
        ticket, conversation = await desk.case(case)
        assert (ticket.status, conversation.owner) in {("open", "human"), ("resolved", "bot")}
