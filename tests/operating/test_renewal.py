"""A deploy while people write: parts are renewed one after another, and nobody notices."""

import asyncio

import pytest

from helpdesk import state as board
from helpdesk import swap
from helpdesk.chaos.ground import Ground
from helpdesk.renewing import chosen, renew
from tests.operating.conftest import talked_through

pytestmark = pytest.mark.operating

WAITED = """
    SELECT extract(epoch FROM max(t.written_at - i.stored_at))::float8 AS seconds
    FROM inbox i JOIN LATERAL (
        SELECT min(o.created_at) AS written_at FROM outbox o JOIN messages m ON m.id = o.message_id
        JOIN turns t ON t.id = m.turn_id WHERE t.inbox_id = i.id
    ) t ON true
    WHERE i.stored_at > now() - make_interval(secs => %s)
"""


async def test_a_rolling_restart_of_everything_loses_and_doubles_nothing(machines: Ground) -> None:
    took: dict[str, float] = {}

    async def deploy() -> None:
        state = board.read(machines.places.state)
        assert state
        for part in chosen(state, ["actions", "rasa", "bot", "desk"]):
            took[part] = await asyncio.to_thread(renew, machines.places, part)

    before = {name: part.pid for name, part in machines.parts().items()}
    verdict = await talked_through(machines, deploy)
    assert verdict.findings == []
    after = {name: part.pid for name, part in machines.parts().items()}
    assert {name for name in after if after[name] == before[name]} <= {"postgres", "simulator"}
    assert len(took) == 11
    # of two of a kind one is always there: nobody waits longer than for the slowest part
    waited = machines.rows(WAITED, sum(took.values()))[0]["seconds"]
    assert waited is None or waited < max(took.values()) + 10


async def test_a_model_is_swapped_in_every_rasa_while_people_write(machines: Ground) -> None:
    taken: list[str | None] = []

    async def take() -> None:
        taken.append(await asyncio.to_thread(swap.into_use, machines.settings))

    verdict = await talked_through(machines, take)
    assert verdict.findings == []
    assert taken
    assert taken[0]
    assert taken[0].startswith("helpdesk-")
