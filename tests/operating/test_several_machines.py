"""Several of everything, as processes of their own: whatever ends in the middle, no message is lost or doubled."""

import asyncio
import os
import signal

import pytest

from helpdesk.chaos.ground import Ground
from tests.operating.conftest import talked_through

pytestmark = pytest.mark.operating


async def test_each_part_does_its_own_and_every_message_is_answered_once_in_order(machines: Ground) -> None:
    verdict = await talked_through(machines, lambda: asyncio.sleep(10))
    assert verdict.findings == []
    begun = {row["part"] for row in machines.rows("SELECT part FROM processes")}
    assert len(begun) >= 3
    senders = machines.rows("SELECT DISTINCT p.part FROM outbox o JOIN processes p ON p.name = o.held_by")
    assert senders
    assert all("send" in sender["part"] for sender in senders)


async def test_a_worker_and_a_rasa_that_are_killed_cost_nobody_an_answer(machines: Ground) -> None:
    async def harm() -> None:
        os.kill(machines.pids("bot")["bot-3"], signal.SIGKILL)
        await asyncio.sleep(2)
        os.kill(machines.pids("rasa")["rasa-2"], signal.SIGKILL)
        await asyncio.sleep(8)

    verdict = await talked_through(machines, harm)
    assert verdict.findings == []
    assert machines.parts()["bot-3"].restarts >= 1
    assert machines.parts()["rasa-2"].restarts >= 1
