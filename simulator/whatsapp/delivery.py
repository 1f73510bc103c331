"""Meta's webhook delivery: signed batches, retried with growing delays, no promise of order.

In quiet times a person's events come in order, for each goes through one of four lanes; a failed batch is set aside
and comes back later, while newer events pass it.
"""

import asyncio
import hashlib
import hmac
import json
import zlib
from collections import deque
from typing import Any

from simulator.faults import Fault, FaultBoard, Kind
from simulator.shuffler import Shuffler
from simulator.whatsapp.state import Event, WhatsAppState
from simulator.wire import Post, Reply, WebhookFailed

LANES = 4


def signature(app_secret: str, raw: bytes) -> str:
    """Sign the raw bytes of a webhook."""
    return "sha256=" + hmac.new(app_secret.encode(), raw, hashlib.sha256).hexdigest()


class WebhookSender:
    """Takes queued events to the bot."""

    def __init__(
        self,
        state: WhatsAppState,
        post: Post,
        board: FaultBoard,
        *,
        url: str,
        app_secret: str,
        phone_number_id: str,
        batch: int,
        retry_base: float,
        retry_longest: float,
    ) -> None:
        self._state, self._post, self._board = state, post, board
        self.url, self._secret, self._phone_number_id = url, app_secret, phone_number_id
        self._batch, self._base, self._longest = batch, retry_base, retry_longest
        self._lanes: list[deque[Event]] = [deque() for _ in range(LANES)]
        self._workers: dict[int, asyncio.Task[None]] = {}
        self._shuffler: Shuffler[Event] = Shuffler(self._one_by_one)
        self._waiting: set[asyncio.TimerHandle] = set()

    def queued(self, event: Event) -> None:
        """See to a new event."""
        reorder = self._fault("reorder", event)
        if reorder:
            self._shuffler.hold(event, reorder.window)
        else:
            self._enter(event)

    def start_all(self) -> None:
        """Begin with whatever waits, after a restart."""
        for event in list(self._state.events.values()):
            self._enter(event)

    def _enter(self, event: Event) -> None:
        lane = zlib.crc32(event.user_id.encode()) % LANES
        self._lanes[lane].append(event)
        if lane not in self._workers:
            task = asyncio.create_task(self._work(lane))
            self._workers[lane] = task
            task.add_done_callback(lambda _: self._leave(lane))

    def _leave(self, lane: int) -> None:
        self._workers.pop(lane, None)

    async def _work(self, lane: int) -> None:
        queue = self._lanes[lane]
        await asyncio.sleep(0)  # whatever comes in the same moment joins the batch
        while queue:
            batch = [queue.popleft() for _ in range(min(self._batch, len(queue)))]
            await self._deliver([event for event in batch if not self._expired(event)])

    def _expired(self, event: Event) -> bool:
        if event.number not in self._state.events:
            return True  # forgotten meanwhile
        if event.expires > self._state.now():
            return False
        self._state.done(event, "expired")
        return True

    async def _deliver(self, batch: list[Event]) -> None:
        if not batch:
            return
        if delay := self._fault("delay", batch[0]):
            await asyncio.sleep(delay.seconds)
        duplicate = self._fault("duplicate", batch[0])
        raw = self.envelope(batch)
        replies = await asyncio.gather(*(self.send(raw) for _ in range(duplicate.copies if duplicate else 1)))
        taken = any(reply is not None and reply.status == 200 for reply in replies)
        for event in batch:
            event.attempts += 1
            if event.number not in self._state.events:
                continue
            if taken:
                self._state.done(event, "taken")
            else:
                self._later(event)

    def _later(self, event: Event) -> None:
        delay = min(self._base * 2.0 ** (event.attempts - 1), self._longest)

        def again() -> None:
            self._waiting.discard(handle)
            self._enter(event)

        handle = asyncio.get_running_loop().call_later(delay, again)
        self._waiting.add(handle)

    async def send(self, raw: bytes, signed: str | None = None) -> Reply | None:
        """Post raw bytes, signed rightly unless told otherwise."""
        headers = {"content-type": "application/json", "user-agent": "facebookexternalua"}
        headers["x-hub-signature-256"] = signature(self._secret, raw) if signed is None else signed
        try:
            return await self._post(self.url, headers, raw)
        except WebhookFailed:
            return None

    async def get(self, query: str) -> Reply | None:
        """Ask the webhook address with a query, as the verification does."""
        try:
            return await self._post(f"{self.url}?{query}", {}, None)
        except WebhookFailed:
            return None

    def envelope(self, batch: list[Event]) -> bytes:
        """Wrap events as Meta does: messages and statuses in changes of their own."""
        number = {"display_phone_number": "62840000000", "phone_number_id": self._phone_number_id}
        head: dict[str, Any] = {"messaging_product": "whatsapp", "metadata": number}
        values: list[dict[str, Any]] = []
        messages = [event for event in batch if event.kind == "message"]
        if messages:
            contacts = {event.user_id: event.contact for event in messages if event.contact}
            value = {"contacts": list(contacts.values()), "messages": [event.value for event in messages]}
            values.append(head | value)
        if statuses := [event.value for event in batch if event.kind == "status"]:
            values.append(head | {"statuses": statuses})
        values += [event.value for event in batch if event.kind == "raw"]
        changes = [{"value": value, "field": "messages"} for value in values]
        changes += [event.value for event in batch if event.kind == "news"]
        body = {"object": "whatsapp_business_account", "entry": [{"id": "100000000000009", "changes": changes}]}
        # Meta escapes non-ASCII, so a body parsed and written again does not match its signature
        return json.dumps(body, separators=(",", ":")).encode()

    async def _one_by_one(self, shuffled: list[Event]) -> None:
        for event in shuffled:
            await self._deliver([event])

    def _fault(self, kind: Kind, event: Event) -> Fault | None:
        return self._board.strike("whatsapp", "webhook", kind, "*", event.user_id) if self._board.on else None

    async def close(self) -> None:
        """Stop delivering; what is pending stays pending."""
        for handle in self._waiting:
            handle.cancel()
        tasks = [*self._workers.values(), *self._shuffler.tasks]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
