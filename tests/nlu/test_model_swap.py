"""Another model is taken into use while people talk: nobody waits in vain, and a bad request changes nothing."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import httpx
import pytest

from tests.nlu.conftest import Rasa

pytestmark = pytest.mark.stack


def model_of(rasa: Rasa) -> str:
    return str(httpx.get(f"{rasa.url}/webhooks/turn/health").json()["model"])


def test_no_turn_is_dropped_while_a_model_is_swapped(rasa: Rasa) -> None:
    swapped = Event()

    def talk(_: int) -> list[int]:
        met = []
        while not swapped.is_set() or len(met) < 4:
            met.append(rasa.say("otp beli kelas ga masuk").status_code)
        return met

    with ThreadPoolExecutor(5) as people:
        talks = [people.submit(talk, person) for person in range(4)]
        answer = rasa.post({"model": model_of(rasa)}, path="model")
        swapped.set()
    assert (answer.status_code, answer.json()["model"]) == (200, model_of(rasa))
    statuses = [status for talk_ in talks for status in talk_.result()]
    assert len(statuses) > 12
    assert set(statuses) == {200}


def test_what_names_no_model_beside_the_present_one_is_refused(rasa: Rasa) -> None:
    before = model_of(rasa)
    for body, status in [
        ({}, 422),
        ({"model": 3}, 422),
        ({"model": "../secrets.tar.gz"}, 422),
        ({"model": "never-trained.tar.gz"}, 404),
    ]:
        assert rasa.post(body, path="model").status_code == status, body
    assert rasa.post({"model": before}, path="model", token="wrong").status_code == 401
    assert model_of(rasa) == before


def test_the_records_of_a_turn_re_rank_what_the_words_leave_open_and_are_told(rasa: Rasa) -> None:
    words = "kodenya ga masuk2 min"
    plain = rasa.say(words).json()["understanding"]
    names = [ranked["name"] for ranked in plain["ranking"]]
    prior = [{"intent": names[1], "weight": 1.5, "reason": "a purchase waits for its code"}]
    metadata = {"now": "2020-08-24T03:00:00+00:00", "channel": "console", "participant_id": None, "prior": prior}
    told = rasa.say(words, metadata=metadata).json()["understanding"]["prior"]
    assert [(one["intent"], one["reason"]) for one in told] == [(names[1], "a purchase waits for its code")]
    assert told[0]["after"] > told[0]["before"]
    assert plain["prior"] == []
