"""Telegram's webhook delivery: in order and one at a time per key, again and again until 2xx or too old.

Messages and edits of a chat share a key; button presses have a key of their own per person, so a tap may overtake a
text. The first retry is immediate, later ones double up to a random 60 to 120 seconds; Retry-After is honoured.
"""

import asyncio
from random import Random

import orjson

from simulator.faults import Fault, FaultBoard, Kind
from simulator.shuffler import Shuffler
from simulator.telegram.methods import BotMethods
from simulator.telegram.state import Pending, TelegramState
from simulator.wire import Post, Reply, WebhookFailed

GONE, GONE_PATIENCE = 410, 23 * 3600


class WebhookDelivery:
    """Takes queued updates to the bot."""

    def __init__(
        self, state: TelegramState, methods: BotMethods, post: Post, board: FaultBoard, retry_base: float
    ) -> None:
        self._state, self._methods, self._post, self._board = state, methods, post, board
        self._base, self._random = retry_base, Random()  # noqa: S311 - jitter, not a secret
        self._workers: dict[str, asyncio.Task[None]] = {}
        self._places = asyncio.Semaphore(state.webhook.max_connections)
        self._shuffler: Shuffler[Pending] = Shuffler(self._out_of_order)
        self._loose: set[int] = set()
        self._gone_since: float | None = None
        self._changed = asyncio.Event()

    def queued(self, pending: Pending) -> None:
        """See to a new update, unless the bot polls."""
        if not self._state.webhook.url:
            return
        if reorder := self._fault("reorder", pending):
            self._loose.add(pending.update_id)
            self._shuffler.hold(pending, reorder.window)
            return
        self._start(pending.key)

    def start_all(self) -> None:
        """Begin with whatever waits, e.g. after setWebhook or a restart."""
        self._changed.set()
        self._changed = asyncio.Event()
        self._places = asyncio.Semaphore(self._state.webhook.max_connections)
        if self._state.webhook.url:
            for key in list(self._state.queues):
                self._start(key)

    def _start(self, key: str) -> None:
        if key not in self._workers:
            task = asyncio.create_task(self._work(key))
            self._workers[key] = task
            task.add_done_callback(lambda _: self._workers.pop(key, None))

    async def _work(self, key: str) -> None:
        while self._state.webhook.url and (pending := self._head(key)):
            if pending.expires <= self._state.now():
                self._state.done(pending, "expired")
                continue
            pending.attempts += 1
            reply = await self._deliver(pending)
            if reply is not None and 200 <= reply.status < 300:
                self._gone_since = None
                self._state.done(pending, "taken")
                continue
            await self._rest(pending, reply)

    def _head(self, key: str) -> Pending | None:
        queue = self._state.queues.get(key, ())
        return next((self._state.pending[number] for number in queue if number not in self._loose), None)

    async def _rest(self, pending: Pending, reply: Reply | None) -> None:
        self._give_up_when_gone(reply)
        delay = self._retry_delay(pending.attempts)
        if reply is not None and reply.headers.get("retry-after", "").isdigit():
            delay = min(int(reply.headers["retry-after"]), 3600)
        if delay:
            try:
                async with asyncio.timeout(delay):
                    await self._changed.wait()
            except TimeoutError:
                return

    def _retry_delay(self, attempts: int) -> float:
        if attempts <= 1:
            return 0.0
        return min(self._base * 2.0 ** (attempts - 2), self._random.uniform(60, 120))

    def _give_up_when_gone(self, reply: Reply | None) -> None:
        if reply is None or reply.status != GONE:
            self._gone_since = None
            return
        self._gone_since = self._gone_since or self._state.now()
        if self._state.now() - self._gone_since > GONE_PATIENCE:
            self._methods.delete_webhook({})

    async def _deliver(self, pending: Pending) -> Reply | None:
        if delay := self._fault("delay", pending):
            await asyncio.sleep(delay.seconds)
        duplicate = self._fault("duplicate", pending)
        async with self._places:
            replies = await asyncio.gather(*(self._send(pending) for _ in range(duplicate.copies if duplicate else 1)))
        return max(replies, key=lambda reply: reply is not None and 200 <= reply.status < 300)

    async def _send(self, pending: Pending) -> Reply | None:
        webhook = self._state.webhook
        headers = {"content-type": "application/json"}
        if webhook.secret_token:
            headers["x-telegram-bot-api-secret-token"] = webhook.secret_token
        try:
            reply = await self._post(webhook.url, headers, orjson.dumps(pending.update))
        except WebhookFailed as failed:
            self._note(str(failed))
            return None
        if not 200 <= reply.status < 300:
            self._note(f"Wrong response from the webhook: {reply.status}")
        return reply

    def _note(self, error: str) -> None:
        self._methods.last_error = (int(self._state.now()), error)

    async def _out_of_order(self, shuffled: list[Pending]) -> None:
        """Deliver what a reorder switch held, newest first, past all keys."""
        for pending in shuffled:
            pending.attempts += 1
            reply = await self._deliver(pending)
            self._loose.discard(pending.update_id)
            if reply is not None and 200 <= reply.status < 300:
                self._state.done(pending, "taken")
            else:
                self._start(pending.key)

    def _fault(self, kind: Kind, pending: Pending) -> Fault | None:
        return self._board.strike("telegram", "webhook", kind, "*", pending.chat) if self._board.on else None

    async def close(self) -> None:
        """Stop delivering; what is pending stays pending."""
        tasks = [*self._workers.values(), *self._shuffler.tasks]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
