"""A small programme as CSV: three platforms, two institutions, four courses, a few people with one story each."""

import csv
from pathlib import Path

type Rows = list[dict[str, str]]

SITI, RINA, JOKO, LINA = "P000001", "P000004", "P000008", "P000009"
PAID, VOIDED, UNPAID = "TOKPED-RINA00000001", "TOKPED-LINA00000001", "TOKPED-JOKO00000001"
LINKED = "2020-07-01T09:00:00+07:00"


def small_programme() -> dict[str, Rows]:
    """Return the rows of every file; tests change what they are about."""
    return {
        "platforms": [
            {"platform_id": "tokopedia", "name": "Tokopedia", "aliases": "tokped|toped", "invoice_prefix": "TOKPED"},
            {"platform_id": "sisnaker", "name": "Sisnaker", "aliases": "", "invoice_prefix": "SISNKR"},
            {"platform_id": "ruangguru", "name": "Ruangguru", "aliases": "", "invoice_prefix": "RUANGG"},
        ],
        "payment_partners": [_partner("bni", "BNI", "2020-04-11"), _partner("dana", "DANA", "2021-08-25")],
        "institutions": [
            {"institution_id": "L001", "name": "Akademi Tunas", "aliases": "", "city": "Solo"},
            {"institution_id": "ruangguru", "name": "Skill Academy", "aliases": "", "city": "Jakarta"},
        ],
        "organisation_roles": [
            _role("tokopedia", "platform"),
            _role("sisnaker", "platform"),
            _role("ruangguru", "institution"),
            _role("ruangguru", "platform")
            | {"valid_to": "2020-09-04T00:00:00+07:00", "announced_at": "2020-09-04T00:00:00+07:00"}
            | {"effective_note": "sejak gelombang 4 dibuka, menurut Ruangguru"},
        ],
        "courses": [
            _course("K1", "Desain Grafis Dasar"),
            _course("K2", "Desain Grafis Dasar", institution_id="ruangguru"),
            _course("K3", "Menulis Surat Lamaran", status="suspended", status_note="menunggu evaluasi"),
            _course("K4", "Paket Barista", is_bundle="true", sell_until="2020-06-30T23:59:59+07:00"),
        ],
        "offers": [
            _offer("F1", "K1", "tokopedia", starts_at="2020-08-10T09:00:00+07:00", quota="0"),
            _offer("F2", "K1", "tokopedia", starts_at="2020-08-25T09:00:00+07:00"),
            _offer("F3", "K2", "sisnaker", starts_at="", ends_at=""),
            _offer("F4", "K4", "tokopedia", starts_at="2020-06-20T09:00:00+07:00"),
        ],
        "participants": [
            _person(SITI, "Siti Rahmawati", "01"),
            _person(RINA, "Rina Marlina", "04"),
            _person(JOKO, "Joko Susilo", "08"),
            _person(LINA, "Lina Kusuma", "09"),
        ],
        "wave_applications": [
            _application("A1", SITI, 2, "not_selected"),
            _application("A2", SITI, 4, "selected"),
        ],
        "cards": [_card(SITI, "01"), _card(RINA, "04"), _card(JOKO, "08"), _card(LINA, "09")],
        "purchases": [
            _purchase("B1", RINA, PAID, "paid_without_code"),
            _purchase("B2", JOKO, UNPAID, "awaiting_payment", platform_status="paid", paid_at="", transaction_code=""),
            _purchase("B3", LINA, VOIDED, "refunded", platform_status="cancelled"),
        ],
        "ledger_entries": [
            _entry("L1", SITI, "grant", "1000000"),
            _entry("L2", RINA, "grant", "1000000"),
            _entry("L3", RINA, "hold", "300000", "B1"),
            _entry("L4", RINA, "capture", "300000", "B1"),
            _entry("L5", JOKO, "grant", "1000000"),
            _entry("L6", JOKO, "hold", "300000", "B2"),
        ],
        "payout_accounts": [
            _account("Y1", RINA, "unlinked", "2020-08-01T09:00:00+07:00"),
            _account("Y2", RINA, "linked", LINKED),
        ],
        "incentives": [_incentive("N2", RINA, 2), _incentive("N1", RINA, 1)],
        "policies": [
            _policy("first_purchase_days", "30", "2020-04-11", "2023-01-01"),
            _policy("first_purchase_days", "15", "2023-01-01", ""),
        ],
        "waves": [
            {
                "wave": "4",
                "opens_at": "",
                "closes_at": "",
                "decided_at": "",
                "quota": "800000",
                "selected": "",
                "source": "",
            }
        ],
    }


def write_folder(folder: Path, files: dict[str, Rows]) -> Path:
    """Write the files as the programme hands them over."""
    folder.mkdir(exist_ok=True)
    for name, rows in files.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    return folder


def phone(number: str) -> str:
    return f"+628400000{number}"


def _partner(key: str, name: str, since: str) -> dict[str, str]:
    dates = {"valid_from": since, "valid_to": ""}
    kind = {"kind": "bank" if key == "bni" else "ewallet"}
    return {"partner_id": key, "name": name, "aliases": "", "contact": "1500046", "source": "uji", **kind, **dates}


def _role(organisation: str, kind: str) -> dict[str, str]:
    return {
        **{"role_id": f"R-{organisation}-{kind}", "organisation_id": organisation, "kind": kind},
        **{"valid_from": "2020-04-11T00:00:00+07:00", "valid_to": "", "announced_at": ""},
        **{"effective_note": "", "source": "uji"},
    }


def _course(code: str, title: str, **more: str) -> dict[str, str]:
    return {
        **{"course_id": code, "title": title, "institution_id": "L001", "category": "Desain", "type": "webinar"},
        **{"status": "active", "is_bundle": "false", "sell_until": "", "min_age": "", "min_education": ""},
        **{"status_note": "", **more},
    }


def _offer(key: str, course: str, platform: str, **more: str) -> dict[str, str]:
    return {
        **{"offer_id": key, "course_id": course, "platform_id": platform, "price": "300000"},
        **{"schedule_code": f"JDW-{key}", "starts_at": "", "ends_at": "", "quota": "20", **more},
    }


def _person(key: str, name: str, number: str) -> dict[str, str]:
    return {
        **{"participant_id": key, "nik": f"99010101900100{number}", "name": name, "education": "sma"},
        **{"email": f"{name.split()[0].lower()}@peserta.example", "phone": phone(number), "birth_year": "1990"},
        **{"account_status": "verified", "registered_at": "2020-04-12T09:00:00+07:00", "recipient_wave": "4"},
        **dict.fromkeys(("email_verified", "ktp_verified", "face_verified", "nik_kk_verified"), "true"),
    }


def _application(key: str, person: str, wave: int, status: str) -> dict[str, str]:
    dates = {"applied_at": "2020-08-09T09:00:00+07:00", "decided_at": "2020-08-14T12:00:00+07:00"}
    return {"application_id": key, "participant_id": person, "wave": str(wave), "status": status, "reason": "", **dates}


def _card(person: str, number: str) -> dict[str, str]:
    return {
        **{
            "card_id": f"C{number}",
            "participant_id": person,
            "number": f"00001234567800{number}",
            "last4": f"00{number}",
        },
        **{"status": "active", "recipient_since": "2020-08-14T12:00:00+07:00", "revoked_at": "", "reason": ""},
        "first_purchase_due": "2020-09-13T23:59:59+07:00",
    }


def _purchase(key: str, person: str, invoice: str, state: str, **more: str) -> dict[str, str]:
    moments = ("code_issued_at", "redeemed_at", "completed_at", "closed_at", "certificate_at", "rated_at")
    return {
        **{"purchase_id": key, "participant_id": person, "course_id": "K1", "platform_id": "tokopedia"},
        **{"schedule_code": "JDW-F2", "price": "300000", "state": state, "platform_status": "paid"},
        **{"invoice_code": invoice, "transaction_code": f"TRX{key}", "redeem_code_hash": "", "redeem_code_last4": ""},
        **{"selected_at": "2020-08-23T08:05:00+07:00", "expires_at": "2020-08-23T09:05:00+07:00"},
        **{"paid_at": "2020-08-23T08:11:00+07:00", "failure_reason": ""},
        **{"class_starts_at": "2020-08-25T09:00:00+07:00", "class_ends_at": "2020-08-27T09:00:00+07:00"},
        **dict.fromkeys(moments, ""),
        **more,
    }


def _entry(key: str, person: str, kind: str, amount: str, purchase: str = "") -> dict[str, str]:
    return {
        **{"entry_id": key, "participant_id": person, "kind": kind, "amount": amount, "purchase_id": purchase},
        **{"at": "2020-08-23T08:06:00+07:00", "note": ""},
    }


def _account(key: str, person: str, status: str, checked: str) -> dict[str, str]:
    return {
        **{"account_id": key, "participant_id": person, "partner_id": "bni", "last4": "4321", "nik_matches": "true"},
        **{"kyc": "none", "status": status, "reason": "", "linked_at": LINKED, "checked_at": checked},
    }


def _incentive(key: str, person: str, sequence: int) -> dict[str, str]:
    return {
        **{"incentive_id": key, "participant_id": person, "kind": "job_search", "sequence": str(sequence)},
        **{"amount": "600000", "status": "scheduled", "scheduled_for": "2020-09-01T00:00:00+07:00"},
        **{"paid_at": "", "partner_id": "bni", "reason": ""},
    }


def _policy(key: str, value: str, since: str, until: str) -> dict[str, str]:
    dates = {"valid_from": since, "valid_to": until, "as_of": "2020-08-24"}
    return {"key": key, "value": value, "source": "Permenko 11/2020", "note": "", **dates}
