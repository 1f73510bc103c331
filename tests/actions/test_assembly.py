"""The server as `python -m actions` puts it together, over a real database."""

import json
from pathlib import Path

import httpx

from actions.assembly import assemble
from actions.settings import ActionsSettings
from records.settings import RecordsSettings
from registry.settings import RegistrySettings

PAYLOADS = Path(__file__).parent / "payloads"


async def test_the_assembled_server_answers_a_recorded_call_and_gives_its_connections_back(
    database_url: str, data_key: str
) -> None:
    app = assemble(
        ActionsSettings(_env_file=None),
        RecordsSettings(_env_file=None, database_url=database_url, helpdesk_data_key=data_key),
        RegistrySettings(_env_file=None, helpdesk_data_key=data_key, registry_source="tables"),
    )
    body = (PAYLOADS / "ask.json").read_text()
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://actions") as client,
    ):
        answer = await client.post("/webhook", json=json.loads(body))
    said = [it["text"] for it in answer.json()["responses"] if it["text"]]
    assert answer.status_code == 200
    assert said[0].endswith("Kakak mengalaminya di platform mana?")
