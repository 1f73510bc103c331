"""The states of a participant under which ambiguous messages are read: what the records say, under a name.

Nobody in particular: each is the smallest record that is in that state, with what goes with it in real life (an attempt
that failed in August 2020 failed while buying was disturbed; whoever lacks a certificate also lacks a condition).
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from checks.incidents import OpenIncident
from checks.situation import Situation
from registry.facts import Card, Incentive, Participant, PayoutAccount, Purchase, WaveApplication
from registry.interface import Absent, Answer, Known

NOW = datetime(2020, 8, 24, 3, 0, tzinfo=UTC)
SOURCE = "tabel program"
DAY = timedelta(days=1)
YESTERDAY = NOW - DAY


def states() -> dict[str, tuple[Situation, Answer[datetime]]]:
    """Return every state: what the sources answer, and since when a report is open."""
    opened = _known(NOW - 2 * DAY)
    return {name: (situation, _absent()) for name, situation in _situations().items()} | {
        "ticket_open": (_nothing(), opened)
    }


def _situations() -> dict[str, Situation]:
    buying, quiet = _may_buy(), _nothing()
    return {
        "nothing_known": quiet,
        "paid_without_code": _bought("paid_without_code", YESTERDAY, paid_at=YESTERDAY),
        "platform_says_paid": _bought("awaiting_payment", NOW - 2 * DAY, platform_status="paid"),
        "attempt_failed": _tried("API token tidak valid"),
        "attempt_not_found": _tried("paket kursus tidak ditemukan"),
        "attempt_without_otp": _tried("OTP tidak dimasukkan sampai batas waktu"),
        "balance_held": replace(quiet, card=_known(_card(open_holds=300_000))),
        "code_unused": _bought("code_issued", NOW - 3 * DAY, code_issued_at=NOW - 3 * DAY),
        "class_running": _bought("in_progress", NOW - 6 * DAY, redeemed_at=NOW - 5 * DAY),
        "refund_under_way": _bought("cancelling", NOW - 4 * DAY, paid_at=NOW - 4 * DAY),
        "certificate_late": _finished(NOW - 20 * DAY),
        "certificate_under_way": _finished(NOW - 3 * DAY),
        "not_rated": _finished(NOW - 14 * DAY, certificate_at=NOW - 5 * DAY),
        "conditions_missing": _paid_out("conditions_not_met"),
        "incentive_overdue": _paid_out("scheduled", date(2020, 7, 27)),
        "incentive_under_way": _paid_out("processing", date(2020, 8, 21)),
        "incentive_failed": _paid_out("failed", date(2020, 8, 10)),
        "payout_failed": replace(_finished_whole(), payout_account=_known(_account("failed"))),
        "deadline_near": replace(buying, card=_known(_card(first_purchase_due=NOW + 3 * DAY))),
        "revoked": replace(quiet, card=_known(_card(status="revoked", available_balance=0))),
        "blocked": replace(quiet, participant=_known(_person("blocked"))),
        "unverified": replace(quiet, participant=_known(_person("new")), card=_absent()),
        "not_selected": _applied("not_selected"),
        "selection_awaited": _applied("joined"),
        "incident_buying": buying,
        "incident_login": replace(quiet, incidents=_known((_incident("login"),))),
    }


def _known[T](value: T) -> Answer[T]:
    return Known(value, SOURCE, NOW, 1.0)


def _absent() -> Absent:
    return Absent(SOURCE, NOW, 1.0)


def _nothing() -> Situation:
    """Somebody whose records are in order and hold nothing to write about."""
    return Situation(
        intent="",
        now=NOW,
        bound=True,
        incidents=_known(()),
        participant=_known(_person("verified")),
        waves=_known((WaveApplication(4, "selected", None),)),
        card=_known(_card()),
        purchases=_absent(),
        incentives=_absent(),
        payout_account=_absent(),
    )


def _may_buy() -> Situation:
    return replace(_nothing(), incidents=_known((_incident("purchase", "catalogue"),)))


def _bought(state: str, created: datetime, **more: Any) -> Situation:
    return replace(_may_buy(), purchases=_known((_purchase(state, created, **more),)))


def _tried(reason: str) -> Situation:
    return _bought("failed", YESTERDAY, closed_at=YESTERDAY, failure_reason=reason)


def _finished(when: datetime, **more: Any) -> Situation:
    bought = _bought("completed", when - 5 * DAY, completed_at=when, paid_at=when - 5 * DAY, **more)
    return replace(bought, incentives=_known((_incentive("conditions_not_met", None),)))


def _finished_whole() -> Situation:
    done = NOW - 40 * DAY
    whole = _finished(done, certificate_at=done + 5 * DAY, rated_at=done + 6 * DAY)
    return replace(whole, incentives=_absent(), payout_account=_known(_account("linked")))


def _paid_out(status: str, due: date | None = None) -> Situation:
    return replace(_finished_whole(), incentives=_known((_incentive(status, due),)))


def _applied(status: str) -> Situation:
    return replace(_nothing(), card=_absent(), waves=_known((WaveApplication(4, status, None),)))


def _person(status: str) -> Participant:
    verified = status != "new"
    return Participant("P-77000001", "Sari Dewanti", "+62840•••••00", "p***@p***.example", status, *(verified,) * 4, 4)


def _card(status: str = "active", available_balance: int = 700_000, **more: Any) -> Card:
    given = {"first_purchase_due": NOW + 20 * DAY, "open_holds": 0, "revoked_at": None, "reason": None, **more}
    return Card("1234", status, date(2020, 8, 13), available_balance=available_balance, **given)


def _purchase(state: str, created: datetime, **more: Any) -> Purchase:
    given: dict[str, Any] = {
        **dict.fromkeys(("invoice_code", "failure_reason", "redeem_code_last4", "paid_at", "code_issued_at")),
        **dict.fromkeys(("redeemed_at", "completed_at")),
        **{"class_starts_at": NOW + 2 * DAY, "amount": 300_000},
        **more,
    }
    return Purchase(
        id="B-1",
        platform_id="tokopedia",
        platform_name="Tokopedia",
        course_code="K-1",
        course_title="Excel Laporan Keuangan",
        institution_name="Balai Karya",
        is_bundle=False,
        state=state,
        created_at=created,
        **given,
    )


def _incentive(status: str, due: date | None) -> Incentive:
    return Incentive("job_search", 1, 600_000, status, due, None, None)


def _account(status: str) -> PayoutAccount:
    return PayoutAccount("bni", "BNI", "1122", True, "none", status, None)


def _incident(*components: str) -> OpenIncident:
    given: dict[str, Any] = {"id": "INC-1", "platforms": (), "partners": (), "status": "confirmed", "source": "PMO"}
    given |= {"started_at": NOW - 4 * DAY, "estimated_end_at": NOW + 7 * DAY, "ended_at": None, "as_of": YESTERDAY}
    return OpenIncident(components=components, public_message="Sedang ada penyesuaian.", **given)
