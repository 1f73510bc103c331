"""A whole system is put back by an hour: what was sent in that hour is not sent again, and people go on being answered.

Siti's answer waits for a Telegram that is busy when the backup is made. Then Telegram is back, her answer is sent, an
hour goes by in which Budi is answered, and the database is lost.
"""

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest

from helpdesk import system
from helpdesk.backup import manifest
from helpdesk.backup.making import make
from helpdesk.backup.restoring import Restored, Restoring
from helpdesk.backup.standing import data_key, house_clock, standing, tide_seen
from tests.stack.running import Stack

pytestmark = pytest.mark.operating

TELEGRAM_BUSY = {"target": "telegram", "kind": "limit", "method": "sendMessage", "retry_after": 2}
QUIET_SECONDS = 12
"""Twice as long as a bot takes to send what it finds due when it starts."""


@pytest.fixture
def house() -> Iterator[Stack]:
    folder = Path(tempfile.mkdtemp(prefix="hd-restored-"))
    folder.chmod(0o755)
    settings = system.beside(folder / "var")
    running = system.start(settings)
    address = f"http://127.0.0.1:{settings.simulator_port}"
    with httpx.Client(base_url=address, timeout=60, trust_env=False) as control:
        yield Stack(settings, running.settings, control)
    left = system.stop(settings)
    shutil.rmtree(folder, ignore_errors=True)
    assert left == []


def shown(house: Stack) -> list[str]:
    """Return every message of the bot that reached a phone, in the simulator's own numbering."""
    chats = house.control.get("/control/truth").json()["chats"]
    return [f"{chat['chat']} {item['n']}" for chat in chats for item in chat["items"] if item["who"] == "bot"]


def until(true: Callable[[], Any], seconds: float = 300) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.2)


def due(house: Stack) -> int:
    found = house.rows("SELECT count(*) AS n FROM outbox WHERE status IN ('due', 'sending')")
    return int(str(found[0]["n"]))


def restored(house: Stack, file: Path) -> Restored:
    """Lose the system, put the backup in its place, and start again."""
    system.stop(house.settings)
    with standing(house.settings, still=True) as url:
        seen = tide_seen(house.settings, UUID(manifest.read(file).lineage))
        done = Restoring(url, house_clock(house.settings)(), lambda line: None).run(file, seen)
    system.start(house.settings)
    return done


def test_a_backup_of_an_hour_ago_sends_nothing_old_and_the_gap_is_told(house: Stack) -> None:
    file = house.settings.var / "ten.tar"
    house.say("halo", who="siti")
    until(lambda: due(house) == 0)
    fault = house.control.post("/control/faults", json=TELEGRAM_BUSY).json()["id"]
    house.control.post("/control/send", json={"as": "siti", "text": "insentif cair berapa lama"}).raise_for_status()
    until(lambda: due(house) == 1)
    make(house.told["DATABASE_URL"], file, data_key(house.settings), house.now(), lambda line: None)
    house.control.delete(f"/control/faults/{fault}")
    until(lambda: due(house) == 0)
    house.clock(house.now() + timedelta(hours=1))
    house.say("cara pakai kode redeem gimana", who="budi", channel="whatsapp")
    until(lambda: due(house) == 0)
    before = shown(house)

    done = restored(house, file)
    time.sleep(QUIET_SECONDS)
    assert shown(house) == before
    assert (done.aside.messages, done.aside.events) == (1, 0)
    assert done.gap.conversations == 1
    assert done.gap.until
    assert done.gap.until > done.gap.since
    withheld = house.rows("SELECT error FROM outbox WHERE status = 'withheld'")
    assert ["dipulihkan dari cadangan" in str(row["error"]) for row in withheld] == [True]

    house.say("kok saya belum bisa beli pelatihan ya", who="siti")
    until(lambda: len(shown(house)) == len(before) + 1)
