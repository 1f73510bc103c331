"""The scenes can be read, are complete, and their judge complains when it must; needs no running system."""

import re
from dataclasses import replace

import pytest

from helpdesk.hearing import Answer, Reply
from simulator.programme.company import COMPANY
from simulator.programme.named import CAST
from tests.stack.judging import complaints
from tests.stack.scene import Heard, plays

RIGHT = Heard(
    intent="certificate_missing", says=("31 Agustus",), checks={"purchase": "no"}, ticket={"queue": "PLATFORM"}
)
TICKET = {"intent": "certificate_missing", "also": [], "queue": "PLATFORM", "summary": "Sertifikat belum ada"}
FOUND = [{"check": "purchase", "verdict": "no"}]


def answer(text: str, intent: str = "certificate_missing") -> Answer:
    said = "sertifikat saya mana"
    return Answer([Reply(text, ["Bicara petugas"], "sent")], intent, 0.9, [], FOUND, "T-100001", "answered", 1.0, said)


def test_every_conversation_has_three_more_wordings_an_interruption_and_a_source_that_is_away() -> None:
    names = {scene.name for scene in plays()}
    wanted = ("wording-2", "wording-3", "wording-4", "interrupted", "away-1")
    whole = {name[:2] for name in names if "/" not in name and {f"{name}/{it}" for it in wanted} <= names}
    assert whole >= {f"{number:02}" for number in range(1, 21)}


def test_every_scene_is_played_by_somebody_the_rehearsal_knows_and_its_patterns_can_be_read() -> None:
    known = {who.key for who in CAST} | {who.key for who, _ in COMPANY} | {"tamu"}
    for scene in plays():
        assert scene.who in known, scene.name
        assert all(map(re.compile, (*scene.heard.says, *scene.heard.never, *scene.heard.offers)))


def test_a_right_conversation_is_not_complained_of() -> None:
    assert complaints(RIGHT, [answer("Paling lambat 31 Agustus 2020.")], TICKET, "bot") == []


def test_every_demand_that_is_not_met_is_named() -> None:
    wrong = answer("Pasti terbit sesaat lagi, itu salah Kakak. {ticket}", intent="thank")
    told = complaints(replace(RIGHT, never=("lagi",), offers=("Gagal redeem",)), [wrong], None, "human")
    for part in ("understood as thank", "did not say: 31", "said: lagi", "did not offer", "no ticket", "held by human"):
        assert any(part in complaint for complaint in told), part
    forbidden = [complaint for complaint in told if complaint.startswith("said: ")]
    assert len(forbidden) == 5, "the scene's own word, blame, a moment, a promise and a placeholder"


def test_a_ticket_nobody_needs_and_one_in_the_wrong_queue_are_complained_of() -> None:
    said = [answer("Paling lambat 31 Agustus 2020.")]
    assert complaints(replace(RIGHT, ticket=None), said, TICKET, "bot") != []
    assert complaints(RIGHT, said, TICKET | {"queue": "SECURITY"}, "bot") != []


def test_four_paragraphs_are_too_many_for_a_small_phone() -> None:
    said = [answer("31 Agustus\n\nsatu\n\ndua\n\ntiga")]
    assert [it for it in complaints(RIGHT, said, TICKET, "bot") if "small phone" in it]


PASSED = "Batas beli Kakak, Selasa, 25 Agustus 2020 pukul 23.59 WIB, sudah lewat. "
BACK = "Sekarang di luar jam kerja; petugas kembali hari ini pukul 08.00 WIB."
HANDED = "Nomor laporan T-100001; dijawab di chat ini paling lambat hari ini pukul 20.00 WIB. " + BACK


@pytest.mark.parametrize(
    ("said", "forbidden"),
    [
        (PASSED + HANDED, False),
        (HANDED + "\n\n" + PASSED, False),
        ("Batas beli Kakak: Selasa, 25 Agustus 2020 pukul 23.59 WIB (hari ini), sudah lewat. " + HANDED, True),
        ("Batas beli Kakak 25 Agustus 2020 pukul 23.59 WIB, paling lambat hari ini. " + HANDED, True),
        ("Beli paling lambat hari ini, 25 Agustus 2020 pukul 23.59 WIB; sudah lewat. " + HANDED, True),
        (PASSED + "Masih bisa hari ini. " + HANDED, True),
        (PASSED + "Tinggal 1 hari lagi. " + HANDED, True),
    ],
)
def test_a_deadline_that_has_passed_is_never_told_as_today_though_the_office_answers_today(
    said: str, forbidden: bool
) -> None:
    (scene,) = (it for it in plays() if it.name == "32-the-last-minute-of-the-dayc")
    heard = Heard(never=scene.heard.never, ticket=RIGHT.ticket)
    assert bool(complaints(heard, [answer(said)], TICKET, "bot")) is forbidden
