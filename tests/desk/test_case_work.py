"""Tags, priority, snooze, incidents, transfer, back to the bot, reopening, taking over: what changes, who is told."""

import asyncio
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select, text

from desk.acts.claim import claim
from desk.acts.incident_link import link
from desk.acts.priority import AS_PROMISED, SOONER, set_priority
from desk.acts.release import release
from desk.acts.reopen import GoesOnElsewhere, NotResolved, reopen
from desk.acts.resolve import resolve
from desk.acts.snooze import asleep_too_long, choices, snooze, until_when, wake
from desk.acts.tags import rename, tag, with_counts
from desk.acts.take_over import take_over
from desk.acts.to_the_bot import BotAnswersAlready, to_the_bot
from desk.acts.transfer import ReceiverAway, transfer
from desk.incidents.incident import locked
from desk.refusals import ChangedMeanwhile, HeldByOther, LeadOnly, NeedsPermit, NotWellSaid, Refusal
from desk.sessions import hashed, open_session
from records.bell import Bell
from records.clock import WIB, Clock
from records.database import Database
from records.models import Incident, IncidentEvent, LookPermit, StaffNotice, Team, Ticket
from tests.desk.casework import Work
from tests.desk.conftest import Browse
from tests.desk.making import Scene

LATER = timedelta(hours=2)
WAITING = text(
    "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')"
)


@pytest.fixture
def work(database: Database, bell: Bell, scene: Scene, clock: Clock) -> Work:
    return Work(database, bell, scene, clock)


# --- tags


async def test_tags_are_kept_tidy_offered_again_and_written_down(work: Work) -> None:
    await work.do(tag, "sari", "siti", add=["#Bug ", "Dana  Masuk"])
    await work.do(tag, "joko", "siti", remove=["bug"], add=["bug otp"])
    assert (await work.ticket("siti")).tags == ["dana masuk", "bug otp"]
    assert (await work.acts("siti"))[-2:] == ["tag", "tag"]
    async with work.database.read() as session:
        assert await with_counts(session) == [("bug", 0), ("bug otp", 1), ("dana masuk", 1)]


async def test_a_tag_never_holds_somebodys_number(work: Work) -> None:
    for bad in ("081234567890", "", "x" * 31, "siti@contoh.id"):
        with pytest.raises(NotWellSaid):
            await work.do(tag, "sari", "siti", add=[bad])


async def test_a_lead_puts_two_spellings_together_on_every_case(work: Work) -> None:
    await work.do(tag, "sari", "siti", add=["salah saldo", "saldo salah"])
    await work.do(tag, "sari", "budi", add=["saldo salah"])
    async with work.database.write() as session:
        with pytest.raises(LeadOnly):
            await rename(session, work.bell, old="saldo salah", new="x", staff=work.scene.staff["sari"], at=work.now)
    async with work.database.write() as session:
        lela = work.scene.staff["lela"]
        count = await rename(session, work.bell, old="saldo salah", new="Salah saldo", staff=lela, at=work.now)
    assert count == 2
    assert (await work.ticket("siti")).tags == ["salah saldo"]
    async with work.database.read() as session:
        assert await with_counts(session) == [("salah saldo", 2)]


# --- priority


async def test_more_pressing_brings_the_promise_forward_and_less_leaves_it(work: Work) -> None:
    before = (await work.ticket("yanto")).promised_at
    await work.do(tag, "sari", "yanto", add=["lama"])
    async with work.database.write() as session:
        ticket = await session.get_one(Ticket, work.id("yanto"))
        ticket.first_reply_at, ticket.promised_at = None, before + timedelta(days=9)
    assert await work.do(set_priority, "sari", "yanto", priority="urgent") == SOONER
    urgent = await work.ticket("yanto")
    assert urgent.promised_at < before + timedelta(days=9)
    assert await work.do(set_priority, "sari", "yanto", priority="normal") == AS_PROMISED
    normal = await work.ticket("yanto")
    assert (normal.priority, normal.promised_at) == ("normal", urgent.promised_at)
    assert (await work.acts("yanto"))[-2:] == ["priority", "priority"]


# --- snooze


def test_moments_are_offered_as_people_say_them() -> None:
    sunday = datetime(2020, 8, 23, 22, 50, tzinfo=WIB)
    said = {one.key: one.until for one in choices(sunday)}
    assert set(said) == {"1-jam", "3-jam", "besok", "senin"}, "the afternoon is over"
    assert said["besok"] == datetime(2020, 8, 24, 8, tzinfo=WIB)
    monday = datetime(2020, 8, 24, 10, tzinfo=WIB)
    said = {one.key: one.until for one in choices(monday)}
    assert said["senin"] == datetime(2020, 8, 31, 8, tzinfo=WIB), "on a Monday, the next one"
    assert until_when("2020-08-24T13:30", monday) == datetime(2020, 8, 24, 13, 30, tzinfo=WIB)
    for bad in ("2020-08-24T09:00", "2021-08-24T09:00", "kapan-kapan", ""):
        with pytest.raises(NotWellSaid):
            until_when(bad, monday)


async def test_a_snoozed_case_wakes_at_its_time_for_its_holder_with_its_old_promise(work: Work) -> None:
    promised = (await work.ticket("yanto")).promised_at
    until = work.now + timedelta(hours=1)
    await work.do(snooze, "sari", "yanto", until=until)
    async with work.database.read() as session:
        assert await asleep_too_long(session, work.now, 10) == []
        assert await asleep_too_long(session, until, 10) == [work.id("yanto")]
    async with work.database.write() as session:
        assert not await wake(session, work.bell, ticket_id=work.id("yanto"), at=work.now), "not its time yet"
        assert await wake(session, work.bell, ticket_id=work.id("yanto"), at=until)
    ticket = await work.ticket("yanto")
    assert (ticket.snoozed_until, ticket.promised_at, ticket.status) == (None, promised, "claimed")
    assert await work.told("sari") == [("woken", "")]


async def test_nobody_puts_off_what_a_colleague_holds_but_a_lead(work: Work) -> None:
    with pytest.raises(HeldByOther, match="Sari"):
        await work.do(snooze, "joko", "yanto", until=work.now + LATER)
    await work.do(snooze, "lela", "yanto", until=work.now + LATER)
    assert (await work.ticket("yanto")).snoozed_until == work.now + LATER


# --- incidents


async def test_a_case_is_linked_to_an_incident_and_unlinked(work: Work) -> None:
    async with work.database.write() as session:
        what: dict[str, Any] = {"title": "OTP terlambat", "components": ["otp"], "status": "confirmed", "source": "uji"}
        session.add(Incident(id="INC-9", started_at=work.now, as_of=work.now, public_message="Sabar ya.", **what))
    assert await work.do(link, "joko", "siti", incident_id="INC-9")
    assert not await work.do(link, "joko", "siti", incident_id="INC-9"), "it is so already"
    assert (await work.ticket("siti")).incident_id == "INC-9"
    with pytest.raises(NotWellSaid):
        await work.do(link, "joko", "siti", incident_id="INC-404")
    assert await work.do(link, "joko", "siti", incident_id=None)
    assert (await work.acts("siti"))[-2:] == ["incident_linked", "incident_unlinked"]
    number, chat = (await work.ticket("siti")).number, {"conversation": str((await work.chat("siti")).id)}
    async with work.database.read() as session:
        timeline = list(await session.scalars(select(IncidentEvent).order_by(IncidentEvent.id)))
    assert [(it.incident_id, it.by_id, it.kind, it.said, it.detail) for it in timeline] == [
        ("INC-9", work.staff("joko"), "person_in", f"Tiket {number} dikaitkan.", chat),
        ("INC-9", work.staff("joko"), "person_out", f"Tiket {number} dilepas.", chat),
    ]


async def test_linking_waits_for_whoever_holds_the_incident_before_it_takes_the_case(work: Work) -> None:
    """Whoever moves people has the incident and wants the case next: they must not wait for each other."""
    async with work.database.write() as session:
        what: dict[str, Any] = {"title": "OTP terlambat", "components": ["otp"], "status": "confirmed", "source": "uji"}
        session.add(Incident(id="INC-9", started_at=work.now, as_of=work.now, public_message="Sabar ya.", **what))
    async with work.database.write() as holding:
        await locked(holding, "INC-9")
        linking = asyncio.create_task(work.do(link, "joko", "siti", incident_id="INC-9"))
        async with asyncio.timeout(10):
            while not await waits_for_a_lock(work.database):  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        free = select(Ticket.id).where(Ticket.id == work.id("siti")).with_for_update(nowait=True)
        assert await holding.scalar(free) == work.id("siti")
        assert not linking.done()
    assert await linking


async def waits_for_a_lock(database: Database) -> bool:
    """Whether somebody waits; read anew each time, since one transaction sees one picture of who does what."""
    async with database.read() as session:
        return bool(await session.scalar(WAITING))


# --- transfer


async def test_a_transfer_tells_the_receiver_why_and_raises_the_fence(work: Work) -> None:
    fence = (await work.chat("yanto")).owner_version
    name = await work.do(
        transfer, "sari", "yanto", to=work.staff("joko"), reason="Joko tahu OTP", seen_holder=work.staff("sari")
    )
    ticket, chat = await work.ticket("yanto"), await work.chat("yanto")
    assert (name, ticket.staff_id, chat.staff_id) == ("Joko Prasetyo", work.staff("joko"), work.staff("joko"))
    assert chat.owner_version == fence + 1
    assert await work.told("joko") == [("transfer", "Joko tahu OTP")]
    assert (await work.says("yanto", "note"))[-1] == "Dioper ke Joko Prasetyo: Joko tahu OTP"
    assert (await work.reasons("yanto"))[-1] == "dioper: Joko tahu OTP"


async def test_whoever_is_away_gets_no_case_unawares(work: Work) -> None:
    await work.away("joko", work.now - LATER)
    what: dict[str, Any] = {"to": work.staff("joko"), "reason": "tolong", "seen_holder": work.staff("sari")}
    with pytest.raises(ReceiverAway, match="Joko"):
        await work.do(transfer, "sari", "yanto", **what)
    assert (await work.ticket("yanto")).staff_id == work.staff("sari")
    await work.do(transfer, "sari", "yanto", **what, although_away=True)
    assert (await work.ticket("yanto")).staff_id == work.staff("joko")


async def test_two_who_transfer_at_once_do_not_overrule_each_other(work: Work) -> None:
    mine: dict[str, Any] = {"reason": "begini", "seen_holder": work.staff("sari")}
    tries = (
        work.do(transfer, "sari", "yanto", to=work.staff("joko"), **mine),
        work.do(transfer, "lela", "yanto", to=work.staff("lela"), **mine),
    )
    done = await asyncio.gather(*tries, return_exceptions=True)
    refused = [one for one in done if isinstance(one, Refusal)]
    assert len(refused) == 1
    assert isinstance(refused[0], ChangedMeanwhile | HeldByOther)
    assert (await work.acts("yanto")).count("transfer") == 1


async def test_a_case_goes_to_a_team_and_waits_there_for_its_people(work: Work) -> None:
    payments = await work.team("Pembayaran", "joko")
    await work.do(transfer, "sari", "yanto", to=payments, reason="soal bayar", seen_holder=work.staff("sari"))
    ticket = await work.ticket("yanto")
    assert (ticket.status, ticket.staff_id, ticket.team_id) == ("open", None, payments)
    assert await work.told("joko") == [("transfer", "soal bayar")]
    with pytest.raises(NeedsPermit):
        await work.do(claim, "sari", "yanto")
    await work.do(claim, "joko", "yanto")


async def test_a_case_follows_a_receiver_of_another_team(work: Work) -> None:
    payments = await work.team("Pembayaran", "joko")
    what: dict[str, Any] = {"to": work.staff("joko"), "reason": "soal bayar", "seen_holder": work.staff("sari")}
    await work.do(transfer, "sari", "yanto", **what)
    assert (await work.ticket("yanto")).team_id == payments


# --- back to the bot


async def test_back_to_the_bot_tells_the_participant_and_closes(work: Work) -> None:
    fence = (await work.chat("yanto")).owner_version
    await work.do(to_the_bot, "sari", "yanto", key=uuid4(), reason="tinggal tanya umum", close=True)
    ticket, chat = await work.ticket("yanto"), await work.chat("yanto")
    assert (ticket.status, chat.owner, chat.staff_id, chat.owner_version) == ("resolved", "bot", None, fence + 1)
    assert "bot menjawab lagi" in (await work.sent("yanto"))[-1]
    assert "tinggal tanya umum" not in " ".join(await work.sent("yanto")), "the reason stays among staff"
    assert (await work.says("yanto", "note"))[-1] == "Kembali ke bot: tinggal tanya umum"


async def test_back_to_the_bot_may_leave_the_case_in_the_queue(work: Work) -> None:
    await work.do(to_the_bot, "sari", "yanto", key=uuid4(), reason="menunggu mitra", close=False)
    ticket = await work.ticket("yanto")
    assert (ticket.status, ticket.staff_id, (await work.chat("yanto")).owner) == ("open", None, "bot")
    with pytest.raises(BotAnswersAlready):
        await work.do(to_the_bot, "sari", "yanto", key=uuid4(), reason="lagi", close=False)
    await work.do(claim, "joko", "yanto")
    assert (await work.chat("yanto")).owner == "human"


# --- reopening


async def test_an_agent_reopens_with_a_new_promise_and_closes_again_with_new_words(work: Work) -> None:
    await work.do(resolve, "sari", "yanto", resolution="Sudah beres.")
    old = (await work.ticket("yanto")).promised_at
    await work.do(reopen, "joko", "yanto", reason="masih gagal", later=timedelta(days=1))
    ticket, chat = await work.ticket("yanto"), await work.chat("yanto")
    assert (ticket.status, ticket.staff_id, ticket.reopened) == ("claimed", work.staff("joko"), 1)
    assert (chat.owner, chat.staff_id) == ("human", work.staff("joko"))
    assert ticket.promised_at > old
    assert (ticket.resolved_at, ticket.first_reply_at, ticket.warned_at) == (None, None, None)
    await work.do(resolve, "joko", "yanto", resolution="Kini benar-benar beres.")
    closing = [text for text in await work.sent("yanto") if "sudah selesai" in text]
    assert ["benar-benar" in text for text in closing] == [False, True]


async def test_the_participants_reopening_goes_to_the_queue_and_waits_since_they_wrote(work: Work) -> None:
    await work.do(resolve, "sari", "yanto", resolution="Sudah beres.")
    wrote = work.now + timedelta(hours=3)
    async with work.database.write() as session:
        what: dict[str, Any] = {"ticket_id": work.id("yanto"), "reason": "masih gagal", "staff": None, "said_at": wrote}
        await reopen(session, work.bell, **what, at=wrote)
    ticket, chat = await work.ticket("yanto"), await work.chat("yanto")
    assert (ticket.status, ticket.staff_id, ticket.waiting_since, chat.owner) == ("open", None, wrote, "human")


async def test_nothing_is_reopened_that_goes_on_or_goes_on_elsewhere(work: Work) -> None:
    with pytest.raises(NotResolved):
        await work.do(reopen, "sari", "yanto", reason="x")
    await work.do(resolve, "sari", "yanto", resolution="Sudah beres.")
    async with work.database.write() as session:
        old = await session.get_one(Ticket, work.id("yanto"))
        same: dict[str, Any] = {
            name: getattr(old, name) for name in ("conversation_id", "intent", "summary", "reason", "queue")
        }
        later = work.now + LATER
        session.add(Ticket(**same, opened_by_turn=uuid4(), opened_at=later, promised_at=later))
    with pytest.raises(GoesOnElsewhere):
        await work.do(reopen, "sari", "yanto", reason="x")


# --- taking over


async def permit(work: Work, who: str, case: str) -> None:
    async with work.database.write() as session:
        token = await open_session(session, work.scene.staff[who], now=work.now, life=LATER)
        await session.flush()
        what = {"conversation_id": work.scene.conversations[case].id, "reason": "dicek dulu", "at": work.now}
        session.add(LookPermit(staff_id=work.staff(who), session_hash=hashed(token), until=work.now + LATER, **what))


async def test_taking_over_needs_a_permit_and_opens_a_case_that_silences_the_bot(work: Work) -> None:
    tamu, sari = work.scene.conversations["tamu"].id, work.scene.staff["sari"]
    what: dict[str, Any] = {
        "conversation_id": tamu,
        "reason": "jawaban bot kurang tepat",
        "staff": sari,
        "at": work.now,
    }
    with pytest.raises(NeedsPermit):
        async with work.database.write() as session:
            await take_over(session, work.bell, **what)
    await permit(work, "sari", "tamu")
    async with work.database.write() as session:
        case = await take_over(session, work.bell, **what)
    assert case.held_by(sari)
    assert (case.ticket.intent, case.conversation.owner_version) == ("ask_how_to_buy", 1)
    async with work.database.write() as session:
        assert (await take_over(session, work.bell, **what)).ticket.id == case.ticket.id, "it is open: claimed"


async def test_two_take_over_at_once_and_one_case_is_opened(work: Work) -> None:
    for who in ("sari", "joko"):
        await permit(work, who, "tamu")

    async def step_in(who: str) -> None:
        async with work.database.write() as session:
            what: dict[str, Any] = {"conversation_id": work.scene.conversations["tamu"].id, "reason": "perlu orang"}
            await take_over(session, work.bell, **what, staff=work.scene.staff[who], at=work.now)

    done = await asyncio.gather(step_in("sari"), step_in("joko"), return_exceptions=True)
    assert [isinstance(one, Refusal) for one in done].count(True) == 1, done
    async with work.database.read() as session:
        tamu = Ticket.conversation_id == work.scene.conversations["tamu"].id
        assert len(list(await session.scalars(select(Ticket.id).where(tamu)))) == 1


async def test_a_released_case_keeps_tags_and_incident_and_a_second_wake_tells_nobody(work: Work) -> None:
    await work.do(tag, "sari", "yanto", add=["otp"])
    await work.do(release, "sari", "yanto")
    assert (await work.ticket("yanto")).tags == ["otp"]
    assert not await work.do(wake, "sari", "yanto")
    assert await work.count(StaffNotice) == 0
    assert await work.count(Team) == 1


# --- the forms


async def test_the_forms_do_what_they_say_without_javascript(work: Work, browse: Browse) -> None:
    await work.away("joko", work.now - LATER)
    sari, number = await browse(work.scene, "sari"), work.scene.tickets["yanto"].number
    page = (await sari.get(f"/percakapan/{work.scene.conversations['yanto'].id}")).text
    assert "tidak di tempat sejak" in page
    give = {"to": str(work.staff("joko")), "reason": "tolong", "seen_holder": str(work.staff("sari"))}
    refused = await sari.post(f"/tiket/{number}/oper", key=str(uuid4()), **give)
    assert refused.status_code == 409
    assert ">tolong</textarea>" in refused.text, "the words are still there"
    for path, fields in {
        "tag": {"add": "otp, lama"},
        "prioritas": {"priority": "high"},
        "tunda": {"moment": "2020-08-25T13:30"},
        "bangunkan": {},
        "ke-bot": {"key": str(uuid4()), "reason": "tanya umum", "close": "true"},
        "buka-lagi": {"key": str(uuid4()), "reason": "belum beres"},
        "oper": {"key": str(uuid4()), **give, "although_away": "true"},
    }.items():
        done = await sari.post(f"/tiket/{number}/{path}", **fields)
        assert done.status_code == 303, (path, done.text)
    ticket = await work.ticket("yanto")
    assert (ticket.staff_id, ticket.tags, ticket.reopened) == (work.staff("joko"), ["otp", "lama"], 1)
    assert any("kami tutup" in text for text in await work.sent("yanto"))


async def test_the_history_tells_who_did_what_and_why(work: Work, browse: Browse) -> None:
    what: dict[str, Any] = {"to": work.staff("joko"), "reason": "Joko tahu OTP", "seen_holder": work.staff("sari")}
    await work.do(set_priority, "sari", "yanto", priority="urgent")
    await work.do(transfer, "sari", "yanto", **what)
    joko = await browse(work.scene, "joko")
    text = (await joko.get(f"/tiket/{work.scene.tickets['yanto'].number}/riwayat")).text
    assert "Sari Dewanti</bdi> mengoper tiket" in text
    assert ": Joko tahu OTP" in text
    assert "Biasa → Mendesak" in text
    await work.team("Lain", "sari")
    sari = await browse(work.scene, "sari")
    outside = await sari.get(f"/tiket/{work.scene.tickets['yanto'].number}/riwayat")
    assert "Joko tahu OTP" not in outside.text
