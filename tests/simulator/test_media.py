"""The sample files are as good and as bad as they are called, on both channels."""

import io
from typing import Any

import httpx
import pytest
from PIL import Image

from simulator.media import SAMPLES, MediaStore
from tests.simulator.conftest import TOKEN

AUTH = {"Authorization": "Bearer wa-token"}
BY_NAME = {media.name: media for media in SAMPLES}


@pytest.mark.parametrize("name", ["error", "receipt", "place", "sticker", "small"])
def test_a_good_picture_opens(name: str) -> None:
    with Image.open(io.BytesIO(BY_NAME[name].content)) as image:
        image.load()
        assert image.size == BY_NAME[name].size


def test_the_photograph_with_a_place_says_where_it_was_taken() -> None:
    with Image.open(io.BytesIO(BY_NAME["place"].content)) as image:
        assert image.getexif().get_ifd(0x8825)[1] == "S"


def test_the_bomb_is_small_and_says_that_it_is_huge() -> None:
    assert len(BY_NAME["bomb"].content) < 200_000
    assert BY_NAME["bomb"].size == (30_000, 30_000)


def test_no_two_samples_are_mistaken_for_each_other() -> None:
    store = MediaStore()
    for media in SAMPLES:
        assert store.find(media.file_id) is store.whatsapp(media.whatsapp_id) is store.at(media.path) is media


@pytest.mark.parametrize("channel", ["telegram", "whatsapp"])
async def test_a_named_sample_is_what_the_person_sends(http: httpx.AsyncClient, say: Any, channel: str) -> None:
    await say("siti", "buktinya", do="photo", channel=channel, sample="receipt")
    (item,) = (await http.get(f"/control/chats/{channel}/siti")).json()["items"]
    assert (item["extra"]["sample"], item["text"]) == ("receipt", "buktinya")
    shown = await http.get("/page/pictures/receipt")
    assert shown.content == BY_NAME["receipt"].content


@pytest.mark.parametrize("channel", ["telegram", "whatsapp"])
async def test_a_sample_nobody_knows_cannot_be_sent(http: httpx.AsyncClient, channel: str) -> None:
    act = {"as": "siti", "do": "photo", "channel": channel, "sample": "virus"}
    assert (await http.post("/control/send", json=act)).status_code == 409


@pytest.mark.parametrize(("name", "status"), [("redirect", 302), ("expired", 404), ("error", 200)])
async def test_a_trap_is_in_the_way_to_the_file(http: httpx.AsyncClient, name: str, status: int) -> None:
    media = BY_NAME[name]
    found = (await http.post(f"/telegram/bot{TOKEN}/getFile", json={"file_id": media.file_id})).json()["result"]
    on_telegram = await http.get(f"/telegram/file/bot{TOKEN}/{found['file_path']}")
    link = (await http.get(f"/whatsapp/v23.0/{media.whatsapp_id}", headers=AUTH)).json()["url"]
    on_whatsapp = await http.get(link, headers=AUTH)
    assert (on_telegram.status_code, on_whatsapp.status_code) == (status, status)


async def test_a_file_that_is_gone_is_known_on_neither_channel(http: httpx.AsyncClient) -> None:
    media = BY_NAME["gone"]
    asked = await http.post(f"/telegram/bot{TOKEN}/getFile", json={"file_id": media.file_id})
    assert asked.json()["error_code"] == 400
    linked = await http.get(f"/whatsapp/v23.0/{media.whatsapp_id}", headers=AUTH)
    assert linked.json()["error"]["code"] == 100
