"""Every state of a payment against every word of platform and programme: differences are found, never guessed."""

from itertools import product
from typing import Any

import pytest

from actions.wording import read_wording
from checks.escalation import escalation
from checks.finding import Finding, Priority, Verdict
from checks.indonesian import STATES
from checks.purchase import payment
from checks.purchase.choosing import candidates
from checks.situation import Situation
from registry.facts import PaymentStatus
from registry.interface import Absent, Answer, CouldNotAsk, Known
from tests.actions.programme import NOW, card, purchase, wib
from tests.checks.facts import HOUR

INVOICE = "TOKPED-XB9C89BXBJL7X"
WORDING = read_wording()


def said(status: str) -> Known[PaymentStatus]:
    return Known(PaymentStatus(INVOICE, 300_000, status, NOW), "API program", NOW, 40.0)


def away(last: Known[PaymentStatus] | Absent | None = None, *, offered: bool = True) -> CouldNotAsk:
    return CouldNotAsk("API program", "tidak menjawab", 1800.0, last, offered)


def earlier(status: str) -> Known[PaymentStatus]:
    return Known(PaymentStatus(INVOICE, 300_000, status, NOW), "API program", wib(2020, 8, 24, 9, 40), 40.0)


GONE = Absent("API program", NOW, 40.0)
GONE_EARLIER = Absent("API program", wib(2020, 8, 23, 16, 5), 40.0)
ANSWERS: dict[str, Answer[PaymentStatus] | None] = {
    "success": said("SUCCESS"),
    "void": said("VOID"),
    "none": GONE,
    "away": away(),
    "away, was success": away(earlier("SUCCESS")),
    "away, was void": away(earlier("VOID")),
    "away, was none": away(GONE_EARLIER),
    "not offered": away(offered=False),
    "not asked": None,
}
PLATFORM = ("paid", "unpaid", "cancelled", "failed", None)
UNPAID = ("selected", "awaiting_payment", "failed", "expired")
WITH_CODE = ("code_issued", "redeemed", "in_progress", "completed", "code_expired")
DIFFER, VOID, SEEN_PAID = "platform_and_programme_differ", "programme_says_void", "programme_says_paid"
NOT_SEEN, OPEN = "paid_code_not_seen", "platform_says_paid_unconfirmed"
CALM = {"not asked", "not offered", *(name for name in ANSWERS if name.startswith("away"))}


def expected(state: str, platform: str | None, answer: str) -> str | None:
    """The difference as the rules of domain and brief have it, written out without the code's help."""
    called_paid = state in UNPAID and platform == "paid"
    taken = state in (*WITH_CODE, "paid_without_code", "forfeited")
    if answer == "not asked":
        return DIFFER if called_paid else None
    if answer in CALM:
        return OPEN if called_paid else None
    found = {
        ("none", taken): DIFFER,
        ("none", called_paid): DIFFER,
        ("none", state == "cancelling"): DIFFER,
        ("void", taken): VOID,
        ("void", called_paid): VOID,
        ("success", called_paid): NOT_SEEN,
        ("success", state in UNPAID and platform != "paid"): SEEN_PAID,
        ("success", state == "refunded"): SEEN_PAID,
    }
    return found.get((answer, True))


def scene(intent: str, state: str, platform: str | None, answer: str, **more: Any) -> Situation:
    at = wib(2020, 8, 23, 8)
    more_of_it: dict[str, Any] = {"platform_status": platform, "invoice_code": INVOICE, "paid_at": at}
    bought = purchase(state, "Kelas Kopi", "tokopedia", at, class_starts_at=NOW + 90 * HOUR, **more_of_it)
    given = {"purchases": Known((bought,), "tabel program", NOW, 1.0), "invoice": INVOICE, **more}
    return Situation(intent, NOW, bound=True, payment=ANSWERS[answer], **given)


EVERY = list(product(STATES, PLATFORM, ANSWERS))


def found(intent: str, state: str, platform: str | None, answer: str, **more: Any) -> Finding | None:
    run = {"paid_no_code": payment.paid_no_code, "purchase_status": payment.status}[intent]
    finding = run(scene(intent, state, platform, answer, **more))
    return None if finding is None or finding.advice in ("no_payment_recorded", "no_order_recorded") else finding


@pytest.mark.parametrize("intent", ["paid_no_code", "purchase_status"])
def test_a_difference_is_found_exactly_where_there_is_one(intent: str) -> None:
    advices = {DIFFER, VOID, SEEN_PAID, NOT_SEEN, OPEN}
    looked = 0
    for state, platform, answer in EVERY:
        finding = found(intent, state, platform, answer)
        if finding is None:
            continue
        looked += 1
        told = finding.advice if finding.advice in advices else None
        assert told == expected(state, platform, answer), (state, platform, answer)
    assert looked > len(EVERY) * 0.7


@pytest.mark.parametrize("intent", ["paid_no_code", "purchase_status"])
def test_a_programme_that_could_not_be_asked_never_decides(intent: str) -> None:
    """Whatever it said before, the verdict is that of a programme which was never asked, or open."""
    for (state, platform, answer), intent_ in product(EVERY, [intent]):
        finding = found(intent_, state, platform, answer)
        if answer not in CALM - {"not asked"} or finding is None:
            continue
        plain = found(intent_, state, platform, "away")
        assert plain is not None
        assert (finding.verdict, finding.advice) == (plain.verdict, plain.advice), (state, platform, answer)
        unsure = state == "paid_without_code" or (state in UNPAID and platform == "paid")
        assert (finding.verdict is Verdict.UNKNOWN) == unsure, (state, platform, answer)


def test_paid_without_a_code_is_confirmed_by_the_programme_alone() -> None:
    advices = {answer: found("paid_no_code", "paid_without_code", "paid", answer) for answer in ANSWERS}
    confirmed = {answer for answer, it in advices.items() if it and it.advice == "paid_code_missing"}
    assert confirmed == {"success"}


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("away, was success", "Terakhir, per pukul 09.40 WIB, program menyebut pembayarannya berhasil."),
        ("away, was void", "Terakhir, per pukul 09.40 WIB, program menyebut pembayarannya dibatalkan."),
        ("away, was none", "Terakhir, per 23 Agustus 2020 pukul 16.05 WIB, program belum mengenal pembayarannya."),
    ],
)
@pytest.mark.parametrize(("state", "platform"), [("paid_without_code", "paid"), ("awaiting_payment", "paid")])
def test_the_last_word_is_told_with_its_time(state: str, platform: str, answer: str, words: str) -> None:
    finding = found("paid_no_code", state, platform, answer)
    assert finding is not None
    text = WORDING.say(finding.advice or "", finding.words)
    assert words in text
    assert "belum bisa dicek sekarang" in text
    (line,) = (it for it in finding.evidence if it.label == "payment/status")
    assert (line.as_of, line.failed) == (None, "tidak menjawab")
    assert "terakhir:" in line.value


def test_what_the_programme_says_now_is_told_with_the_time_of_asking() -> None:
    for state, platform, answer in [("paid_without_code", "paid", "success"), ("code_issued", "paid", "void")]:
        finding = found("paid_no_code", state, platform, answer)
        assert finding is not None
        assert "per pukul 10.00 WIB" in WORDING.say(finding.advice or "", finding.words)


def test_a_question_that_is_not_offered_is_no_failure_of_the_source() -> None:
    finding = found("paid_no_code", "paid_without_code", "paid", "not offered")
    assert finding is not None
    assert [it.failed for it in finding.evidence] == [None, None]


@pytest.mark.parametrize("intent", ["paid_no_code", "purchase_status", "payment_failed"])
def test_a_difference_is_for_a_person_high_where_the_programme_was_asked(intent: str) -> None:
    for state, platform, answer in EVERY:
        if expected(state, platform, answer) is None or not candidates(scene(intent, state, platform, answer)):
            continue
        needed = escalation(scene(intent, state, platform, answer, card=Known(card(), "tabel program", NOW, 1.0)))
        assert needed is not None, (state, platform, answer)
        assert needed.priority is (Priority.NORMAL if expected(state, platform, answer) == OPEN else Priority.HIGH) or (
            intent == "payment_failed"
        )


@pytest.mark.parametrize("state", ["failed", "awaiting_payment"])
def test_a_failed_attempt_that_the_programme_calls_paid_is_not_said_to_be_uncharged(state: str) -> None:
    for platform in PLATFORM:
        finding = payment.payment_failed(scene("payment_failed", state, platform, "success"))
        assert finding is not None
        text = WORDING.say(finding.advice or "", finding.words)
        assert "tidak terpotong." not in text
        assert "belum terpotong" not in text
        assert "berhasil" in text
