"""The WhatsApp server as a whole: the messages call and media over HTTP, signed webhooks out, people in."""

import re
import secrets
import time
from typing import Any

import orjson
from pydantic import BaseModel, ConfigDict, Field

from simulator.buckets import Buckets
from simulator.chats import ChatBook
from simulator.clock import Clock
from simulator.edge import Addressed, Answer, Call, Edge, json_answer
from simulator.faults import Fault, FaultBoard
from simulator.journal import Journal
from simulator.media import MediaStore
from simulator.people import WhatsAppAccount
from simulator.settings import SimulatorSettings
from simulator.traps import INSIDE, hand_out
from simulator.whatsapp.bodies import Shown, check_message
from simulator.whatsapp.delivery import WebhookSender
from simulator.whatsapp.errors import (
    MetaRefusal,
    bad_token,
    invalid,
    missing,
    status_error,
    too_fast,
    too_many_to_one,
    window_closed,
)
from simulator.whatsapp.state import CHANNEL, WhatsAppState
from simulator.whatsapp.templates import TemplateEvent, Templates
from simulator.whatsapp.uploads import take
from simulator.whatsapp.writing import Writer, new_wamid
from simulator.wire import Post

VERSION = re.compile(r"v(\d+)\.0")
USER_ID = re.compile(r"[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}")
MEDIA_LIFE = 300


class WhatsAppLimits(BaseModel):
    """The limits as settings give them and the control API changes them."""

    model_config = ConfigDict(extra="forbid")

    per_second: int | None = Field(80, ge=1, description="of the number; none = no limit")
    pair_burst: int | None = Field(45, ge=1, description="at once to one person, then one in six seconds")


class WhatsAppServer:
    """Serves /v<n>.0/<phone number id>/messages, /v<n>.0/<media id> and /media/<id>."""

    def __init__(
        self,
        settings: SimulatorSettings,
        journal: Journal,
        chats: ChatBook,
        clock: Clock,
        board: FaultBoard,
        media: MediaStore,
        post: Post,
    ) -> None:
        self._token = settings.whatsapp_token.get_secret_value()
        self._phone_number_id = settings.whatsapp_phone_number_id
        self._media = media
        self.state = WhatsAppState(journal, chats, clock)
        self.sender = WebhookSender(
            *(self.state, post, board),
            url=settings.whatsapp_webhook_url,
            app_secret=settings.whatsapp_app_secret.get_secret_value(),
            phone_number_id=settings.whatsapp_phone_number_id,
            batch=settings.whatsapp_batch,
            retry_base=settings.whatsapp_retry_base.total_seconds(),
            retry_longest=settings.whatsapp_retry_longest.total_seconds(),
        )
        self.writer = Writer(self.state, media)
        self.templates = Templates(settings.whatsapp_templates)
        self._all, self._pairs = Buckets(1, 1), Buckets(1 / 6, 1)
        on = settings.whatsapp_limits
        self.set_limits(
            WhatsAppLimits(
                per_second=settings.whatsapp_per_second if on else None,
                pair_burst=settings.whatsapp_pair_burst if on else None,
            )
        )
        self.edge = Edge("whatsapp", self.handle, self._address, spoil, board)

    def set_limits(self, limits: WhatsAppLimits) -> None:
        """Change the limits."""
        self.limits = limits
        self._all.resize(limits.per_second or 1, limits.per_second or 1)
        self._pairs.resize(1 / 6, limits.pair_burst or 1)

    async def handle(self, call: Call) -> Answer:
        """Answer one call of the bot."""
        try:
            return await self._answer(call)
        except MetaRefusal as refusal:
            return json_answer(refusal.body(), refusal.status)

    async def _answer(self, call: Call) -> Answer:
        if call.headers.get("authorization") != f"Bearer {self._token}":
            raise bad_token()
        parts = call.path.strip("/").split("/")
        if parts[0] == "media" and len(parts) == 2:
            return await self._download(parts[1], call.query.get("expires", "0"))
        if not VERSION.fullmatch(parts[0]):
            raise MetaRefusal(2500, "An active version must be given, e.g. v23.0.")
        if call.http_method == "GET" and len(parts) == 2:
            return self._media_link(parts[1], call.headers.get("host", ""))
        if call.http_method == "POST" and parts[1:] == [self._phone_number_id, "media"]:
            return json_answer({"id": take(self._media, call.headers.get("content-type", ""), call.body).whatsapp_id})
        if call.http_method != "POST" or parts[1:] != [self._phone_number_id, "messages"]:
            raise MetaRefusal(100, "Unsupported request: object with this ID does not exist or lacks permission.")
        return json_answer(self._messages(_read(call.body)))

    def _messages(self, body: dict[str, Any]) -> dict[str, Any]:
        if body.get("messaging_product") != "whatsapp":
            raise MetaRefusal(100, "The parameter messaging_product is required.")
        if body.get("status") == "read":
            return self._mark_read(str(body.get("message_id") or ""), body.get("typing_indicator"))
        if body.get("recipient_type", "individual") != "individual":
            raise invalid("recipient_type must be individual")
        address = _recipient(body)
        shown = check_message(body, self.templates, self._media)
        person = self.state.find(address)
        if shown.free_form and (person is None or not self.state.window_open(person.user_id)):
            raise window_closed()
        self._pass_limits(person.user_id if person else address)
        return self._accept(body, address, person, shown)

    def _pass_limits(self, user_id: str) -> None:
        number, wait = self._all.of("number")
        pair, pair_wait = self._pairs.of(user_id)
        if self.limits.per_second and wait:
            raise too_fast()
        if self.limits.pair_burst and pair_wait:
            raise too_many_to_one()
        number.take()
        pair.take()

    def _accept(
        self, body: dict[str, Any], address: str, person: WhatsAppAccount | None, shown: Shown
    ) -> dict[str, Any]:
        wamid = new_wamid()
        user_id = person.user_id if person else address
        opaque = body.get("biz_opaque_callback_data")
        failure = self.state.standing.get(user_id, {}).get("undeliverable") or (person is None and 131026)
        item = {"at": self.state.now(), "who": "bot", "type": shown.type, "text": shown.text, "message_id": wamid}
        extra = shown.extra | ({"biz_opaque_callback_data": opaque} if opaque is not None else {})
        item |= {"status": "failed" if failure else "sent", "buttons": shown.buttons, "extra": extra}
        self.state.chats.add(CHANNEL, user_id, item)
        if failure:
            self.report(user_id, wamid, "failed", code=int(failure))
        else:
            self.report(user_id, wamid, "sent")
            self.report(user_id, wamid, "delivered")
        contact: dict[str, Any] = {"input": address}
        if person:
            contact |= {"wa_id": person.wa_id or "", "user_id": person.user_id}
        return {"messaging_product": "whatsapp", "contacts": [contact], "messages": [{"id": wamid}]}

    def report(self, user_id: str, wamid: str, status: str, *, code: int | None = None) -> None:
        """Send the bot a status of one of its messages."""
        item, person = self.state.chats.find(CHANNEL, user_id, wamid), self.state.people.get(user_id)
        value: dict[str, Any] = {"id": wamid, "status": status, "timestamp": str(int(self.state.now()))}
        value |= {"recipient_user_id": user_id} | ({"recipient_id": person.wa_id} if person and person.wa_id else {})
        opaque = item.extra.get("biz_opaque_callback_data") if item else None
        if opaque is not None:
            value["biz_opaque_callback_data"] = opaque
        if status in ("sent", "delivered", "read"):
            value["pricing"] = {"billable": True, "pricing_model": "PMP", "category": "service", "type": "regular"}
        if code is not None:
            value["errors"] = [status_error(code, "Message could not be delivered.")]
        if item and item.status != status and RANK.get(status, 9) > RANK.get(item.status, 0):
            self.state.chats.change(CHANNEL, user_id, wamid, status=status)
        self.sender.queued(self.state.queue(user_id, "status", value, wamid))

    def _mark_read(self, wamid: str, typing: Any) -> dict[str, Any]:
        if typing is not None and typing != {"type": "text"}:
            raise invalid("typing_indicator.type must be text")
        for user_id in self.state.people:
            item = self.state.chats.find(CHANNEL, user_id, wamid)
            if item and item.who == "person":
                self.state.chats.change(CHANNEL, user_id, wamid, status="read")
                if typing:
                    self.state.typing(user_id)
                return {"success": True}
        raise MetaRefusal(100, "Invalid parameter: message_id")

    def read_by_person(self, user_id: str) -> int:
        """Let a person look at their chat: the bot's messages become read."""
        unread = [
            i for i in self.state.chats.items(CHANNEL, user_id) if i.who == "bot" and i.status in ("sent", "delivered")
        ]
        for item in unread:
            self.report(user_id, item.message_id, "read")
        return len(unread)

    def decide(self, event: TemplateEvent) -> None:
        """Let Meta pause, approve or reject a template, and tell the bot."""
        self.tell("message_template_status_update", self.templates.decide(event))

    def tell(self, field: str, value: dict[str, Any]) -> None:
        """Send the bot a webhook of another field than messages."""
        self.sender.queued(self.state.queue("", "news", {"field": field, "value": value}, ""))

    async def verify(self, verify_token: str) -> dict[str, Any]:
        """Check the webhook as Meta does: a challenge that must come back."""
        challenge = str(secrets.randbelow(10**9))
        query = f"hub.mode=subscribe&hub.verify_token={verify_token}&hub.challenge={challenge}"
        reply = await self.sender.get(query)
        if reply is None:
            return {"verified": False, "status": None}
        return {"verified": reply.status == 200 and reply.body.decode() == challenge, "status": reply.status}

    def _media_link(self, media_id: str, host: str) -> Answer:
        media = self._media.whatsapp(media_id)
        if media is None or media.trap == "gone":
            raise MetaRefusal(100, "Media does not exist.")
        link = f"http://{host}/whatsapp/media/{media_id}?expires={int(time.time()) + MEDIA_LIFE}"
        if media.trap == "foreign":
            link = INSIDE
        about = {"messaging_product": "whatsapp", "url": link, "mime_type": media.mime, "sha256": media.sha256}
        return json_answer(about | {"file_size": len(media.content), "id": media_id})

    async def _download(self, media_id: str, expires: str) -> Answer:
        media = self._media.whatsapp(media_id)
        if media is None or not expires.isdigit() or int(expires) < time.time():
            return Answer(404, b"", "text/plain")
        return await hand_out(media)

    def _address(self, call: Call) -> Addressed:
        try:
            body = _read(call.body)
        except MetaRefusal:
            return Addressed("*", "*")
        person = self.state.find(str(body.get("recipient") or body.get("to") or ""))
        return Addressed(str(body.get("type") or "*"), person.user_id if person else "*")


def _recipient(body: dict[str, Any]) -> str:
    """Give whom a message is for: a number in `to`, or a business-scoped user id in `recipient`."""
    number, user_id = body.get("to"), body.get("recipient")
    if not number and not user_id:
        raise missing("to")
    if number and not str(number).lstrip("+").isdigit():
        raise invalid("to must be a phone number")
    if not number and not USER_ID.fullmatch(str(user_id)):
        raise invalid("recipient must be a business-scoped user id")
    return str(number or user_id)


RANK = {"queued": 0, "sent": 1, "delivered": 2, "read": 3, "failed": 4}


def _read(body: bytes) -> dict[str, Any]:
    try:
        read = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise MetaRefusal(100, "The request body is not valid JSON.") from error
    if not isinstance(read, dict):
        raise MetaRefusal(100, "The request body must be an object.")
    return read


def spoil(fault: Fault) -> Answer:
    """Word a limit or an error the way Meta does."""
    if fault.description.startswith("<"):
        return Answer(fault.status, fault.description.encode(), "text/html")
    if fault.kind == "limit":
        refusal = too_many_to_one() if fault.code == 131056 else too_fast()
        return json_answer(refusal.body(), 429)
    code = int(fault.code) if fault.code is not None else 131000
    return json_answer(MetaRefusal(code, fault.description or "Something went wrong.").body(), fault.status)
