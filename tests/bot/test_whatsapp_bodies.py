"""What we send WhatsApp fits its limits, and every choice can still be told from the others."""

from datetime import date, datetime, timedelta

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import wording
from bot.channels.whatsapp import WhatsAppChannel, body_of
from bot.channels.whatsapp.bodies import typed_body_of
from bot.channels.whatsapp.titles import short_titles
from bot.channels.whatsapp.versions import ENDS, UnknownVersion, end_of, ends_soon
from bot.sending import Button, OutboundMessage, WindowClosed
from bot.settings import WhatsAppSettings
from tests.conftest import OPENING

PLATFORMS = ("Kelas desain di Tokopedia", "Kelas desain di Bukalapak", "Kelas desain di Sisnaker", "Lainnya")


def message(text: str = "Halo", *titles: str, address: str = "62812", **more: object) -> OutboundMessage:
    buttons = tuple(Button(title, f"t{n}") for n, title in enumerate(titles))
    return OutboundMessage("0-outbox", "ID.1", address, text, buttons, **more)  # type: ignore[arg-type]


@given(
    st.lists(st.text(alphabet="ab… \n", max_size=60), min_size=1, max_size=10),
    st.sampled_from([20, 24]),
)
@settings(max_examples=300, deadline=None)
def test_cut_titles_fit_and_no_two_become_equal(titles: list[str], limit: int) -> None:
    cut = short_titles(titles, limit)
    assert len(cut) == len(titles)
    assert all(0 < len(title) <= limit for title in cut)
    assert len({title.casefold() for title in cut}) == len(cut)


def test_titles_that_begin_alike_show_where_they_differ() -> None:
    alike = ["Saldo terpotong, kode belum masuk", "Saldo terpotong, kode tidak bisa dipakai"]
    assert short_titles([*alike, "Ya"], 20) == ["Saldo terpoto…masuk", "Saldo terpoto…ipakai", "Ya"]
    assert short_titles(PLATFORMS[:3], 20) == ["Kelas desain di Tok…", "Kelas desain di Buk…", "Kelas desain di Sis…"]
    assert short_titles(["Sama", "Sama", "sama"], 20) == ["Sama", "Sama 2", "sama 3"]


def test_three_choices_are_buttons_and_four_are_a_list_whose_rows_say_all() -> None:
    three, four = body_of(message("Pilih ya", *PLATFORMS[:3])), body_of(message("Pilih ya", *PLATFORMS))
    assert three["interactive"]["type"] == "button"
    assert four["interactive"]["type"] == "list"
    rows = four["interactive"]["action"]["sections"][0]["rows"]
    assert [row.get("description", row["title"]) for row in rows] == list(PLATFORMS)


@pytest.mark.parametrize("length", [1, 1024, 1025, 3500, 4096, 9000])
@pytest.mark.parametrize("choices", [0, 1, 3, 4, 10, 14])
def test_every_length_with_every_number_of_choices_fits_and_loses_no_choice(length: int, choices: int) -> None:
    titles = [f"Pilihan nomor {n} dengan nama panjang" for n in range(choices)]
    body = body_of(message("x" * length, *titles))
    if body["type"] == "text":
        assert choices == 0
        assert len(body["text"]["body"]) <= 4096
        return
    part = body["interactive"]
    assert len(part["body"]["text"]) <= (1024 if part["type"] == "button" else 4096)
    shown = part["action"].get("buttons") or part["action"]["sections"][0]["rows"]
    assert len(shown) == min(choices, 10)
    assert all(title in part["body"]["text"] for title in titles[10:])
    assert len(typed_body_of(message("x" * length, *titles))["text"]["body"]) <= 4096


def test_a_reply_goes_to_the_number_or_else_to_the_user_id() -> None:
    assert body_of(message())["to"] == "62812"
    assert "recipient" not in body_of(message())
    nobodys_number = body_of(message(address=""))
    assert (nobodys_number["recipient"], "to" in nobodys_number) == ("ID.1", False)
    moved = body_of(message(address="ID.9"))
    assert (moved["recipient"], "to" in moved) == ("ID.9", False)


def test_our_outbox_id_goes_with_every_message() -> None:
    template = {"name": "balasan_petugas", "language": "id", "parameters": ["T-1"]}
    for sent in (message(), message("Pilih", "a"), message("Pilih", *PLATFORMS), message(template=template)):
        assert body_of(sent)["biz_opaque_callback_data"] == "0-outbox"


def test_a_template_carries_its_parameters_on_one_line() -> None:
    template = {"name": "balasan_petugas", "language": "id", "parameters": ["T-1\n  dan", ""]}
    body = body_of(message("x", template=template))
    assert body["template"] == {
        "name": "balasan_petugas",
        "language": {"policy": "deterministic", "code": "id"},
        "components": [
            {"type": "body", "parameters": [{"type": "text", "text": "T-1 dan"}, {"type": "text", "text": "-"}]}
        ],
    }


def test_a_group_is_told_where_to_write_in_private() -> None:
    assert wording.PRIVATE_CHAT_WHATSAPP in body_of(message(wording.GROUP))["text"]["body"]


@pytest.mark.parametrize(
    ("left", "sent"), [(timedelta(seconds=1), True), (timedelta(0), False), (-timedelta(1), False)]
)
async def test_no_free_text_leaves_outside_the_window_but_a_template_does(left: timedelta, sent: bool) -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, json={"messages": [{"id": "wamid.1"}]})

    sender = WhatsAppChannel(
        WhatsAppSettings(_env_file=None),
        httpx.AsyncClient(transport=httpx.MockTransport(answer)),
        lambda: OPENING,
    )
    until: datetime = OPENING + left
    if sent:
        assert await sender.send(message(window_until=until)) == "wamid.1"
    else:
        with pytest.raises(WindowClosed):
            await sender.send(message(window_until=until))
        assert asked == []
    template = {"name": "balasan_petugas", "language": "id"}
    assert await sender.send(message(window_until=until, template=template)) == "wamid.1"


def test_the_pinned_version_is_one_whose_end_is_known() -> None:
    pinned = WhatsAppSettings(_env_file=None).whatsapp_api_version
    assert end_of(pinned) == date(2027, 10, 8)
    assert not ends_soon(pinned, date(2027, 7, 9))
    assert ends_soon(pinned, date(2027, 7, 10))
    assert not ends_soon("v26.0", date(2030, 1, 1))
    with pytest.raises(UnknownVersion):
        end_of("v99.0")
    assert ends_soon("v99.0", date(2026, 11, 22))
    assert list(ENDS) == sorted(ENDS)
