"""Saying something and waiting for the answer, in one call: POST /control/talk {an act …, "wait": seconds}."""

from typing import Any

import orjson

from simulator.chats import ChatBook, Item
from simulator.control.acts import Act, ActRefused, Stage
from simulator.edge import Answer, Receive, Scope, Send, json_answer, read_call, write_answer

MAX_WAIT = 60.0


class Talk:
    """Does an act and answers with the chat from there on, once the bot has said something or the wait is over."""

    def __init__(self, stage: Stage, chats: ChatBook) -> None:
        self._stage, self._chats = stage, chats

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        call = await read_call(scope, receive)
        if call.http_method != "POST":
            await write_answer(send, json_answer({"detail": "POST an act"}, 405))
            return
        await write_answer(send, await self.handle(call.body))

    async def handle(self, body: bytes) -> Answer:
        """Do what the body says."""
        try:
            given: dict[str, Any] = orjson.loads(body)
            wait = min(float(given.pop("wait", 30.0)), MAX_WAIT)
            act = Act.model_validate(given)
            chat = self._chat_of(act)
            seen = len(self._chats.items(act.channel, chat))
            self._stage.perform(act)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            return json_answer({"detail": str(error)}, 422)
        except ActRefused as error:
            return json_answer({"detail": str(error)}, 409)
        items = await self._answered(act.channel, chat, seen, wait)
        return json_answer({"chat": chat, "items": [item.as_dict() for item in items]})

    async def _answered(self, channel: str, chat: str, seen: int, wait: float) -> list[Item]:
        while not any(item.who == "bot" for item in self._chats.items(channel, chat)[seen:]):
            if not await self._chats.wait(channel, chat, self._chats.version(channel, chat), wait):
                break
        return self._chats.items(channel, chat)[seen:]

    def _chat_of(self, act: Act) -> str:
        if act.group:
            return str(act.group["id"])
        if isinstance(act.who, str):
            self._stage.named(act.who)
            return self._stage.chat_of(act.channel, act.who)
        return str(act.who["id" if act.channel == "telegram" else "user_id"])
