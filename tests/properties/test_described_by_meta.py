"""WhatsApp webhooks as Meta's own description allows them, and mutated payloads of both channels, all the way through.

Whatever is taken is concluded: read or kept as it came, answered or set aside with a ticket, and nothing stays behind.
"""

import re
from pathlib import Path
from typing import Any

import pytest
import schemathesis
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from bot.events import DeliveryStatus, InboundEvent, News
from bot.inbox import Illegible
from bot.lanes import claim, let_go
from bot.webhooks import telegram_arrival, whatsapp_arrivals
from tests.bot.corridor import Corridor
from tests.properties.strange import dumps, with_one_thing_wrong
from tests.properties.test_provider_doors import BATCHES, UPDATES
from tests.properties.test_turns_machine import LEASE
from tests.properties.world import LONG, World

META = Path(__file__).parents[2].parent / "shared/data/whatsapp-business-messaging-v23.0.yaml"
KNOWN = (InboundEvent, DeliveryStatus, News, Illegible)
FEW = settings(
    max_examples=600 if LONG else 25, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True
)


def alone(described: dict[str, Any], path: str) -> dict[str, Any]:
    """The description of one path with nothing that it does not need."""
    needed: dict[str, Any] = {}
    look = [described["paths"][path]["post"]["requestBody"]]
    while look:
        for name in re.findall(r"#/components/schemas/([\w.-]+)", str(look.pop())):
            if name not in needed:
                needed[name] = described["components"]["schemas"][name]
                look.append(needed[name])
    post = {"requestBody": described["paths"][path]["post"]["requestBody"], "responses": {"200": {"description": "ok"}}}
    post["requestBody"]["content"]["application/json"].pop("examples", None)
    return {
        **{"openapi": described["openapi"], "info": described["info"], "paths": {path: {"post": post}}},
        "components": {"schemas": needed},
    }


@pytest.mark.stack
@pytest.mark.skipif(not META.exists(), reason="Meta's description is not here")
def test_every_webhook_meta_describes_is_read_or_kept() -> None:
    described = alone(yaml.load(META.read_text(), yaml.CSafeLoader), "/whatsapp/webhooks")
    (operation,) = [found.ok() for found in schemathesis.openapi.from_dict(described).get_all_operations()]

    @settings(FEW, max_examples=200 if LONG else 12)
    @given(case=operation.as_strategy())
    def sent(case: Any) -> None:
        if isinstance(case.body, dict | list):
            arrivals = whatsapp_arrivals(dumps(case.body))
            assert all(isinstance(arrival, KNOWN) for arrival in arrivals)

    sent()


def test_whatever_is_taken_is_concluded(world: World) -> None:
    corridor = world.run(_corridor(world))

    @FEW
    @given(data=st.data())
    def taken(data: st.DataObject) -> None:
        if data.draw(st.booleans()):
            arrivals = [telegram_arrival(data.draw(with_one_thing_wrong(UPDATES)))]
        else:
            arrivals = whatsapp_arrivals(data.draw(with_one_thing_wrong(BATCHES)))
        world.run(_through(corridor, world, arrivals))
        left = world.rows("SELECT kind, status, error FROM inbox WHERE status = 'pending'")
        assert left == []
        parked = world.count("inbox i WHERE i.status = 'parked'")
        assert parked <= world.count("inbox i JOIN tickets t USING (conversation_id) WHERE i.status = 'parked'")
        world.rows("DELETE FROM floods")

    taken()


async def _corridor(world: World) -> Corridor:
    return Corridor(world.database, world.clock, world.data_key)


async def _through(corridor: Corridor, world: World, arrivals: list[Any]) -> None:
    await corridor.inbox._commit(arrivals)
    for _ in range(40):
        world.database.weather.clear()
        async with world.database.write() as session:
            await session.execute(text("UPDATE lanes SET due_at = now(), held_until = NULL WHERE due_at IS NOT NULL"))
        jobs, empty = await claim(world.database.at_once, "uji", LEASE, 20)
        if not jobs and not empty:
            return
        for job in jobs:
            await corridor.worker._answer(job)
        async with world.database.write() as session:
            for conversation in empty:
                await let_go(session, conversation)
    raise AssertionError("it never ends")
