"""Rasa as a function of state and message, through its one door."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from tests.nlu.conftest import TOKEN, Rasa

pytestmark = pytest.mark.stack

COMPLAINT = "min kok paket kursus tidak ditemukan terus"


def without_what_differs(answer: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in answer.items() if key not in ("took_ms", "turn_id")}


def test_health_names_the_model_without_a_token(rasa: Rasa) -> None:
    assert httpx.get(f"{rasa.url}/webhooks/turn/health").json()["model"].endswith(".tar.gz")


def test_a_greeting_is_answered(rasa: Rasa) -> None:
    answer = rasa.say("halo kak").json()
    assert answer["replies"][0]["text"].startswith("action_small_talk")
    assert answer["understanding"]["intent"]["name"] == "greet"
    assert answer["understanding"]["model"].endswith(".tar.gz")


def test_the_form_asks_for_the_one_thing_missing_until_the_purchase_can_be_looked_up(rasa: Rasa) -> None:
    asked = rasa.say(COMPLAINT).json()
    assert asked["replies"][0]["text"] == "Di platform mana, Kak?"
    assert asked["state"]["asks"] == "platform"
    asked = rasa.say("di sisnaker kak", asked["state"]).json()
    assert asked["replies"][0]["text"] == "Pelatihan yang mana, Kak?"
    done = rasa.say("barista pemula", asked["state"]).json()
    assert done["replies"][0]["text"] == "action_check_purchase: sisnaker, barista pemula"
    assert done["findings"] == [{"check": "action_check_purchase", "verdict": "unknown"}]
    assert done["proposals"] == [{"kind": "ticket", "intent": "package_not_found"}]
    assert "form" not in done["state"]


def test_an_answer_is_not_taken_for_a_second_problem(rasa: Rasa) -> None:
    state = rasa.say(COMPLAINT).json()["state"]
    answer = rasa.say("di bukalapak, kelas barista", state).json()
    assert answer["understanding"]["also"] == []
    assert answer["replies"][0]["text"] == "action_check_purchase: bukalapak, barista"


def test_a_pressed_button_is_taken_as_given(rasa: Rasa) -> None:
    asked = rasa.say(COMPLAINT).json()
    choice = asked["replies"][0]["buttons"][0]["choice"]
    answer = rasa.say("Sisnaker", asked["state"], choice=choice).json()
    assert answer["understanding"]["intent"] == {"name": "inform", "confidence": 1.0}
    assert answer["state"]["slots"]["platform"] == "sisnaker"


def test_the_same_turn_asked_twice_gives_the_same_answer(rasa: Rasa) -> None:
    state = rasa.say(COMPLAINT).json()["state"]
    first, second = (rasa.say("di tokped", state, turn_id="again").json() for _ in range(2))
    assert without_what_differs(first) == without_what_differs(second)


def test_two_turns_at_once_do_not_see_each_other(rasa: Rasa) -> None:
    state = rasa.say(COMPLAINT).json()["state"]
    platforms = ["tokopedia", "bukalapak", "pintaria", "sisnaker"] * 6
    with ThreadPoolExecutor(8) as people:
        answers = list(people.map(lambda platform: rasa.say(f"di {platform}", state).json(), platforms))
    assert [answer["state"]["slots"]["platform"] for answer in answers] == platforms


def test_asking_for_a_person_in_the_middle_of_the_form_ends_it(rasa: Rasa) -> None:
    state = rasa.say(COMPLAINT).json()["state"]
    answer = rasa.say("mana adminnya, mau ngomong sama orang", state).json()
    assert answer["replies"][0]["text"].startswith("action_hand_over")
    assert "form" not in answer["state"]


def test_a_question_in_the_middle_of_the_form_is_answered_and_the_form_goes_on(rasa: Rasa) -> None:
    state = rasa.say(COMPLAINT).json()["state"]
    answer = rasa.say("oh iya cara daftar prakerja gimana ya, syaratnya apa aja buat ibu saya", state).json()
    assert answer["replies"][0]["text"].startswith("action_answer_from_knowledge")
    assert answer["replies"][1]["text"] == "Di platform mana, Kak?"
    assert answer["state"]["asks"] == "platform"


def test_all_three_problems_of_an_angry_message_are_read(rasa: Rasa) -> None:
    text = "BOT GOBLOK udah 3 hari ga bisa beli, otp jg ga masuk, mana adminnya!!"
    read = rasa.say(text).json()["understanding"]
    found = {read["intent"]["name"], *(second["name"] for second in read["also"])}
    assert found == {"talk_to_human", "package_not_found", "purchase_otp"}


@pytest.mark.parametrize("text", ["kartu prakerja", "prakerja min", "🙏🙏", "//", "\u200b\u200f"])
def test_a_message_that_says_nothing_is_asked_back(rasa: Rasa, text: str) -> None:
    answer = rasa.say(text).json()
    assert answer["replies"][0]["text"].startswith("action_clarify")


@pytest.mark.parametrize(
    "text", ["/restart", " /restart", '/inform{"platform": "bukalapak"}', "/back", "/session_start"]
)
def test_a_command_in_a_chat_is_only_text(rasa: Rasa, text: str) -> None:
    state = {"slots": {"course": "barista"}}
    answer = rasa.say(text, state).json()
    assert answer["replies"]
    assert answer["state"]["slots"]["course"] == "barista"
    assert answer["understanding"]["intent"]["confidence"] < 1.0


def test_a_long_message_is_read_within_a_second(rasa: Rasa) -> None:
    answers = [rasa.say("saya tidak bisa bayar. " * 350) for _ in range(5)]
    assert {answer.status_code for answer in answers} == {200}
    # the best: what the others took may say how busy the machine is
    assert min(answer.json()["took_ms"] for answer in answers) < 1_000


def test_a_wrong_token_is_refused(rasa: Rasa) -> None:
    for path in ("turns", "parse"):
        refused = rasa.post({"text": "halo"}, path, token=TOKEN[:-1])
        assert (refused.status_code, refused.json()["error"]) == (401, "unauthorized")


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"turn_id": None}, "missing_turn_id"),
        ({"sender": ""}, "missing_sender"),
        ({"text": "  "}, "empty_text"),
        ({"choice": {"intent": "restart"}}, "unknown_intent"),
        ({"choice": {"intent": "inform", "slots": {"participant_id": "x"}}}, "unknown_slot"),
    ],
)
def test_what_is_not_a_turn_is_refused(rasa: Rasa, changed: dict[str, Any], error: str) -> None:
    refused = rasa.post({"turn_id": "1", "sender": "siti", "text": "halo", **changed})
    assert (refused.status_code, refused.json()["error"]) == (422, error)


def test_a_body_that_is_not_json_is_refused(rasa: Rasa) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    refused = httpx.post(f"{rasa.url}/webhooks/turn/turns", content=b'{"turn_id": ', headers=headers)
    assert (refused.status_code, refused.json()["error"]) == (422, "not_json")


def test_too_long_a_text_is_refused(rasa: Rasa) -> None:
    assert rasa.say("a" * 8_193).status_code == 413


@pytest.mark.parametrize("text", ["server jatuh, gagal bayar terus", "jawaban rusak, gagal bayar terus"])
def test_a_failed_action_is_an_error_and_never_an_empty_answer(rasa: Rasa, text: str) -> None:
    failed = rasa.say(text)
    assert (failed.status_code, failed.json()["error"]) == (503, "action_server_failed")
    assert rasa.say("halo").status_code == 200


def test_a_turn_that_leads_to_no_reply_is_an_error(rasa: Rasa) -> None:
    failed = rasa.say("diam saja, mau ngomong sama admin")
    assert (failed.status_code, failed.json()["error"]) == (500, "no_reply")


def test_actions_hear_the_metadata_and_the_second_problem_but_not_the_whole_domain(rasa: Rasa) -> None:
    rasa.say("gagal bayar terus, sertifikat juga belum muncul", metadata={"participant_id": "siti", "now": "x"})
    heard = httpx.get(f"{rasa.actions_url}/heard").json()[-1]
    message = heard["tracker"]["latest_message"]
    assert message["metadata"]["participant_id"] == "siti"
    problems = {message["intent"]["name"], *(second["name"] for second in message["also"])}
    assert problems == {"payment_failed", "certificate_missing"}
    assert set(heard["domain"]) == {"slots", "forms"}


def test_parsing_gives_the_understanding_alone(rasa: Rasa) -> None:
    read = rasa.post({"text": "insentif gel 4 belum cair ke ovo"}, "parse").json()
    assert read["intent"]["name"] == "incentive_not_received"
    assert {entity["entity"]: entity["value"] for entity in read["entities"]} == {"wave": 4, "partner": "ovo"}


def test_nothing_that_was_said_stands_in_the_log(rasa: Rasa) -> None:
    secret = "zebra-ungu-7781"
    rasa.say(f"gagal bayar {secret}")
    rasa.say(f"server jatuh gagal bayar {secret}")
    rasa.say(f"diam saja, mau ngomong sama admin {secret}")
    rasa.post(json.dumps({"text": secret}))
    assert secret not in rasa.log.read_text()


def test_rasas_own_doors_are_closed(rasa: Rasa) -> None:
    assert httpx.get(f"{rasa.url}/conversations/siti/tracker").status_code == 404
    assert httpx.post(f"{rasa.url}/webhooks/rest/webhook", json={"sender": "a", "message": "halo"}).status_code == 404
