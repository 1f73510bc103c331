"""What stands between the bot and telegram-test-api, and mends what is known to be unlike Telegram, nothing else.

To the bot: `is_bot` is missing from getMe, dates are milliseconds, `null` stands for `true`, methods it does not know
answer 500. From the people: presses lack `chat_instance`, and the message of a press an id; no secret goes with a
webhook; the process dies of any answer but 200, so a refusal is noted here and answered with 200.
"""

from typing import Any

import httpx
import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

UNKNOWN_THERE = {
    "sendchataction": True,
    "setmycommands": True,
    "getwebhookinfo": {"url": "", "has_custom_certificate": False, "pending_update_count": 0},
}
TRUE_AS_NULL = ("setwebhook", "deletewebhook", "answercallbackquery")
MILLISECONDS = 10**11


class Shim:
    """An application on the bot's side (/bot…) and on the judge's side (/webhook)."""

    def __init__(self, judge: str) -> None:
        self._judge = judge
        self.webhook = ""
        self.secret = ""
        self.refused: list[int] = []
        self.missing: list[str] = []
        self.http = httpx.AsyncClient(timeout=20)
        self.app = Starlette(
            routes=[
                Route("/bot{token}/{method}", self.method, methods=["GET", "POST"]),
                Route("/webhook", self.update, methods=["POST"]),
            ]
        )

    async def method(self, request: Request) -> Response:
        """Pass a call of the bot on, and its answer back."""
        name = request.path_params["method"].lower()
        form = dict(await request.form())
        if name == "setwebhook":
            self.webhook, self.secret = str(form["url"]), str(form.get("secret_token", ""))
            form["url"] = str(request.url_for("update"))
        if name in UNKNOWN_THERE:
            self.missing.append(name)
            return _json({"ok": True, "result": UNKNOWN_THERE[name]})
        answer = await self.http.post(f"{self._judge}{request.url.path}", data=form)
        body = answer.json()
        if name in TRUE_AS_NULL and body.get("result") is None:
            body["result"] = True
        if name == "getme":
            body["result"]["is_bot"] = True
        return _json(_mended(body), answer.status_code)

    async def update(self, request: Request) -> Response:
        """Pass an update on to the bot, with the secret."""
        update = orjson.loads(await request.body())
        if query := update.get("callback_query"):
            query["chat_instance"] = "1"
            query["message"] |= {"message_id": query["message"].get("message_id", 1), "date": 1}
        headers = {"content-type": "application/json", "x-telegram-bot-api-secret-token": self.secret}
        answer = await self.http.post(self.webhook, content=orjson.dumps(_mended(update)), headers=headers)
        if answer.status_code != 200:
            self.refused.append(answer.status_code)
        return _json({})


def _mended(value: Any) -> Any:
    if isinstance(value, list):
        return [_mended(item) for item in value]
    if not isinstance(value, dict):
        return value
    mended = {name: _mended(item) for name, item in value.items()}
    if isinstance(mended.get("date"), int) and mended["date"] > MILLISECONDS:
        mended["date"] //= 1000
    return mended


def _json(body: Any, status: int = 200) -> Response:
    return Response(orjson.dumps(body), status, media_type="application/json")
