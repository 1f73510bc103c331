"""Meta's own description of its API, served by Prism, judges every body we send WhatsApp.

The description is of v23.0 and never leaves its folder; without it, or without Prism, these tests are skipped. Where it
is older or stricter than the API, the difference is written down here and itself held: a difference that is gone fails.
"""

import copy
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from bot.channels.whatsapp.bodies import body_of, read_body, typed_body_of
from bot.sending import Button, OutboundMessage
from desk.message_templates import catalogue
from tests.bot.web import held_port

HERE = Path(__file__).parent
META = HERE.parents[1].parent / "shared/data/whatsapp-business-messaging-v23.0.yaml"
PRISM = HERE / "node_modules/.bin/prism"
START_SECONDS = 180

pytestmark = [
    pytest.mark.skipif(not META.exists(), reason="Meta's description is not here"),
    pytest.mark.skipif(not PRISM.exists() or not shutil.which("node"), reason="Prism is not installed"),
]

type Body = dict[str, Any]


def message(text: str, choices: int = 0, **more: Any) -> OutboundMessage:
    buttons = tuple(Button(f"Pilihan nomor {n} yang panjang", f"tok-{n}") for n in range(choices))
    return OutboundMessage("0c7e", "ID.1", more.pop("address", "6281200000001"), text, buttons, **more)


def template(name: str) -> Body:
    found = catalogue()[name]
    shown = {"name": name, "language": found.language, "parameters": [f"contoh {one}" for one in found.parameters]}
    return body_of(message("", template=shown))


TAKEN = {
    "text": body_of(message("Halo Kak")),
    "longest text": body_of(message("x" * 9000)),
    "one button": body_of(message("Benar?", 1)),
    "three buttons": body_of(message("Pilih", 3)),
    "buttons under the longest body": body_of(message("x" * 1024, 3)),
    "list": body_of(message("Pilih", 4)),
    "longest list": body_of(message("Pilih", 14)),
    **{f"template {name}": template(name) for name in catalogue()},
    "template without places": body_of(message("", template={"name": "salam", "language": "id"})),
    "choices to type": typed_body_of(message("Pilih", 14)),
}
"""What must be taken as soon as the field that the description does not know is left out."""


def without_our_id(body: Body) -> Body:
    return {name: value for name, value in body.items() if name != "biz_opaque_callback_data"}


@pytest.fixture(scope="module")
def judge() -> Iterator[httpx.Client]:
    with held_port() as held:
        port = held.getsockname()[1]
        command = ["node", str(PRISM), "mock", "--errors", "-h", "127.0.0.1", "-p", str(port), str(META)]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            headers = {"Authorization": "Bearer rahasia"}
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=60) as client:
                _up(client, process)
                yield client
        finally:
            process.terminate()
            process.wait()


def _up(client: httpx.Client, process: "subprocess.Popen[bytes]") -> None:
    ends = time.monotonic() + START_SECONDS
    while time.monotonic() < ends and process.poll() is None:
        with suppress(httpx.TransportError):
            client.get("/")
            return
        time.sleep(0.2)
    pytest.fail("Prism did not start")


def says(judge: httpx.Client, body: Body) -> int:
    return judge.post("/v23.0/100/messages", json=body).status_code


@pytest.mark.parametrize("name", TAKEN)
def test_each_body_is_taken(judge: httpx.Client, name: str) -> None:
    assert says(judge, without_our_id(TAKEN[name])) == 200


@pytest.mark.parametrize(
    "spoil",
    [
        lambda body: body.pop("recipient_type"),
        lambda body: body.pop("to"),
        lambda body: body["interactive"]["action"]["sections"][0]["rows"].append({"id": "x", "title": "Kesebelas"}),
        lambda body: body["interactive"]["action"]["sections"][0]["rows"][0].update(title="x" * 25),
        lambda body: body["interactive"]["action"]["sections"][0]["rows"][0].update(id="x" * 201),
        lambda body: body["interactive"]["body"].update(text="x" * 1025),
        lambda body: body["interactive"].pop("action"),
    ],
)
def test_the_judge_is_awake(judge: httpx.Client, spoil: Callable[[Body], object]) -> None:
    body = copy.deepcopy(without_our_id(TAKEN["longest list"]))
    assert says(judge, body) == 200
    spoil(body)
    assert says(judge, body) == 422


def test_without_a_token_nothing_is_taken(judge: httpx.Client) -> None:
    answer = judge.post("/v23.0/100/messages", json=TAKEN["text"], headers={"Authorization": ""})
    assert answer.status_code == 401


DIFFERENCES: dict[str, tuple[Body, Body]] = {
    "biz_opaque_callback_data is not known": (TAKEN["text"], without_our_id(TAKEN["text"])),
    "a person without a number is not known (2026)": (
        without_our_id(body_of(message("Halo", address=""))),
        without_our_id(body_of(message("Halo"))),
    ),
    "a list may hold a longer body (4096 in Meta's guide, 1024 here)": (
        without_our_id(body_of(message("x" * 1025, 4))),
        without_our_id(body_of(message("x" * 1024, 4))),
    ),
    "read receipts are not messages here": (read_body("wamid.1", typing=False), TAKEN["text"]),
    "typing is not a message here": (read_body("wamid.1", typing=True), TAKEN["text"]),
}
"""What the description refuses though the API takes it, and beside it the nearest that is taken."""


@pytest.mark.parametrize("name", DIFFERENCES)
def test_the_known_differences_are_still_differences(judge: httpx.Client, name: str) -> None:
    refused, nearest = DIFFERENCES[name]
    assert says(judge, refused) == 422
    assert says(judge, without_our_id(nearest)) == 200


@pytest.mark.parametrize(
    "spoil",
    [
        lambda part: part.update(language="id"),
        lambda part: part["language"].pop("policy"),
        lambda part: part.pop("name"),
        lambda part: part["components"][0].update(type="footer"),
    ],
)
def test_a_template_of_another_form_is_not_taken(judge: httpx.Client, spoil: Callable[[Body], object]) -> None:
    body = copy.deepcopy(without_our_id(TAKEN["template balasan_petugas"]))
    spoil(body["template"])
    assert says(judge, body) == 422


def test_our_sign_of_reading_is_metas_own_example() -> None:
    described: Body = yaml.safe_load(META.read_text())
    messages = described["paths"]["/{Version}/{Phone-Number-ID}/messages"]["post"]["requestBody"]
    example = messages["content"]["application/json"]["examples"]["Send typing indicator and read receipt"]["value"]
    assert read_body(example["message_id"], typing=True) == example
