"""WhatsApp Cloud API: webhooks in (challenge, HMAC over the raw bytes, batches), messages out.

Parsed by our own code, because libraries drop all but the first message of a batch. People are keyed by the
business-scoped user id where Meta tells one, else by number. Limits: text 4096, 3 buttons of 20 characters, a list of
10 rows of 24; a window of 24 hours after the person's last message.
"""

import hashlib
import hmac
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import orjson

from bot.events import DeliveryStatus, InboundEvent, Kind, Unreadable
from bot.sending import Ambiguous, ChannelStopped, OutboundMessage, Refused, RetryLater, SendError, Unreachable
from bot.settings import WhatsAppSettings

CHANNEL = "whatsapp"
TEXT_LIMIT = 4096
BODY_LIMIT = 1024
REPLY_BUTTONS = 3
BUTTON_TITLE = 20
LIST_ROWS = 10
ROW_TITLE = 24
BACKOFF_SECONDS = 2.0

KINDS = {
    "text": Kind.TEXT,
    "interactive": Kind.BUTTON,
    "button": Kind.BUTTON,
    "image": Kind.PHOTO,
    "document": Kind.DOCUMENT,
    "video": Kind.DOCUMENT,
    "audio": Kind.VOICE,
    "voice": Kind.VOICE,
    "sticker": Kind.STICKER,
    "location": Kind.LOCATION,
    "contacts": Kind.CONTACT,
}
CHANGES_WHO = ("user_changed_number", "user_changed_user_id")
STATUSES = {"sent": "sent", "delivered": "delivered", "read": "read", "failed": "refused"}


def genuine(settings: WhatsAppSettings, header: str | None, body: bytes) -> bool:
    """Return whether X-Hub-Signature-256 is Meta's over these very bytes."""
    secret = settings.whatsapp_app_secret.get_secret_value()
    proper = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return bool(secret) and hmac.compare_digest((header or "").encode(), proper.encode())


def challenge(settings: WhatsAppSettings, mode: str | None, token: str | None) -> bool:
    """Return whether Meta's set-up call presents our verify token."""
    wanted = settings.whatsapp_verify_token.get_secret_value()
    return mode == "subscribe" and bool(wanted) and hmac.compare_digest((token or "").encode(), wanted.encode())


def unpack(body: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield every message and status of a webhook as ("message" | "status", its own JSON); raises Unreadable."""
    try:
        entries = orjson.loads(body)["entry"]
        changes = [change for entry in entries for change in entry.get("changes", [])]
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise Unreadable(f"bukan webhook WhatsApp: {problem}") from problem
    for change in changes:
        value = change.get("value") if isinstance(change, dict) else None
        if not isinstance(value, dict):
            yield "message", orjson.dumps({"unreadable": change})
            continue
        for message in value.get("messages") or []:
            yield "message", orjson.dumps({"message": message, "contact": _contact_of(value, message)})
        for status in value.get("statuses") or []:
            yield "status", orjson.dumps(status)


def parse(raw: bytes) -> InboundEvent:
    """Return the event of one unpacked message; raises Unreadable."""
    try:
        body = orjson.loads(raw)
        message, contact = body["message"], body.get("contact") or {}
        number = message.get("from") or contact.get("wa_id") or ""
        person = message.get("from_user_id") or contact.get("user_id") or number
        kind = KINDS.get(message["type"], Kind.UNSUPPORTED)
        if _changes_who(message):
            return _change(message, str(person), raw)
        if not person:
            raise Unreadable("pesan tanpa pengirim")
        return InboundEvent(
            channel=CHANNEL,
            external_id=str(message["id"]),
            chat=person,
            person=person,
            address=number,
            phone=number or None,
            kind=kind,
            order_key=int(message.get("timestamp") or 0) * 1_000_000,
            raw=raw,
            text=_text(message),
            display_name=(contact.get("profile") or {}).get("name"),
            token=_token(message),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise Unreadable(f"pesan WhatsApp yang rusak: {problem}") from problem


def parse_status(raw: bytes) -> DeliveryStatus:
    """Return what became of a message we sent; raises Unreadable."""
    try:
        body = orjson.loads(raw)
        errors = body.get("errors") or []
        said = "; ".join(
            f"{problem.get('code')}: {problem.get('message') or problem.get('title')}" for problem in errors
        )
        return DeliveryStatus(
            channel=CHANNEL,
            external_id=f"status:{body['id']}:{body['status']}:{body.get('timestamp', '')}",
            provider_message_id=str(body["id"]),
            outbox_id=body.get("biz_opaque_callback_data"),
            status=STATUSES[body["status"]],
            error=said or None,
            raw=raw,
            at=_moment(body.get("timestamp")),
            code=int(errors[0]["code"]) if errors and errors[0].get("code") is not None else None,
        )
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as problem:
        raise Unreadable(f"status WhatsApp yang rusak: {problem}") from problem


class WhatsAppChannel:
    """The sending half."""

    def __init__(self, settings: WhatsAppSettings, client: httpx.AsyncClient) -> None:
        base = settings.whatsapp_api_url.rstrip("/")
        self._url = f"{base}/{settings.whatsapp_api_version}/{settings.whatsapp_phone_number_id}/messages"
        self._headers = {
            "Authorization": f"Bearer {settings.whatsapp_token.get_secret_value()}",
            "Content-Type": "application/json",
        }
        self._client = client

    async def send(self, message: OutboundMessage) -> str:
        """Send one message and return its wamid."""
        try:
            answer = await self._client.post(self._url, content=orjson.dumps(body_of(message)), headers=self._headers)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as problem:
            raise RetryLater(BACKOFF_SECONDS, "tidak tersambung") from problem
        except httpx.TransportError as problem:
            raise Ambiguous(type(problem).__name__) from problem
        try:
            said = answer.json()
            if answer.is_success:
                return str(said["messages"][0]["id"])
            raise meaning(int(said["error"].get("code", 0)), str(said["error"].get("message", "")), answer.status_code)
        except (ValueError, KeyError, IndexError, TypeError) as problem:
            if answer.is_success:
                raise Ambiguous("jawaban tanpa id pesan") from problem
            raise RetryLater(BACKOFF_SECONDS, f"HTTP {answer.status_code}") from problem


def meaning(code: int, said: str, status: int) -> SendError:
    """Translate Meta's error code into what the outbox should do (build on codes, never on titles)."""
    reason = f"{code}: {said}"
    if code in (130429, 80007, 4):
        return RetryLater(BACKOFF_SECONDS, reason, whole_channel=True)
    if code == 131056:
        return RetryLater(6.0, reason)
    if code in (190, 0) and status in (401, 403):
        return ChannelStopped(reason)
    if code == 131026:
        return Unreachable(reason)
    if status >= 500 or code in (131000, 131016):
        return RetryLater(BACKOFF_SECONDS, reason)
    return Refused(reason)


def body_of(message: OutboundMessage) -> dict[str, Any]:
    """Return the request body of a message: text, up to 3 reply buttons, or a list."""
    number = message.address
    body: dict[str, Any] = {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        **({"to": number} if number else {"recipient": message.chat}),
        "biz_opaque_callback_data": message.outbox_id,
    }
    text = message.text[:TEXT_LIMIT]
    if not message.buttons or len(text) > BODY_LIMIT:
        # an interactive body holds 1024 characters; a longer text goes out whole, its choices can be typed
        return body | {"type": "text", "text": {"body": text, "preview_url": False}}
    return body | {"type": "interactive", "interactive": _interactive(text, message)}


def _interactive(text: str, message: OutboundMessage) -> dict[str, Any]:
    if len(message.buttons) <= REPLY_BUTTONS:
        buttons = [
            {"type": "reply", "reply": {"id": button.token, "title": button.title[:BUTTON_TITLE]}}
            for button in message.buttons
        ]
        return {"type": "button", "body": {"text": text}, "action": {"buttons": buttons}}
    rows = [{"id": button.token, "title": button.title[:ROW_TITLE]} for button in message.buttons[:LIST_ROWS]]
    return {"type": "list", "body": {"text": text}, "action": {"button": "Pilih", "sections": [{"rows": rows}]}}


def _changes_who(message: dict[str, Any]) -> bool:
    said = message.get("system")
    return message["type"] == "system" and isinstance(said, dict) and said.get("type") in CHANGES_WHO


def _change(message: dict[str, Any], person: str, raw: bytes) -> InboundEvent:
    """A number or user id changed; the message may name the old one, the new one, both or neither."""
    said, former = message["system"], message.get("from")
    person = person or said.get("previous_user_id") or ""
    if not person:
        raise Unreadable("perubahan nomor tanpa pengirim")
    return InboundEvent(
        channel=CHANNEL,
        external_id=str(message["id"]),
        chat=person,
        person=person,
        address=str(said.get("new_wa_id") or said.get("wa_id") or former or ""),
        former_phone=former or None,
        kind=Kind.CHANGED,
        order_key=int(message.get("timestamp") or 0) * 1_000_000,
        raw=raw,
    )


def _moment(timestamp: Any) -> datetime | None:
    return datetime.fromtimestamp(int(timestamp), UTC) if timestamp else None


def _contact_of(value: dict[str, Any], message: Any) -> dict[str, Any]:
    contacts = value.get("contacts") or []
    sender = message.get("from") if isinstance(message, dict) else None
    for contact in contacts:
        if isinstance(contact, dict) and sender and contact.get("wa_id") == sender:
            return contact
    return contacts[0] if len(contacts) == 1 and isinstance(contacts[0], dict) else {}


def _text(message: dict[str, Any]) -> str:
    kind = message["type"]
    if kind == "text":
        return str(message["text"]["body"])
    if kind == "interactive":
        reply = message["interactive"].get("button_reply") or message["interactive"].get("list_reply") or {}
        return str(reply.get("title", ""))
    if kind == "button":
        return str(message["button"].get("text", ""))
    part = message.get(kind)
    return str(part.get("caption") or "") if isinstance(part, dict) else ""


def _token(message: dict[str, Any]) -> str | None:
    if message["type"] == "interactive":
        reply = message["interactive"].get("button_reply") or message["interactive"].get("list_reply") or {}
        return str(reply.get("id", ""))
    if message["type"] == "button":
        return str(message["button"].get("payload", ""))
    return None
