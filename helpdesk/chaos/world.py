"""What the providers and the people of the outside world do to us, through the simulator's switches."""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import Any

import httpx

BODIES = (('{"update_id": 1', "right"), ("{}", "wrong"), ("{}", "missing"), ("[" * 2000, "right"))
"""Cut, forged without and with a proof, and nested deeper than anybody should."""
BLOCKED_SECONDS = 8.0
FLOOD = 120


class World:
    """Everybody but us."""

    def __init__(
        self,
        simulator: httpx.AsyncClient,
        dice: random.Random,
        counted: Counter[str],
        go: Callable[[Coroutine[Any, Any, None]], None],
    ) -> None:
        self._simulator, self._dice, self._counted, self._go = simulator, dice, counted, go

    def acts(self) -> dict[str, Callable[..., Awaitable[None]]]:
        """Return what can be done, by the name it has in a schedule."""
        return {
            "fault": self._fault,
            "block": self._block,
            "migrate": self._migrate,
            "statuses": self._statuses,
            "strange update": self._strange,
            "flood": self._flood,
            "raw": self._raw,
        }

    async def _fault(self, lasting: float, **fault: Any) -> None:
        answer = await self._simulator.post("/control/faults", json=fault)
        answer.raise_for_status()
        self._counted[f"{fault['target']} {fault['kind']}"] += 1
        self._go(self._over(answer.json()["id"], lasting))

    async def _over(self, fault: int, lasting: float) -> None:
        await asyncio.sleep(lasting)
        with suppress(httpx.HTTPError):
            await self._simulator.delete(f"/control/faults/{fault}")

    async def _block(self) -> None:
        """Somebody blocks the bot in the middle of a talk, and comes back later."""
        blocked = {"channel": "telegram", "who": "maya", "forbidden": "bot was blocked by the user"}
        await self._simulator.post("/control/standing", json=blocked)
        self._counted["blocked by a person"] += 1
        self._go(self._stand_again({"channel": "telegram", "who": "maya"}))

    async def _stand_again(self, standing: dict[str, Any]) -> None:
        try:
            await asyncio.sleep(BLOCKED_SECONDS)
        finally:
            with suppress(httpx.HTTPError):
                await self._simulator.post("/control/standing", json=standing)

    async def _migrate(self) -> None:
        """A group is written in and becomes a supergroup before the answer."""
        number = -100_900 - self._dice.randrange(10**6)
        group = {"id": number, "type": "group", "title": "Warga"}
        act = {"as": {"id": 771_000_001, "first_name": "Warga 1"}, "text": "halo semua", "group": group}
        moved = {"channel": "telegram", "who": str(number), "migrate_to": number - 10**9}
        await self._simulator.post("/control/standing", json=moved)
        await self._simulator.post("/control/send", json=act)
        # the supergroup is known from the moment it exists
        there = act | {"group": group | {"id": moved["migrate_to"], "type": "supergroup"}, "text": "halo lagi"}
        await self._simulator.post("/control/send", json=there)
        self._counted["group moved"] += 1

    async def _statuses(self) -> None:
        """Statuses of the last messages again, in any order, and one of a message nobody knows."""
        said = (await self._simulator.get("/control/deliveries", params={"channel": "whatsapp"})).json()
        known = [(chat, item["message_id"], item["status"]) for chat, items in said.items() for item in items[-3:]]
        told = [(chat, message) for chat, message, status in known if status in ("delivered", "read")]
        for chat, message in self._dice.sample(told, min(6, len(told))):
            for status in self._dice.sample(("read", "delivered", "sent", "read", "sent"), 5):
                event = {"who": chat, "message_id": message, "status": status}
                await self._simulator.post("/control/whatsapp/status", json=event)
        if told:
            strange = {"who": told[0][0], "message_id": "wamid.nobody", "status": "delivered"}
            await self._simulator.post("/control/whatsapp/status", json=strange)
        self._counted["statuses in every order"] += 1

    async def _strange(self) -> None:
        """Update ids jump, and an update comes that nobody has ever seen."""
        jump = {"number": self._dice.randrange(500_000_000, 900_000_000)}
        await self._simulator.post("/control/telegram/update-id", params=jump)
        odd = {"as": "agus", "do": "odd", "kind": "message_reaction"}
        await self._simulator.post("/control/send", json=odd)
        self._counted["update ids jump"] += 1

    async def _flood(self) -> None:
        """One person writes far more than anybody can mean."""
        number = self._dice.randrange(10**6)
        flooder = {"id": 779_000_000 + number, "first_name": "Deras"}
        acts = [{"as": flooder, "text": f"halo (m-flood-{number}-{n})"} for n in range(FLOOD)]
        await self._simulator.post("/control/send", json=acts)
        self._counted["one person floods"] += 1

    async def _raw(self) -> None:
        """Broken, forged and cut bodies at the doors."""
        for channel in ("telegram", "whatsapp"):
            for body, proof in BODIES:
                given = {"channel": channel, "body": body, "proof": proof}
                await self._simulator.post("/control/raw", json=given)
        self._counted["broken and forged bodies"] += 1
