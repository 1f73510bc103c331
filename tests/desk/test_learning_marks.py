"""An agent corrects what the bot read, or says that nothing answered; it can be taken back until it is reviewed."""

from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import select

from records.clock import Clock, wib
from records.database import Database
from records.models import AuditEntry, LearningExample, Message, Ticket, Turn
from records.privacy.erasing import erase
from records.privacy.person import subject_of
from tests.desk.conftest import Browse, Browser
from tests.desk.making import Scene, turn
from trends.bars import counted
from trends.rows import complaint_rows
from trends.within import Within


async def first_message(database: Database, scene: Scene, who: str) -> Message:
    async with database.read() as session:
        said = select(Message).where(Message.conversation_id == scene.conversations[who].id, Message.direction == "in")
        return (await session.scalars(said.order_by(Message.position).limit(1))).one()


async def examples(database: Database) -> list[LearningExample]:
    async with database.read() as session:
        return list(await session.scalars(select(LearningExample).order_by(LearningExample.at)))


async def the_ticket(database: Database, scene: Scene, who: str) -> Ticket:
    async with database.read() as session:
        return await session.get_one(Ticket, scene.tickets[who].id)


async def corrects(browser: Browser, scene: Scene, who: str, message: UUID, meant: str, **more: str) -> str:
    address = f"/percakapan/{scene.conversations[who].id}/ralat"
    answer = await browser.post(address, message_id=str(message), meant=meant, ticket="1", **more)
    return answer.text if answer.status_code != 303 else (await browser.get(answer.headers["location"])).text


async def test_a_correction_sets_right_ticket_and_trends_and_keeps_what_the_model_read(
    browse: Browse, scene: Scene, database: Database, clock: Clock
) -> None:
    message, sari = await first_message(database, scene, "siti"), await browse(scene, "sari")
    within = Within(wib(clock()).date(), wib(clock()).date())
    async with database.read() as session:
        before = {bar.key: bar.messages for bar in await counted(session, within, "intent")}
    said = await corrects(sari, scene, "siti", message.id, "class_access", also="purchase_otp")
    assert "Ralat disimpan" in said
    assert "Akses kelas + OTP pembelian" in said
    ticket = await the_ticket(database, scene, "siti")
    assert (ticket.intent, ticket.also) == ("class_access", ["purchase_otp"])
    async with database.read() as session:
        after = {bar.key: bar.messages for bar in await counted(session, within, "intent")}
        read = (await session.scalars(select(Turn).where(Turn.inbox_id == message.inbox_id))).one()
        rows = await complaint_rows(session, Within(within.first, within.last, "class_access"))
        told = (await session.scalars(select(AuditEntry).where(AuditEntry.action == "correct_intent"))).one()
    assert after["package_not_found"] == before["package_not_found"] - 1
    assert after["class_access"] == before.get("class_access", 0) + 1
    assert sum(after.values()) == sum(before.values())
    assert (read.intent, read.corrected_intent) == ("package_not_found", "class_access")
    assert [(row.intent, row.read_as) for row in rows] == [("class_access", "package_not_found")]
    assert (told.actor, told.object) == ("sari", f"ticket:{ticket.number}")
    assert told.detail["ticket_was"] == {"intent": "package_not_found", "also": []}


async def test_taking_it_back_restores_everything(browse: Browse, scene: Scene, database: Database) -> None:
    message, sari = await first_message(database, scene, "yanto"), await browse(scene, "sari")
    was = await the_ticket(database, scene, "yanto")
    await corrects(sari, scene, "yanto", message.id, "purchase_otp", also="login_failed")
    await corrects(sari, scene, "yanto", message.id, "account_blocked")
    (example,) = await examples(database)
    assert (example.meant, example.source, example.status) == ("account_blocked", "agent", "waiting")
    said = await sari.post(f"/percakapan/{scene.conversations['yanto'].id}/ralat/{example.id}/urung")
    assert said.status_code == 303
    now = await the_ticket(database, scene, "yanto")
    assert (now.intent, now.also) == (was.intent, was.also)
    async with database.read() as session:
        assert await session.scalar(select(Turn.corrected_intent).where(Turn.inbox_id == message.inbox_id)) is None
    assert [one.status for one in await examples(database)] == ["withdrawn"]


async def test_a_ticket_corrected_again_through_another_message_stays(
    browse: Browse, scene: Scene, database: Database, clock: Clock
) -> None:
    first, sari = await first_message(database, scene, "siti"), await browse(scene, "sari")
    async with database.write() as session:
        chat = scene.conversations["siti"]
        await turn(session, chat, "otpnya juga", clock(), intent="login_otp", confidence=0.8, platform=None)
        latest = (await session.scalars(select(Message.id).where(Message.text == "otpnya juga"))).one()
    await corrects(sari, scene, "siti", first.id, "class_access")
    await corrects(sari, scene, "siti", latest, "purchase_otp")
    early = next(one for one in await examples(database) if one.message_id == first.id)
    await sari.post(f"/percakapan/{scene.conversations['siti'].id}/ralat/{early.id}/urung")
    assert (await the_ticket(database, scene, "siti")).intent == "purchase_otp"


async def test_a_key_marks_what_nothing_answered_and_a_wish_is_masked(
    browse: Browse, scene: Scene, database: Database
) -> None:
    message, joko = await first_message(database, scene, "budi"), await browse(scene, "joko")
    address = f"/percakapan/{scene.conversations['budi'].id}/tak-terjawab"
    await joko.post(address, message_id=str(message.id))
    wish = "cara ganti kartu; tanya 081234567890"
    await joko.post(address, message_id=str(message.id), wanted=wish)
    (example,) = await examples(database)
    assert (example.kind, example.wanted) == ("question", "cara ganti kartu; tanya [TELEPON]")
    assert (await the_ticket(database, scene, "budi")).intent == "payment_failed"
    page = (await joko.get(f"/percakapan/{scene.conversations['budi'].id}")).text
    assert "Tak terjawab" in page
    assert "menunggu peninjau" in page


async def test_what_the_model_read_already_no_meaning_and_a_strange_message_are_refused(
    browse: Browse, scene: Scene, database: Database
) -> None:
    message, sari = await first_message(database, scene, "rina"), await browse(scene, "sari")
    assert "Model sudah membacanya begitu" in await corrects(sari, scene, "rina", message.id, "paid_no_code")
    assert "Pilih dulu keluhan yang benar" in await corrects(sari, scene, "rina", message.id, "gagal_total")
    assert "tidak ada (lagi)" in await corrects(sari, scene, "rina", uuid4(), "login_otp")
    theirs = await first_message(database, scene, "siti")
    assert "tidak ada (lagi)" in await corrects(sari, scene, "rina", theirs.id, "login_otp")
    assert await examples(database) == []


async def test_the_form_offers_runners_up_first_and_all_53_by_label(browse: Browse, scene: Scene) -> None:
    page = (await (await browse(scene, "sari")).get(f"/percakapan/{scene.conversations['siti'].id}")).text
    form = page[page.index("data-ralat-form") :]
    assert form.count('name="meant"') == 53
    assert form.index('value="system_outage"') < form.index('value="purchase_requirements"') < form.index("Akses kelas")
    assert "Di luar layanan" in form
    assert "nlu_fallback" not in form
    assert 'data-tombol="e"' in form
    assert 'data-tombol="n"' in form


async def test_erasing_a_person_takes_what_was_not_reviewed_and_unties_what_was(
    browse: Browse, scene: Scene, database: Database, clock: Clock
) -> None:
    message, sari = await first_message(database, scene, "siti"), await browse(scene, "sari")
    await corrects(sari, scene, "siti", message.id, "class_access")
    other = await first_message(database, scene, "budi")
    await corrects(sari, scene, "budi", other.id, "purchase_otp")
    async with database.write() as session:
        reviewed = (await session.scalars(select(LearningExample).where(LearningExample.message_id == other.id))).one()
        reviewed.status, reviewed.text, reviewed.right_intent = "accepted", "otp bayarnya ga masuk", "purchase_otp"
    for who in ("siti", "budi"):
        async with database.write() as session:
            await erase(session, await subject_of(session, scene.conversations[who].id), clock() + timedelta(days=1))
    rows = {one.status: one for one in await examples(database)}
    assert set(rows) == {"withdrawn", "accepted"}
    for one in rows.values():
        assert (one.said, one.conversation_id, one.message_id, one.turn_id, one.ticket_id) == ("[dihapus]", *[None] * 4)
    assert rows["withdrawn"].text is None
    assert rows["accepted"].text == "otp bayarnya ga masuk"
