"""A new model goes into use in every Rasa, or in none: whoever took it gives it back when another cannot load it."""

import json

import httpx
import pytest

from helpdesk.swap import NotSwapped, _one_after_another

OLD, NEW = "helpdesk-old.tar.gz", "helpdesk-new.tar.gz"
RASAS = ["http://satu/webhooks/turn", "http://dua/webhooks/turn"]


class Rasas:
    """Two Rasa servers; one of them may be unable to load the new model, or to go back."""

    def __init__(self, cannot_load: str = "", cannot_go_back: str = "") -> None:
        self.model = {"satu": OLD, "dua": OLD}
        self._cannot_load, self._cannot_go_back = cannot_load, cannot_go_back

    def client(self) -> httpx.Client:
        return httpx.Client(transport=httpx.MockTransport(self._answer))

    def _answer(self, request: httpx.Request) -> httpx.Response:
        host = request.url.host
        if request.method == "GET":
            return httpx.Response(200, json={"model": self.model[host]})
        wanted = json.loads(request.content)["model"]
        if host == (self._cannot_load if wanted == NEW else self._cannot_go_back):
            return httpx.Response(500, json={"error": "internal"})
        self.model[host] = wanted
        return httpx.Response(200, json={"model": wanted})


def test_every_rasa_takes_the_new_model() -> None:
    rasas = Rasas()
    with rasas.client() as client:
        assert _one_after_another(client, RASAS, NEW) == NEW
    assert set(rasas.model.values()) == {NEW}


@pytest.mark.parametrize("broken_at", ["satu", "dua"])
def test_a_model_that_does_not_load_leaves_every_rasa_with_the_old_one(broken_at: str) -> None:
    rasas = Rasas(cannot_load=broken_at)
    with rasas.client() as client, pytest.raises(NotSwapped, match="keeps its model"):
        _one_after_another(client, RASAS, NEW)
    assert set(rasas.model.values()) == {OLD}


def test_a_rasa_that_does_not_go_back_is_named_with_the_way_out() -> None:
    rasas = Rasas(cannot_load="dua", cannot_go_back="satu")
    with rasas.client() as client, pytest.raises(NotSwapped, match=r"http://satu.*helpdesk restart rasa"):
        _one_after_another(client, RASAS, NEW)
