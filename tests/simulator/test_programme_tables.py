"""The generated programme keeps the rules of the state machine and the ledger over every row."""

import hashlib
import json
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import pytest

from simulator.programme.generate import generate
from simulator.programme.tables import COLUMNS, read_table

type Table = list[dict[str, str]]
CAPTURED = {
    *("paid_without_code", "code_issued", "redeemed", "in_progress", "completed"),
    *("code_expired", "cancelling", "refunded", "forfeited"),
}
ALL_STATES = CAPTURED | {"selected", "awaiting_payment", "failed", "expired"}
FINISHED = {"completed", "refunded", "forfeited", "failed", "expired", "code_expired"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("programme")
    generate(folder)
    return folder


@pytest.fixture(scope="module")
def tables(folder: Path) -> dict[str, Table]:
    return {name: read_table(folder, name) for name in COLUMNS}


@pytest.fixture(scope="module")
def named(folder: Path) -> dict[str, dict[str, object]]:
    return {row["key"]: row for row in json.loads((folder / "people.json").read_text())}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def lines_of(tables: dict[str, Table], key: str) -> dict[str, list[dict[str, str]]]:
    grouped = defaultdict(list)
    for line in tables["ledger_entries"]:
        grouped[line[key]].append(line)
    return grouped


def of(tables: dict[str, Table], name: str, participant: object) -> Table:
    return [row for row in tables[name] if row["participant_id"] == participant]


def balance(lines: list[dict[str, str]]) -> int:
    signs = {"grant": 1, "refund": 1, "capture": -1}
    closed = {line["purchase_id"] for line in lines if line["kind"] in ("capture", "release")}
    total = 0
    for line in lines:
        if line["kind"] == "hold":
            total -= int(line["amount"]) if line["purchase_id"] not in closed else 0
        elif line["kind"] == "forfeit":
            total -= int(line["amount"]) if not line["purchase_id"] else 0
        else:
            total += signs.get(line["kind"], 0) * int(line["amount"])
    return total


def test_the_programme_has_the_size_it_promises_and_is_made_quickly(tmp_path: Path) -> None:
    started = time.process_time()
    counts = generate(tmp_path)
    assert time.process_time() - started < 5
    assert counts["participants"] == 5000
    assert counts["institutions"] == 165
    assert counts["courses"] > 2000
    assert counts["platforms"] == 8


def test_the_same_seed_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    generate(tmp_path)
    for path in sorted(folder.iterdir()):
        assert (tmp_path / path.name).read_bytes() == path.read_bytes(), path.name


def test_no_balance_falls_below_zero(tables: dict[str, Table]) -> None:
    assert min(balance(lines) for lines in lines_of(tables, "participant_id").values()) >= 0


def test_captures_less_refunds_equal_what_is_bought_and_not_refunded(tables: dict[str, Table]) -> None:
    totals = Counter[str]()
    for line in tables["ledger_entries"]:
        totals[line["kind"]] += int(line["amount"])
    owed = sum(int(p["price"]) for p in tables["purchases"] if p["state"] in CAPTURED - {"refunded"})
    assert totals["capture"] - totals["refund"] == owed


def test_every_captured_purchase_has_one_capture_and_others_none(tables: dict[str, Table]) -> None:
    by_purchase = lines_of(tables, "purchase_id")
    for purchase in tables["purchases"]:
        kinds = Counter(line["kind"] for line in by_purchase[purchase["purchase_id"]])
        assert kinds["capture"] == (purchase["state"] in CAPTURED), purchase["purchase_id"]
        assert kinds["refund"] == (purchase["state"] == "refunded")
        assert kinds["forfeit"] == (purchase["state"] == "forfeited")
        assert kinds["hold"] == kinds["capture"] + kinds["release"] + (purchase["state"] == "awaiting_payment")


def test_no_two_purchases_share_a_code_or_an_invoice(tables: dict[str, Table]) -> None:
    for column in ("redeem_code_hash", "invoice_code", "transaction_code"):
        values = [p[column] for p in tables["purchases"] if p[column]]
        assert len(values) == len(set(values))


def test_every_state_of_the_machine_occurs(tables: dict[str, Table]) -> None:
    assert {p["state"] for p in tables["purchases"]} == ALL_STATES


def test_a_second_training_follows_only_a_finished_first(tables: dict[str, Table]) -> None:
    grouped = defaultdict(list)
    for purchase in tables["purchases"]:
        grouped[purchase["participant_id"]].append(purchase)
    for purchases in grouped.values():
        purchases.sort(key=lambda p: at(p["selected_at"]))
        for earlier, later in pairwise(purchases):
            ended = earlier["completed_at"] or earlier["closed_at"]
            assert earlier["state"] in FINISHED
            assert at(ended) <= at(later["selected_at"])


def test_bundles_were_bought_in_time_and_the_first_purchase_within_thirty_days(tables: dict[str, Table]) -> None:
    bundles = {c["course_id"]: at(c["sell_until"]) for c in tables["courses"] if c["is_bundle"] == "true"}
    due = {card["participant_id"]: at(card["first_purchase_due"]) for card in tables["cards"]}
    since = {card["participant_id"]: at(card["recipient_since"]) for card in tables["cards"]}
    bought_bundles, first = 0, {}
    for purchase in tables["purchases"]:
        moment = at(purchase["selected_at"])
        assert since[purchase["participant_id"]] <= moment
        if purchase["state"] in CAPTURED:
            first.setdefault(purchase["participant_id"], moment)
        if purchase["course_id"] in bundles:
            bought_bundles += 1
            assert moment <= bundles[purchase["course_id"]]
    assert bought_bundles > 20
    assert all(moment <= due[participant] for participant, moment in first.items())


def times_in_order(purchase: dict[str, str]) -> Iterator[datetime]:
    steps = ("selected_at", "paid_at", "code_issued_at", "redeemed_at", "completed_at", "certificate_at", "rated_at")
    return (at(purchase[step]) for step in steps if purchase[step])


def test_what_happened_to_a_purchase_happened_in_order_and_not_tomorrow(tables: dict[str, Table]) -> None:
    now = at("2020-08-24T10:00:00+07:00")
    for purchase in tables["purchases"]:
        moments = list(times_in_order(purchase))
        assert moments == sorted(moments), purchase["purchase_id"]
        assert moments[-1] <= now


def test_every_reference_points_to_a_row(tables: dict[str, Table]) -> None:
    keys = {
        "participant_id": {p["participant_id"] for p in tables["participants"]},
        "course_id": {c["course_id"] for c in tables["courses"]},
        "platform_id": {p["platform_id"] for p in tables["platforms"]},
        "institution_id": {i["institution_id"] for i in tables["institutions"]},
        "partner_id": {p["partner_id"] for p in tables["payment_partners"]},
        "purchase_id": {p["purchase_id"] for p in tables["purchases"]},
    }
    offers = {(o["course_id"], o["platform_id"], o["schedule_code"]) for o in tables["offers"]}
    for name, rows in tables.items():
        for column in keys.keys() & set(COLUMNS[name]):
            assert {row[column] for row in rows} - {""} <= keys[column], (name, column)
    assert {(p["course_id"], p["platform_id"], p["schedule_code"]) for p in tables["purchases"]} <= offers


def test_no_identifier_can_be_anybodys(tables: dict[str, Table]) -> None:
    for person in tables["participants"]:
        assert len(person["nik"]) == 16
        assert person["nik"].startswith("99")
        assert person["phone"].startswith("+62840")
        assert person["email"].endswith(".example")
    assert len({p["nik"] for p in tables["participants"]}) == 5000
    # Surti and Slamet share a telephone
    assert len({p["phone"] for p in tables["participants"]}) == 4999
    assert all(card["number"].startswith("0000") and len(card["number"]) == 16 for card in tables["cards"])


def test_codes_are_handed_over_hashed_only(folder: Path, tables: dict[str, Table]) -> None:
    codes = {row["redeem_code"] for row in tables["api_payments"] if row["redeem_code"]}
    purchases = {p["redeem_code_hash"]: p for p in tables["purchases"] if p["redeem_code_hash"]}
    assert {hashlib.sha256(code.encode()).hexdigest() for code in codes} == set(purchases)
    handed_over = (folder / "purchases.csv").read_text()
    assert not any(code in handed_over for code in codes)


def test_ruangguru_is_a_platform_until_september_and_an_institution_on(tables: dict[str, Table]) -> None:
    roles = {r["kind"]: r for r in tables["organisation_roles"] if r["organisation_id"] == "ruangguru"}
    assert roles["platform"]["valid_to"] == "2020-09-04T00:00:00+07:00"
    assert roles["institution"]["valid_to"] == ""


def test_the_catalogue_has_full_suspended_withdrawn_and_bundled_courses(tables: dict[str, Table]) -> None:
    assert {c["status"] for c in tables["courses"]} == {"active", "suspended", "withdrawn"}
    now = at("2020-08-24T10:00:00+07:00")
    coming_full = [o for o in tables["offers"] if o["quota"] == "0" and o["starts_at"] and at(o["starts_at"]) > now]
    assert len(coming_full) > 50


def test_the_open_incident_names_all_eight_platforms(tables: dict[str, Table]) -> None:
    (incident,) = tables["incidents"]
    assert incident["ended_at"] == ""
    assert len(incident["platforms"].split("|")) == 8
    assert incident["components"] == "purchase|catalogue"


def test_the_named_people_have_their_stories(tables: dict[str, Table], named: dict[str, dict[str, object]]) -> None:
    ids = {key: row["participant_id"] for key, row in named.items()}
    states = {key: [p["state"] for p in of(tables, "purchases", ids[key])] for key in ids if ids[key]}
    nine = {
        **{"siti": [], "budi": ["failed"], "dewi": ["completed"], "rina": ["paid_without_code"]},
        **{"agus": ["code_issued"], "yanto": ["failed", "failed", "expired"], "maya": ["completed"]},
        **{"joko": ["awaiting_payment"], "lina": ["failed"]},
    }
    assert {key: states[key] for key in nine} == nine
    assert balance(of(tables, "ledger_entries", ids["siti"])) == 1_000_000
    assert of(tables, "cards", ids["lina"])[0]["status"] == "revoked"
    assert [i["status"] for i in of(tables, "incentives", ids["maya"])][:2] == ["paid", "failed"]
    assert of(tables, "purchases", ids["joko"])[0]["platform_status"] == "paid"


def test_the_company_has_its_stories(tables: dict[str, Table], named: dict[str, dict[str, object]]) -> None:
    def states(table: str, column: str = "status") -> dict[str, list[str]]:
        return {key: [row[column] for row in of(tables, table, it["participant_id"])] for key, it in named.items()}

    bought = states("purchases", "state")
    assert {key: bought[key] for key in ("hana", "tono", "wati", "putri", "bayu", "dian", "heri")} == {
        **{"hana": ["redeemed"], "tono": ["code_issued"], "wati": ["expired"], "putri": ["awaiting_payment"]},
        **{"bayu": ["cancelling"], "dian": ["failed"] * 3, "heri": ["failed"] * 2},
    }
    cards = {key: of(tables, "cards", it["participant_id"]) for key, it in named.items()}
    assert cards["dian"][0]["first_purchase_due"] == "2020-08-25T23:59:59+07:00"
    assert (cards["heri"][0]["status"], cards["lina"][0]["status"]) == ("revoked", "revoked")
    second = {key: kinds[1] for key, kinds in states("incentives").items() if len(kinds) == 4}
    assert second["galih"] == second["rudi"] == "conditions_not_met"
    assert second["sari"] == second["endang"] == "processing"
    waves = states("wave_applications")
    assert (waves["eka"], waves["fajar"]) == (["joined"], ["not_selected", "not_selected"])


def test_all_named_people_are_bound_on_both_channels_but_the_stranger_and_who_is_still_to_be_bound(
    tables: dict[str, Table], named: dict[str, dict[str, object]]
) -> None:
    bound = defaultdict(set)
    for row in tables["identities"]:
        bound[row["external_id"]].add(row["channel"])
    for key, person in named.items():
        telegram, whatsapp = person["telegram"], person["whatsapp"]
        channels = bound[str(telegram["id"])] | bound[whatsapp["user_id"]]
        assert channels == (set() if key in ("tamu", "surti", "slamet", "nurul") else {"telegram", "whatsapp"}), key


def test_two_participants_share_one_telephone(tables: dict[str, Table], named: dict[str, dict[str, object]]) -> None:
    surti, slamet = (of(tables, "participants", named[key]["participant_id"])[0] for key in ("surti", "slamet"))
    assert surti["participant_id"] != slamet["participant_id"]
    assert surti["phone"] == slamet["phone"]
    assert surti["nik"][-4:] != slamet["nik"][-4:]
    assert named["surti"]["whatsapp"] == named["slamet"]["whatsapp"]
