"""Every meaning for every state of the records: an answer, a short one, and no claim about what could not be asked."""

import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from checks.indonesian import STATES
from checks.plans import HAND_OVER, PLANS, PURCHASE
from registry.facts import Course, LedgerEntry, Offer, PayoutAccount, Wave, WaveApplication
from tests.actions.house import Answered, House
from tests.actions.programme import DESIGN, NOW, Programme, card, cast, incentive, purchase, wib

COULD_NOT_LOOK = "datanya belum bisa dicek sekarang"
QUESTIONS = (
    *("participant", "wave_applications", "card", "ledger", "purchases", "payment_status", "courses", "organisations"),
    *("organisation_roles", "incentives", "payout_account", "policy", "waves"),
)
CLAIMS = (
    "tidak terdaftar",
    "di data kakak",
    "tidak tercatat",
    "belum tercatat di",
    "belum ada kartu",
    "tidak saya temukan",
)
SECRETS = ("K7QZ", "XB9C89BX", "+62840", "Rahmawati", "Marlina", "Pratama")


async def ask(house: House, intent: str, who: str | None, text: str = "tolong dicek ya min", **given: Any) -> Answered:
    """Ask an intent's primary action."""
    slots = {"complaint_intent": intent, **given.pop("slots", {})}
    return await house.act(PLANS[intent].action, text, intent, who, slots=slots, **given)


def holds(answer: Answered) -> None:
    """What is true of every answer."""
    assert answer.texts
    assert COULD_NOT_LOOK not in answer.text
    assert all(len(text) <= 900 for text in answer.texts), len(answer.text)
    assert ("{ticket}" in answer.text) == (answer.ticket is not None), answer.text
    assert not [secret for secret in SECRETS if secret in answer.text]
    assert "None" not in answer.text


@pytest.mark.parametrize("who", [None, "siti", "budi", "dewi", "rina", "agus", "maya", "joko", "lina", "nobody"])
async def test_every_meaning_is_answered_for_everybody(who: str | None) -> None:
    house = House()
    for intent in PLANS:
        holds(await ask(house, intent, who))


async def test_a_stranger_is_never_answered_from_anybodys_record() -> None:
    house = House()
    for intent in PLANS:
        await ask(
            house, intent, None, "punya rina, invoice TOKPED-XB9C89BXBJL7X", slots={"invoice": "TOKPED-XB9C89BXBJL7X"}
        )
    personal = {
        "participant",
        "wave_applications",
        "card",
        "ledger",
        "purchases",
        "payment_status",
        "incentives",
        "payout_account",
    }
    assert personal & set(house.programme.asked) == set()


async def test_unknown_wrong_and_not_yours_read_the_same() -> None:
    invoices = ("TOKPED-XB9C89BXBJL7X", "TOKPED-AAAAAAAAAAAAA", "BLAPAK-Q1Q2Q3Q4Q5Q6")
    strangers = {(await ask(House(), "purchase_status", None, slots={"invoice": it})).text for it in invoices}
    others = {(await ask(House(), "purchase_status", "siti", slots={"invoice": it})).text for it in invoices}
    assert len(strangers) == len(others) == 1


@pytest.mark.parametrize("away", QUESTIONS)
async def test_a_source_that_is_away_is_said_so_and_nothing_is_called_absent(away: str) -> None:
    house = House(Programme(away={away}))
    for intent, plan in PLANS.items():
        answer = await ask(house, intent, "siti", slots={"course": "desain", "platform": "sisnaker"})
        holds(answer)
        unknown = [it for it in answer.findings if it["verdict"] == "unknown"]
        if unknown and plan.action != HAND_OVER:
            assert "belum bisa dicek" in answer.text, (intent, answer.text)
        assert all("belum bisa dicek" in it["evidence"][0]["value"] for it in unknown)


async def test_when_everything_is_away_no_answer_claims_anything() -> None:
    house = House(Programme(away={"everything"}))
    house.records.away = True
    for intent in PLANS:
        answer = await ask(house, intent, "siti", slots={"course": "desain", "platform": "sisnaker"})
        assert not [claim for claim in CLAIMS if claim in answer.text.lower()], (intent, answer.text)
        assert all(it["verdict"] == "unknown" for it in answer.findings if it["check"] != "knowledge"), intent


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("paid", [True, False])
async def test_every_state_of_a_purchase_has_words_for_every_complaint(state: str, paid: bool) -> None:
    programme = cast()
    more = {"paid_at": NOW, "completed_at": wib(2020, 8, 3) if state == "completed" else None}
    programme.bought["siti"] = (purchase(state, "Desain Grafis Dasar", "sisnaker", wib(2020, 8, 20), **more),)
    programme.paid = programme.paid if paid else {}
    for intent, plan in PLANS.items():
        if plan.action == PURCHASE or intent == "ask_bundling":
            holds(await ask(House(programme), intent, "siti"))


@pytest.mark.parametrize("status", ["conditions_not_met", "scheduled", "processing", "paid", "failed", "on_hold"])
@pytest.mark.parametrize("when", [date(2020, 8, 3), date(2020, 9, 3), None])
async def test_every_state_of_an_incentive_has_words(status: str, when: date | None) -> None:
    programme = cast()
    first = incentive(1, status, when)  # type: ignore[arg-type]
    programme.incentives_of["siti"] = (first, replace(first, kind="survey"))
    for intent in ("incentive_not_received", "survey_incentive"):
        answer = await ask(House(programme), intent, "siti")
        holds(answer)
        assert answer.findings[0]["check"] == "incentive"


@pytest.mark.parametrize("status", ["not_linked", "linked", "failed", "unlinked"])
@pytest.mark.parametrize("matches", [True, False])
@pytest.mark.parametrize("kyc", ["none", "premium"])
async def test_every_state_of_a_payout_account_has_words(status: str, matches: bool, kyc: str) -> None:
    programme = cast()
    programme.accounts["siti"] = PayoutAccount("ovo", "OVO", "5678", matches, kyc, status, None)
    answer = await ask(House(programme), "payout_account_failed", "siti")
    holds(answer)
    assert (answer.ticket is not None) == (status == "failed" and matches and kyc == "premium")


@pytest.mark.parametrize("status", ["inactive", "active", "revoked", "finished"])
async def test_every_state_of_a_card_has_words(status: str) -> None:
    programme = cast()
    programme.cards["siti"] = card(0, status)
    for intent in ("payment_failed", "card_number_or_balance", "participation_revoked", "purchase_requirements"):
        holds(await ask(House(programme), intent, "siti"))


@pytest.mark.parametrize("account", ["new", "verified", "blocked"])
@pytest.mark.parametrize("wave", ["joined", "selected", "not_selected", None])
async def test_every_state_of_an_account_has_words(account: str, wave: str | None) -> None:
    programme = cast()
    verified = account == "verified"
    programme.people["siti"] = replace(programme.people["siti"], account_status=account, verified_face=verified)
    programme.waves_of["siti"] = (WaveApplication(4, wave, None),) if wave else ()
    for intent in ("login_failed", "account_blocked", "selection_result", "join_wave_failed", "change_contact"):
        holds(await ask(House(programme), intent, "siti"))


@pytest.mark.parametrize("status", ["active", "suspended", "withdrawn"])
@pytest.mark.parametrize("bundle", [True, False])
@pytest.mark.parametrize("offer", [("sisnaker", 10, 3), ("sisnaker", 0, 3), ("sisnaker", 5, -3), ("tokopedia", 9, 3)])
async def test_every_state_of_a_course_has_words(status: str, bundle: bool, offer: tuple[str, int, int]) -> None:
    place, quota, starts = offer
    sold = (Offer(place, place.title(), 2_000_000 if quota == 5 else 300_000, "S", wib(2020, 8, 24 + starts), quota),)
    until = date(2020, 6, 30) if bundle else None
    programme = cast()
    programme.catalogue = (Course("K", "Desain Grafis Dasar", "Balai", "webinar", status, bundle, until, sold),)
    for intent in ("package_not_found", "purchase_requirements", "ask_training_choice"):
        slots = {"course": "desain grafis", "platform": "sisnaker"}
        answer = await ask(House(programme), intent, "siti", slots=slots)
        holds(answer)
        assert answer.findings[1 if intent == "package_not_found" else 0]["check"] == "course"


async def test_a_charge_taken_twice_is_seen_in_the_ledger() -> None:
    programme = cast()
    taken = LedgerEntry("capture", 300_000, "B-1", wib(2020, 8, 20))
    programme.ledgers["siti"] = (taken, taken)
    answer = await ask(House(programme), "wrong_charge", "siti", "kepotong dua kali min")
    holds(answer)
    assert answer.ticket is not None
    assert answer.ticket["priority"] == "high"


@pytest.mark.parametrize("status", ["active", "suspended", "withdrawn", None])
async def test_every_state_of_the_class_they_bought_has_words(status: str | None) -> None:
    programme = cast()
    bought = replace(programme.bought["agus"][0], course_code="K-DG", course_title="Desain Grafis Dasar")
    programme.bought["agus"] = (bought,)
    programme.catalogue = (replace(DESIGN, status=status, status_note="izin lembaga dicabut"),) if status else ()
    for intent in ("cancel_or_refund", "class_access"):
        answer = await ask(House(programme), intent, "agus")
        holds(answer)
        assert ("izin lembaga dicabut" in answer.text) is (status in ("suspended", "withdrawn"))


@pytest.mark.parametrize("state", ["code_issued", "redeemed", "in_progress"])
async def test_an_unfinished_training_is_named_in_2020_and_2021_and_not_later(state: str) -> None:
    programme = cast()
    running = purchase(state, "Kopi Dasar", "pintaria", wib(2020, 8, 1), invoice_code=None)
    programme.bought["budi"] = (*programme.bought["budi"], running)
    answer = await ask(House(programme), "payment_failed", "budi")
    holds(answer)
    assert "pelatihan berikutnya baru bisa dibeli setelah yang itu selesai" in answer.text
    assert answer.ticket is None
    later = await ask(House(programme, now=wib(2022, 8, 1)), "payment_failed", "budi")
    assert "pelatihan berikutnya" not in later.text


GUARDS: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({"min_age": 40}, {"birth_year": 1996}, "mulai umur 40 tahun"),
    ({"min_education": "sarjana"}, {"education": "sma"}, "pendidikan minimal sarjana"),
    ({"status": "withdrawn"}, {}, "sudah ditarik dari katalog"),
    ({"status": "suspended"}, {}, "dihentikan sementara"),
    ({"is_bundle": True}, {}, "paket bundling"),
    ({"offers": (Offer("sisnaker", "Sisnaker", 400_000, "S", wib(2020, 8, 1), 5),)}, {}, "sudah mulai"),
    ({"offers": (Offer("sisnaker", "Sisnaker", 400_000, "S", None, 0),)}, {}, "Kuota"),
    ({"offers": (Offer("sisnaker", "Sisnaker", 4_000_000, "S", None, 9),)}, {}, "lebih dari saldo"),
    ({"offers": (Offer("pintaria", "Pintaria", 400_000, "S", None, 9),)}, {}, "tetapi ada di Pintaria"),
]


@pytest.mark.parametrize(("course", "person", "words"), GUARDS)
@pytest.mark.parametrize("intent", ["payment_failed", "purchase_requirements"])
async def test_the_condition_that_fails_is_named(
    intent: str, course: dict[str, Any], person: dict[str, Any], words: str
) -> None:
    programme = cast()
    programme.catalogue = (replace(DESIGN, **course),)
    programme.people["siti"] = replace(programme.people["siti"], **person)
    slots = {"course": "desain grafis", "platform": "sisnaker"}
    answer = await ask(House(programme), intent, "siti", "gagal 3x min", slots=slots)
    holds(answer)
    assert words in answer.text
    assert answer.ticket is None, "what stands in the way is known: nobody need look"


@pytest.mark.parametrize("closes", [wib(2020, 8, 24, 12), wib(2020, 8, 23, 12), None])
@pytest.mark.parametrize("joined", [True, False])
async def test_every_state_of_the_wave_has_words(closes: Any, joined: bool) -> None:
    programme = cast()
    programme.known_waves[5] = Wave(5, wib(2020, 8, 15), closes, None, 800_000, "artikel")
    programme.waves_of["siti"] = (WaveApplication(5, "joined", None),) if joined else ()
    answer = await ask(House(programme), "join_wave_failed", "siti", "udah tes tapi ga bisa gabung")
    holds(answer)
    open_soon = closes == wib(2020, 8, 24, 12)
    assert ("24 Agustus 2020 pukul 12.00 WIB" in answer.text) is open_soon
    assert (answer.ticket is not None) is (open_soon and not joined)


@pytest.mark.parametrize("who", ["siti", "budi", "rina", "agus", "maya", "joko", "lina"])
async def test_what_is_said_from_records_says_how_old_they_are(who: str) -> None:
    house = House()
    for intent, plan in PLANS.items():
        answer = await ask(house, intent, who)
        own = [
            it for it in answer.findings if it["advice"] and it["check"] in ("card", "purchase", "incentive", "ledger")
        ]
        if own and plan.action in (PURCHASE, "action_check_participant") and "Kakak" in answer.text:
            assert re.search(r"\bper (?:pukul )?\d", answer.text), (intent, answer.text)
