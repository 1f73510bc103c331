"""The control API over HTTP; simulator/README.md is its manual.

For rehearsals, tests and benchmarks on loopback: it has no authentication and must not be reachable from elsewhere.
"""

import asyncio
from typing import Any, Literal

import orjson
from fastapi import APIRouter, HTTPException, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from simulator.chats import ChatBook
from simulator.control.acts import Act, ActRefused, Channel, Stage
from simulator.control.truth import counts, truth
from simulator.faults import Fault, FaultBoard
from simulator.journal import Journal
from simulator.settings import SimulatorSettings
from simulator.telegram.limits import TelegramLimits
from simulator.whatsapp.server import WhatsAppLimits
from simulator.whatsapp.templates import TemplateEvent
from simulator.wire import Post, WebhookFailed

ACTS: TypeAdapter[list[Act]] = TypeAdapter(list[Act])
MAX_WAIT = 60.0


class Raw(BaseModel):
    """A webhook of one's own making."""

    model_config = ConfigDict(extra="forbid")

    channel: Channel
    body: str = Field(description="sent as these very bytes, broken JSON included")
    proof: Literal["right", "wrong", "missing"] = Field("right", description="the secret header or the signature")
    copies: int = Field(1, ge=1, le=200, description="how many at once")


class Standing(BaseModel):
    """How a chat stands to the bot; all empty = reachable again."""

    model_config = ConfigDict(extra="forbid")

    channel: Channel
    who: str
    forbidden: str | None = Field(None, description="Telegram: e.g. bot was blocked by the user")
    migrate_to: int | None = Field(None, description="Telegram: the group's new id")
    undeliverable: int | None = Field(None, description="WhatsApp: code of the failed status, e.g. 131026")


class Limits(BaseModel):
    """New limits; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    telegram: TelegramLimits | None = None
    whatsapp: WhatsAppLimits | None = None


class StatusEvent(BaseModel):
    """A status the bot is to be told, in or out of order, of a known message or not."""

    model_config = ConfigDict(extra="forbid")

    who: str
    message_id: str
    status: Literal["sent", "delivered", "read", "failed"]
    code: int | None = None


class News(BaseModel):
    """A webhook of another field than messages: account_update, phone_number_quality_update …"""

    model_config = ConfigDict(extra="forbid")

    field: str
    value: dict[str, Any]


def control_api(
    settings: SimulatorSettings, stage: Stage, chats: ChatBook, board: FaultBoard, journal: Journal, post: Post
) -> APIRouter:
    """Make the routes under /control."""
    api = APIRouter(prefix="/control")

    @api.get("/health")
    async def health() -> dict[str, Any]:
        """Say that the simulator runs and who is known."""
        return {"ok": True, "people": list(stage.people.all()), "counts": counts(stage, chats)}

    @api.get("/people")
    async def people() -> list[dict[str, Any]]:
        """List the named people."""
        return [
            {
                **{"key": p.key, "name": p.name, "story": p.story, "first_messages": p.first_messages},
                **{"telegram": p.telegram.model_dump(), "whatsapp": p.whatsapp.model_dump()},
            }
            for p in stage.people.all().values()
        ]

    @api.post("/send")
    async def send(request: Request) -> Response:
        """Do one act or a list of acts, in order."""
        body = await request.body()
        try:
            given = orjson.loads(body)
            acts = ACTS.validate_python(given if isinstance(given, list) else [given])
            done = [stage.perform(act) for act in acts]
        except (orjson.JSONDecodeError, ValidationError) as error:
            raise HTTPException(422, str(error)) from error
        except ActRefused as error:
            raise HTTPException(409, str(error)) from error
        return Response(orjson.dumps({"sent": done}), media_type="application/json")

    @api.get("/chats/{channel}/{who}")
    async def chat(channel: Channel, who: str, after: int = 0, wait: float = 0, version: int = -1) -> Response:
        """Show a chat from an item on; with `wait`, hold on until the bot says something new after it."""
        key = stage.chat_of(channel, who)
        await _wait_for_bot(chats, channel, key, after, min(wait, MAX_WAIT), version)
        items = [item.as_dict() for item in chats.items(channel, key) if item.n > after or version >= 0]
        body = {"chat": key, "version": chats.version(channel, key), "items": items}
        server = stage.telegram if channel == "telegram" else stage.whatsapp
        if doing := server.state.doing(key):
            body["doing"] = doing
        return Response(orjson.dumps(body), media_type="application/json")

    @api.get("/deliveries")
    async def deliveries(channel: Channel) -> Response:
        """List what the bot said, chat by chat."""
        said = {
            chat: [item.as_dict() for item in items if item.who == "bot"]
            for of, chat, items in chats.all()
            if of == channel
        }
        return Response(orjson.dumps(said), media_type="application/json")

    @api.get("/counts")
    async def count() -> dict[str, dict[str, int]]:
        """Count messages, cheaply enough to ask in a loop."""
        return counts(stage, chats)

    @api.get("/truth")
    async def everything() -> Response:
        """Give the whole ground truth."""
        return Response(orjson.dumps(truth(stage, chats, board)), media_type="application/json")

    @api.get("/faults")
    async def faults() -> dict[str, Any]:
        """List the switches that are on and what they spoiled so far."""
        return {"on": [fault.model_dump() for fault in board.on], "spoiled": dict(board.spoiled)}

    @api.post("/faults")
    async def switch_on(fault: Fault) -> Fault:
        """Switch a fault on."""
        try:
            return board.switch_on(fault)
        except ValueError as error:
            raise HTTPException(422, str(error)) from error

    @api.delete("/faults")
    async def switch_all_off() -> dict[str, int]:
        """Switch all faults off."""
        return {"cleared": board.clear()}

    @api.delete("/faults/{fault_id}")
    async def switch_off(fault_id: int) -> dict[str, int]:
        """Switch one fault off."""
        return {"cleared": board.clear(fault_id)}

    @api.put("/limits")
    async def limits(given: Limits) -> Limits:
        """Change the flood limits."""
        if given.telegram:
            stage.telegram.gate.set(given.telegram)
        if given.whatsapp:
            stage.whatsapp.set_limits(given.whatsapp)
        return Limits(telegram=stage.telegram.gate.limits, whatsapp=stage.whatsapp.limits)

    @api.post("/standing")
    async def standing(given: Standing) -> dict[str, Any]:
        """Let a person block the bot, a group move, a number be unreachable; or mend it."""
        key = stage.chat_of(given.channel, given.who)
        how = given.model_dump(exclude={"channel", "who"}, exclude_none=True)
        if given.channel == "telegram":
            stage.telegram.state.stand(int(key), how)
        else:
            journal.record("wa.standing", key, how)
        return {"chat": key, "standing": how}

    @api.post("/raw")
    async def raw(given: Raw) -> dict[str, Any]:
        """Post a webhook of one's own making to the bot and give its answers."""
        return {"statuses": await _post_raw(settings, stage, post, given)}

    @api.post("/telegram/update-id")
    async def update_id(number: int) -> dict[str, int]:
        """Let update ids jump, as they do after a quiet week."""
        journal.record("tg.numbers", number)
        return {"next": number}

    @api.post("/telegram/known")
    async def known(first: int, count: int = Query(ge=1, le=100_000)) -> dict[str, int]:
        """Have people be known to the bot as if they had written to it long ago: it may then write to them."""
        for number in range(first, first + count):
            journal.record("tg.chat", {"id": number, "type": "private", "first_name": "Peserta"})
        return {"known": count}

    @api.post("/whatsapp/verify")
    async def verify(token: str | None = None) -> dict[str, Any]:
        """Check the bot's webhook by challenge, with the right word or another."""
        return await stage.whatsapp.verify(token or settings.whatsapp_verify_token.get_secret_value())

    @api.post("/whatsapp/status")
    async def status(given: StatusEvent) -> dict[str, bool]:
        """Tell the bot a status."""
        key = stage.chat_of("whatsapp", given.who)
        stage.whatsapp.report(key, given.message_id, given.status, code=given.code)
        return {"queued": True}

    @api.post("/whatsapp/template")
    async def template(given: TemplateEvent) -> dict[str, bool]:
        """Let Meta approve, pause, disable or reject a template."""
        stage.whatsapp.decide(given)
        return {"queued": True}

    @api.post("/whatsapp/news")
    async def news(given: News) -> dict[str, bool]:
        """Send the bot a webhook of any other field."""
        stage.whatsapp.tell(given.field, given.value)
        return {"queued": True}

    @api.post("/whatsapp/read")
    async def read(who: str) -> dict[str, int]:
        """Let a person look at their chat."""
        return {"read": stage.whatsapp.read_by_person(stage.chat_of("whatsapp", who))}

    @api.post("/reset")
    async def reset() -> dict[str, bool]:
        """Forget all chats, pending updates and faults; the webhook stays."""
        board.clear()
        journal.reset()
        stage.telegram.state.set_webhook(stage.telegram.state.webhook)
        return {"reset": True}

    return api


async def _wait_for_bot(chats: ChatBook, channel: str, chat: str, after: int, wait: float, version: int) -> None:
    if version >= 0:
        await chats.wait(channel, chat, version, wait)
        return
    while wait > 0 and not any(item.who == "bot" and item.n > after for item in chats.items(channel, chat)):
        if not await chats.wait(channel, chat, chats.version(channel, chat), wait):
            return


async def _post_raw(settings: SimulatorSettings, stage: Stage, post: Post, given: Raw) -> list[int | str]:
    body = given.body.encode("utf-8", "surrogatepass")

    async def once() -> int | str:
        if given.channel == "whatsapp":
            reply = await stage.whatsapp.sender.send(
                body, {"wrong": "sha256=" + "0" * 64, "missing": ""}.get(given.proof)
            )
            return reply.status if reply else "no answer"
        headers = {"content-type": "application/json"}
        secret = "wrong-secret" if given.proof == "wrong" else stage.telegram.state.webhook.secret_token
        if given.proof != "missing":
            headers["x-telegram-bot-api-secret-token"] = secret
        try:
            return (await post(stage.telegram.state.webhook.url, headers, body)).status
        except WebhookFailed as failed:
            return str(failed)

    return list(await asyncio.gather(*(once() for _ in range(given.copies))))
