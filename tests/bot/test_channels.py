"""What providers send is read whole; what is forged or broken changes nothing."""

import hashlib
import hmac
from pathlib import Path

import pytest

from bot.channels import telegram, whatsapp
from bot.channels.whatsapp import body_of
from bot.events import DeliveryStatus, InboundEvent, Kind
from bot.sending import (
    Button,
    OutboundMessage,
)
from bot.settings import TelegramSettings, WhatsAppSettings
from bot.webhooks import telegram_arrival, whatsapp_arrivals

PAYLOADS = Path(__file__).parent / "payloads"


def whatsapp_settings() -> WhatsAppSettings:
    return WhatsAppSettings(
        whatsapp_app_secret="rahasia", whatsapp_token="t", whatsapp_phone_number_id="100", whatsapp_verify_token="v"
    )


def test_a_batch_with_one_broken_part_loses_only_that_part() -> None:
    body = (PAYLOADS / "whatsapp_batch.json").read_bytes()
    arrivals = whatsapp_arrivals(body)
    said = [a.text for a in arrivals if isinstance(a, InboundEvent) and a.kind is Kind.TEXT]
    assert said == ["min ga bisa bayar", "halo", "dari nomor lain"]
    assert [a.status for a in arrivals if isinstance(a, DeliveryStatus)] == ["delivered", "refused"]
    assert len(arrivals) == 7
    pressed = next(a for a in arrivals if isinstance(a, InboundEvent) and a.kind is Kind.BUTTON)
    assert (pressed.token, pressed.text) == ("tok-1", "Tokopedia")


def test_a_person_without_a_number_is_known_by_the_business_scoped_id() -> None:
    body = (PAYLOADS / "whatsapp_no_number.json").read_bytes()
    (event,) = whatsapp_arrivals(body)
    assert isinstance(event, InboundEvent)
    assert (event.person, event.address, event.phone) == ("ID.4411", "", None)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"entry": 3}', b'{"object": "x"}', b"\xff\xfe"])
def test_an_unreadable_whatsapp_body_is_kept(body: bytes) -> None:
    (kept,) = whatsapp_arrivals(body)
    assert not isinstance(kept, InboundEvent | DeliveryStatus)
    assert kept.raw == body


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'{"update_id": 1}', b'{"message": {}}', b"\x00"])
def test_an_unreadable_update_is_kept(body: bytes) -> None:
    kept = telegram_arrival(body)
    assert not isinstance(kept, InboundEvent | DeliveryStatus)
    assert kept.raw == body


def test_a_signature_is_over_the_very_bytes() -> None:
    body = '{"entry":[{"é":"😀"}]}'.encode()
    proper = "sha256=" + hmac.new(b"rahasia", body, hashlib.sha256).hexdigest()
    assert whatsapp.genuine(whatsapp_settings(), proper, body)
    assert not whatsapp.genuine(whatsapp_settings(), proper, body + b" ")
    assert not whatsapp.genuine(whatsapp_settings(), proper.upper(), body)
    assert not whatsapp.genuine(whatsapp_settings(), None, body)
    assert not whatsapp.genuine(WhatsAppSettings(_env_file=None), proper, body)


def test_a_snowman_is_no_secret() -> None:
    settings = TelegramSettings(telegram_secret="s3cret")
    assert telegram.genuine(settings, "s3cret")
    assert not telegram.genuine(settings, "☃")
    assert not telegram.genuine(settings, None)
    assert not telegram.genuine(TelegramSettings(_env_file=None), "")


def message(buttons: int = 0, text: str = "Halo", address: str = "62812") -> OutboundMessage:
    choices = tuple(Button(f"Pilihan yang panjang sekali {n}", f"t{n}") for n in range(buttons))
    return OutboundMessage("0-outbox", "ID.1", address, text, choices)


def test_bodies_keep_metas_limits() -> None:
    three, eight = body_of(message(3)), body_of(message(8))
    titles = [button["reply"]["title"] for button in three["interactive"]["action"]["buttons"]]
    assert len(set(titles)) == 3
    assert all(len(title) <= 20 for title in titles)
    rows = eight["interactive"]["action"]["sections"][0]["rows"]
    assert len(rows) == 8
    assert all(len(row["title"]) <= 24 for row in rows)
    assert body_of(message(3, "x" * 2000))["interactive"]["type"] == "list"
    assert body_of(message(address=""))["recipient"] == "ID.1"
    assert body_of(message())["biz_opaque_callback_data"] == "0-outbox"
