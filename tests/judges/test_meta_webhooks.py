"""Meta's own webhook examples: each is read as what it is, stored, and nothing of it is lost.

The description they stand in never leaves its folder; without it these tests are skipped.
"""

from pathlib import Path
from typing import Any

import orjson
import pytest
import yaml

from bot.events import InboundEvent, News
from bot.webhooks import whatsapp_arrivals
from records.clock import Clock
from records.database import Database
from records.event_ids import stored_id
from tests.bot.corridor import Corridor

META = Path(__file__).parents[2].parent / "shared/data/whatsapp-business-messaging-v23.0.yaml"
KINDS = {
    "text": "text",
    "reaction": "reaction",
    "image": "photo",
    "location": "location",
    "contacts": "contact",
    "unsupported": "unsupported",
    "button": "text",
    "interactive": "button",
    "order": "unsupported",
    "system": "changed",
}

pytestmark = pytest.mark.skipif(not META.exists(), reason="Meta's description is not here")


def examples() -> dict[str, dict[str, Any]]:
    """The webhook examples by name; none where the description is not there."""
    if not META.exists():
        return {}
    described = yaml.safe_load(META.read_text())
    found = described["paths"]["/whatsapp/webhooks"]["post"]["requestBody"]["content"]["application/json"]["examples"]
    return {name: example["value"] for name, example in found.items()}


EXAMPLES = examples()


def test_there_are_as_many_as_there_were() -> None:
    assert len(EXAMPLES) == 16


@pytest.mark.parametrize("name", EXAMPLES)
async def test_each_example_is_read_and_stored(name: str, database: Database, clock: Clock, data_key: str) -> None:
    example = EXAMPLES[name]
    (change,) = [change for entry in example["entry"] for change in entry["changes"]]
    told = change["value"].get("messages", [])
    (arrival,) = whatsapp_arrivals(orjson.dumps(example))
    if told:
        (message,) = told
        assert isinstance(arrival, InboundEvent)
        assert arrival.kind.value == KINDS[message["type"]]
        assert (arrival.external_id, arrival.person) == (message["id"], message["from"])
        assert orjson.loads(arrival.raw)["message"] == message
    else:
        assert isinstance(arrival, News)
        assert arrival.topic == change["field"]
        assert orjson.loads(arrival.raw)["value"] == change["value"]
    async with Corridor(database, clock, data_key) as corridor:
        for _ in range(2):
            await corridor.inbox.store(whatsapp_arrivals(orjson.dumps(example)))
        await corridor.rest()
        kept = await corridor.row("SELECT external_id, status, sealed_event IS NOT NULL AS sealed FROM inbox")
        assert kept == {
            "external_id": stored_id("whatsapp", arrival.external_id),
            "status": "done",
            "sealed": True,
        }
        answered = [message.chat for message in corridor.whatsapp.sent]
        waits_for_words = told and told[0]["type"] != "system"
        assert answered == ([told[0]["from"]] if waits_for_words else [])
