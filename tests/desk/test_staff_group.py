"""The staff group as a second door: the same acts, rights and audit, told within the limit, and nothing twice."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from desk.acts.note import note
from desk.rights import AUDITOR
from desk.wording import QUEUES
from records.clock import Clock
from records.models import GroupUpdate, Staff
from simulator.control.groups import USUAL_ID
from simulator.telegram.limits import TelegramLimits
from tests.desk.making import Scene
from tests.desk.staff_group_scene import Hall, hall_of


@pytest.fixture
async def hall(app: FastAPI, scene: Scene, clock: Clock, tmp_path: Path) -> AsyncIterator[Hall]:
    # how fast is a matter of its own (test_staff_group_pace)
    async with hall_of(app, scene, clock, tmp_path, posts=1_000) as hall:
        hall.simulator.stage.telegram.gate.set(TelegramLimits(per_second=None, per_group_minute=None))
        await hall.linked("sari", "joko", "lela")
        # two cases are enough to look at: the others belong to a team that is not told here
        await hall.sql("INSERT INTO teams (id, name) VALUES (gen_random_uuid(), 'Keamanan')")
        away = "UPDATE tickets SET team_id = (SELECT id FROM teams WHERE name = 'Keamanan') WHERE id = ANY(:ids)"
        await hall.sql(away, ids=[hall.scene.tickets[case].id for case in ("budi", "yanto")])
        yield hall


async def test_every_open_case_gets_one_topic_with_its_card_pinned_and_the_urgent_one_is_first(hall: Hall) -> None:
    await hall.go()
    names = [it.text for it in hall.simulator.chats.items("telegram", str(USUAL_ID)) if it.type == "service"]
    made = [name for name in names if name.startswith("Topik dibuat")]
    assert len(made) == 2
    assert hall.scene.tickets["rina"].number in made[0]
    card = hall.card("rina")
    assert "Mendesak" in card.text
    assert [button["title"] for button in card.buttons] == ["Ambil"]
    assert hall.standing("rina")[0].pinned == [int(card.message_id)]
    assert hall.standing("rina")[0].icon_color == 16478047
    before = hall.simulator.stage.telegram.gate.passed[USUAL_ID].copy()
    await hall.go()
    assert hall.simulator.stage.telegram.gate.passed[USUAL_ID] == before


async def test_no_name_number_or_id_of_a_participant_reaches_telegram(hall: Hall) -> None:
    await hall.participant_says("siti", "nama saya Siti Rahmawati NIK 3174015203920003 hp 081234567890")
    await hall.go()
    await hall.participant_says("siti", "NIK 3174015203920003, email siti@contoh.id")
    await hall.participant_says("siti", "", kind="photo")
    await hall.go()
    said = "\n".join(it.text for it in hall.simulator.chats.items("telegram", str(USUAL_ID)))
    assert "Rp300.000" not in said
    for word in ("Rahmawati", "3174015203920003", "081234567890", "siti@contoh.id", "P-1001", "telegram-siti"):
        assert word not in said
    assert "foto, lihat di meja" in said


async def test_a_case_taken_in_the_group_is_taken_at_the_desk(hall: Hall) -> None:
    await hall.go()
    assert "sekarang Anda pegang" in await hall.press("sari", "Ambil", "siti")
    ticket = await hall.ticket("siti")
    assert (ticket.status, ticket.staff_id) == ("claimed", hall.scene.staff["sari"].id)
    assert "Dipegang Sari Dewanti" in hall.card("siti").text
    assert "Balas" in [button["title"] for button in hall.card("siti").buttons]
    assert (await hall.audited("siti"))[-1] == ("sari", "claim", "staff group")
    async with hall.office.database.read() as session:
        at_work = await session.scalars(select(Staff.username).where(Staff.in_group_at.is_not(None)))
        assert list(at_work) == ["sari"]


async def test_of_two_who_press_at_once_one_wins_and_the_other_reads_who(hall: Hall) -> None:
    await hall.go()
    thread = hall.thread("siti")
    both = [hall.act(who, do="press", title="Ambil", thread=thread) for who in ("sari", "joko")]
    presses = await asyncio.gather(*both)
    await hall.go()
    found = (hall.simulator.chats.find("telegram", str(USUAL_ID), press["message_id"]) for press in presses)
    shown = [item.extra["answer"] for item in found if item]
    assert sum("sekarang Anda pegang" in said for said in shown) == 1
    winner = "Sari Dewanti" if "sekarang" in shown[0] else "Joko Prasetyo"
    assert sum(f"sudah diambil {winner}" in said for said in shown) == 1


async def test_an_answer_is_what_replies_to_the_bots_question_and_its_receipt_is_shown_on_it(hall: Hall) -> None:
    await hall.go()
    await hall.press("sari", "Ambil", "siti")
    assert "Balas pesan bot" in await hall.press("sari", "Balas", "siti")
    sent = await hall.answer("sari", "Sedang kami cek ya, Kak.", "siti")
    await hall.go()
    assert (await hall.messages("siti", "out"))[-1] == "Sedang kami cek ya, Kak."
    shown = [hall.reaction(sent["message_id"])]
    for status in ("sent", "delivered", "read"):
        await hall.receipts("siti", status)
        await hall.go()
        shown.append(hall.reaction(sent["message_id"]))
    assert shown == ["🕊", "👌", "👍", "👀"]
    assert not any("Sedang kami cek" in post for post in hall.posts("siti"))
    assert (await hall.audited("siti"))[-1] == ("sari", "reply", "staff group")


async def test_words_of_a_topic_are_a_note_unless_they_begin_with_b(hall: Hall) -> None:
    await hall.go()
    await hall.press("sari", "Ambil", "siti")
    noted = await hall.say("sari", "dia ini yang kemarin telepon", "siti")
    quoting = hall.card("siti").message_id
    await hall.say("joko", "iya, saya juga lihat", "siti", reply_to=quoting)
    answered = await hall.say("sari", "/b@prakerja_gladi_bot Sebentar ya, Kak.", "siti")
    await hall.go()
    assert await hall.messages("siti", "note") == ["dia ini yang kemarin telepon", "iya, saya juga lihat"]
    assert (await hall.messages("siti", "out"))[-1] == "Sebentar ya, Kak."
    assert [hall.reaction(it["message_id"]) for it in (noted, answered)] == ["✍", "🕊"]


async def test_an_answer_by_who_does_not_hold_the_case_is_refused_and_nothing_is_sent(hall: Hall) -> None:
    await hall.go()
    await hall.press("sari", "Ambil", "siti")
    before = await hall.messages("siti", "out")
    assert "Ambil dulu" in await hall.press("joko", "Balas", "siti")
    await hall.say("joko", "/b halo Kak", "siti")
    await hall.go()
    assert await hall.messages("siti", "out") == before
    assert "Belum dikerjakan" in hall.posts("siti")[-1]


async def test_a_receipt_that_says_no_is_said_in_words_too(hall: Hall) -> None:
    await hall.go()
    await hall.press("sari", "Ambil", "siti")
    sent = await hall.say("sari", "/b Sebentar ya, Kak.", "siti")
    await hall.go()
    await hall.receipts("siti", "refused", "403 bot was blocked")
    await hall.go()
    await hall.go()
    assert hall.reaction(sent["message_id"]) == "💔"
    assert sum("tidak diterima peserta" in post for post in hall.posts("siti")) == 1


async def test_a_resolution_closes_the_case_and_its_topic_and_reopening_opens_both(hall: Hall) -> None:
    await hall.go()
    await hall.press("sari", "Ambil", "siti")
    await hall.press("sari", "Selesai", "siti")
    await hall.answer("sari", "Paketnya sudah muncul lagi.", "siti")
    await hall.go()
    assert (await hall.ticket("siti")).status == "resolved"
    assert "Paketnya sudah muncul lagi." in (await hall.messages("siti", "out"))[-1]
    assert hall.standing("siti")[0].closed
    assert hall.card("siti").buttons == []
    await hall.sql(
        "UPDATE tickets SET status = 'open', staff_id = NULL, reopened = 1, resolved_at = NULL, "
        "version = version + 1 WHERE id = :id",
        id=hall.scene.tickets["siti"].id,
    )
    await hall.go()
    (topic,) = hall.standing("siti")
    assert not topic.closed
    assert [button["title"] for button in hall.card("siti").buttons] == ["Ambil"]


async def test_a_stale_button_explains_itself(hall: Hall) -> None:
    await hall.go()
    thread = hall.thread("siti")
    card = hall.card("siti").message_id
    await hall.press("sari", "Ambil", "siti")
    await hall.press("sari", "Selesai", "siti")
    await hall.answer("sari", "Beres.", "siti")
    await hall.go()
    late = await hall.act("joko", do="press", token="ambil", thread=thread, reply_to=card)
    forged = await hall.act("joko", do="press", token="x" * 64, thread=thread, reply_to=card)
    await hall.go()
    items = [hall.simulator.chats.find("telegram", str(USUAL_ID), it["message_id"]) for it in (late, forged)]
    shown = [item.extra["answer"] for item in items if item]
    assert "sudah selesai" in shown[0]
    assert "tidak berlaku" in shown[1]


async def test_somebody_nobody_knows_is_told_once_and_can_do_nothing(hall: Hall) -> None:
    await hall.go()
    assert "belum terhubung" in await hall.press("bagas", "Ambil", "siti")
    for words in ("/b halo", "saya bantu ya", "/ambil"):
        await hall.say("bagas", words, "siti")
    await hall.go()
    assert (await hall.ticket("siti")).status == "open"
    assert await hall.messages("siti", "note") == []
    assert sum("belum terhubung" in post for post in hall.posts("siti")) == 1


@pytest.mark.parametrize("change", ["active = false", f"role = '{AUDITOR}'"])
async def test_who_left_or_changed_role_can_do_nothing_at_the_next_press(hall: Hall, change: str) -> None:
    await hall.go()
    await hall.press("sari", "Ambil", "siti")
    await hall.sql(f"UPDATE staff SET {change} WHERE username = 'sari'")  # noqa: S608
    before = await hall.messages("siti", "out")
    shown = await hall.press("sari", "Lepas", "siti")
    await hall.say("sari", "/b halo", "siti")
    await hall.say("sari", "catatan saya", "siti")
    await hall.go()
    assert "belum terhubung" in shown or "tidak boleh" in shown
    assert (await hall.messages("siti", "out"), await hall.messages("siti", "note")) == (before, [])


async def test_who_is_not_of_the_team_may_not_act_on_its_case(hall: Hall) -> None:
    await hall.go()
    await hall.sql("DELETE FROM team_members WHERE staff_id = :id", id=hall.scene.staff["joko"].id)
    assert "hanya bisa dibuka di meja" in await hall.press("joko", "Ambil", "siti")
    assert (await hall.ticket("siti")).status == "open"


async def test_a_case_of_a_team_that_is_not_told_here_has_no_open_topic(
    hall: Hall,
) -> None:
    await hall.go()
    assert hall.standing("budi") == []
    away = "UPDATE tickets SET team_id = (SELECT id FROM teams WHERE name = 'Keamanan') WHERE id = :id"
    await hall.sql(away, id=hall.scene.tickets["siti"].id)
    await hall.go()
    assert hall.standing("siti")[0].closed


async def test_what_was_said_since_comes_in_one_post_and_each_word_once(hall: Hall) -> None:
    await hall.go()
    before = len(hall.posts("siti"))
    for number in range(5):
        await hall.participant_says("siti", f"pesan ke-{number}")
    await hall.go()
    await hall.go()
    new = hall.posts("siti")[before:]
    assert len(new) == 1
    assert [f"pesan ke-{number}" in new[0] for number in range(5)] == [True] * 5


async def test_what_colleagues_write_at_the_desk_stands_in_the_topic(hall: Hall) -> None:
    await hall.go()
    async with hall.office.database.write() as session:
        given: dict[str, Any] = {"ticket_id": hall.scene.tickets["siti"].id, "staff": hall.scene.staff["joko"]}
        await note(session, hall.office.bell, key=uuid4(), text="sudah saya telepon", at=hall.office.clock(), **given)
    await hall.go()
    assert "Catatan Joko Prasetyo" in hall.posts("siti")[-1]


@pytest.mark.parametrize(
    ("change", "shown"),
    [
        ("intent = 'class_access'", "Akses kelas"),
        ("queue = 'PRIVACY'", QUEUES["PRIVACY"]),
        ("platform = 'pijarmahir'", "Pijar Mahir"),
        ("wave = 9", "gelombang 9"),
        ("reason = 'minta bicara dengan petugas'", "minta bicara dengan petugas"),
    ],
)
async def test_what_is_corrected_at_the_desk_is_corrected_on_the_card(hall: Hall, change: str, shown: str) -> None:
    await hall.go()
    assert shown not in hall.card("siti").text
    await hall.sql(f"UPDATE tickets SET {change} WHERE id = :id", id=hall.scene.tickets["siti"].id)  # noqa: S608
    await hall.go()
    assert shown in hall.card("siti").text


async def test_a_case_is_put_off_and_handed_on_by_commands_and_a_wrong_one_says_how(hall: Hall) -> None:
    await hall.go()
    await hall.press("sari", "Ambil", "siti")
    for words in ("/tunda", "/tunda 3-jam", "/oper siapa ya", "/oper joko butuh cek mitra", "/nyanyi"):
        await hall.say("sari", words, "siti")
        await hall.go()
    ticket = await hall.ticket("siti")
    assert ticket.staff_id == hall.scene.staff["joko"].id
    acts = [act for _, act, via in await hall.audited("siti") if via == "staff group"]
    assert acts == ["claim", "snooze", "transfer"]
    told = "\n".join(hall.posts("siti"))
    for words in ("Tulis sampai kapan", "Ditunda sampai", "Tulis nama pengguna", "Dioper ke Joko", "Perintah di topik"):
        assert words in told


async def test_what_is_said_in_a_joined_chat_is_told_in_the_topic_of_the_case_it_goes_with(hall: Hall) -> None:
    await hall.go()
    merged = "UPDATE tickets SET status = 'resolved', resolved_at = :now, merged_into_id = :into WHERE id = :id"
    cases = hall.scene.tickets
    await hall.sql(merged, now=hall.office.clock(), into=cases["rina"].id, id=cases["siti"].id)
    await hall.go()
    assert "Digabung ke" in hall.card("siti").text
    await hall.participant_says("siti", "dari obrolan yang satunya")
    await hall.go()
    assert "dari obrolan yang satunya" in hall.posts("rina")[-1]


async def test_files_and_changed_words_of_staff_are_answered_politely_and_send_nothing(hall: Hall) -> None:
    await hall.go()
    await hall.press("sari", "Ambil", "siti")
    before = await hall.messages("siti", "out")
    await hall.act("sari", do="photo", text="/b ini fotonya", thread=hall.thread("siti"))
    noted = await hall.say("sari", "catatan lama", "siti")
    await hall.go()
    await hall.act("sari", do="edit", text="catatan baru", message_id=noted["message_id"])
    await hall.go()
    assert await hall.messages("siti", "out") == before
    assert await hall.messages("siti", "note") == ["catatan lama"]
    assert [sum(words in post for post in hall.posts("siti")) for words in ("lewat meja (web)", "Suntingan")] == [1, 1]


async def test_an_update_dealt_with_twice_does_nothing_twice(hall: Hall) -> None:
    await hall.go()
    await hall.press("sari", "Ambil", "siti")
    await hall.say("sari", "/b sekali saja", "siti")
    async with hall.office.database.read() as session:
        last = (await session.scalars(select(GroupUpdate).order_by(GroupUpdate.id.desc()))).first()
        assert last is not None
        sealed = last.sealed_event
    await hall.go()
    await hall.sql(
        "UPDATE group_updates SET status = 'pending', sealed_event = :it WHERE id = :id", it=sealed, id=last.id
    )
    await hall.go()
    assert (await hall.messages("siti", "out")).count("sekali saja") == 1
