"""A backup is whole or none; what is restored of an hour ago sends nothing old, and says what is missing.

Siti's answer was due when the backup was made and was sent a moment later; Budi's message had not been answered; Dewi's
had been sent without an answer from the provider. Then an hour went by in which Rina wrote for the first time.
"""

import stat
import tarfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread, Timer
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from cryptography.fernet import Fernet
from psycopg.rows import dict_row

from helpdesk.backup import manifest as backups
from helpdesk.backup import restoring
from helpdesk.backup.making import make
from helpdesk.backup.restoring import NotRestored, Restored, Restoring, adopt, drop, old_ones
from helpdesk.backup.tools import plain
from records.database import Database
from records.tide import FileNotes, Tide

# each restoration makes a database anew
pytestmark = pytest.mark.stack

TEN = datetime(2020, 8, 24, 3, 0, tzinfo=UTC)
ELEVEN = TEN + timedelta(hours=1)
KEY = Fernet.generate_key().decode()

CHAT = """
    WITH person AS (
        INSERT INTO identities (id, channel, external_id) VALUES (gen_random_uuid(), 'telegram', %(chat)s) RETURNING id
    ), chat AS (
        INSERT INTO conversations (id, channel, external_id, identity_id, opened_at)
        SELECT gen_random_uuid(), 'telegram', %(chat)s, person.id, %(at)s FROM person RETURNING id
    )
    INSERT INTO lanes (conversation_id, due_at) SELECT id, now() FROM chat RETURNING conversation_id
"""
ARRIVES = """
    INSERT INTO inbox (channel, external_id, conversation_id, kind, order_key, received_at)
    VALUES ('telegram', %(event)s, %(conversation)s, 'text', 1, %(at)s)
"""
ANSWERED = """
    WITH said AS (
        INSERT INTO messages (id, conversation_id, direction, author, text, created_at)
        VALUES (gen_random_uuid(), %(conversation)s, 'out', 'bot', 'Halo Kak', %(at)s) RETURNING id
    )
    INSERT INTO outbox (id, conversation_id, message_id, channel, payload, author, owner_version, status)
    SELECT gen_random_uuid(), %(conversation)s, said.id, 'telegram', '{"text": "Halo Kak"}', 'bot', 0, %(status)s
    FROM said
"""
STATUSES = {
    "inbox": "SELECT c.external_id AS who, x.status FROM inbox x JOIN conversations c ON c.id = x.conversation_id",
    "outbox": "SELECT c.external_id AS who, x.status FROM outbox x JOIN conversations c ON c.id = x.conversation_id",
}


class House:
    """The records of a help desk, as whoever keeps them sees them."""

    def __init__(self, url: str) -> None:
        self.url = url

    def rows(self, query: str, **given: Any) -> list[dict[str, Any]]:
        with psycopg.connect(plain(self.url), row_factory=dict_row) as connection:
            done = connection.execute(query.encode(), given)
            return done.fetchall() if done.description else []

    def chat(self, chat: str, at: datetime = TEN) -> UUID:
        found: UUID = self.rows(CHAT, chat=chat, at=at)[0]["conversation_id"]
        return found

    def arrives(self, conversation: UUID, at: datetime = TEN) -> None:
        self.rows(ARRIVES, event=str(uuid4()), conversation=conversation, at=at)

    def answered(self, conversation: UUID, status: str, at: datetime = TEN) -> None:
        self.rows(ANSWERED, conversation=conversation, status=status, at=at)

    def statuses(self, table: str) -> dict[str, str]:
        return {row["who"]: row["status"] for row in self.rows(STATUSES[table])}

    def waiting(self) -> int:
        """Count what a bot would send or answer."""
        outbox = "SELECT count(*) AS n FROM outbox WHERE status IN ('due', 'sending', 'unknown')"
        inbox = "SELECT count(*) AS n FROM inbox WHERE status = 'pending'"
        return int(self.rows(outbox)[0]["n"] + self.rows(inbox)[0]["n"])

    def back_up(self, file: Path, at: datetime = TEN) -> backups.Manifest:
        return make(self.url, file, KEY, at, lambda line: None)

    def restore(self, file: Path, at: datetime = ELEVEN, seen: int = 0) -> Restored:
        return Restoring(self.url, at, lambda line: None).run(file, seen)


@pytest.fixture
def house(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    # the server may need long to see that a line was hung up
    monkeypatch.setattr(restoring, "LEAVING_S", 60.0)
    house = House(database_url)
    yield house
    for old in old_ones(database_url):
        drop(database_url, old)


@pytest.fixture
def of_ten(house: House, tmp_path: Path) -> Path:
    """The backup of ten o'clock, and then an hour of which it knows nothing."""
    siti, budi, dewi = house.chat("siti"), house.chat("budi"), house.chat("dewi")
    house.answered(siti, "due")
    house.arrives(budi)
    house.answered(dewi, "unknown")
    file = tmp_path / "ten.tar"
    house.back_up(file)
    house.rows("UPDATE outbox SET status = 'sent'")
    house.rows("UPDATE inbox SET status = 'done'")
    rina = house.chat("rina", ELEVEN)
    house.arrives(rina, ELEVEN)
    house.answered(rina, "sent", ELEVEN)
    return file


def test_a_backup_is_readable_by_its_owner_only_and_knows_what_is_in_it(house: House, of_ten: Path) -> None:
    assert stat.S_IMODE(of_ten.stat().st_mode) == 0o600
    said = backups.read(of_ten)
    assert (said.counts["public.conversations"], said.counts["public.outbox"]) == (3, 2)
    assert said.stands_at == TEN
    assert said.key_mark == backups.key_mark(KEY)
    assert KEY.encode() not in of_ten.read_bytes()
    assert list(of_ten.parent.iterdir()) == [of_ten]


def test_nothing_of_an_hour_ago_is_sent_or_answered_again(house: House, of_ten: Path) -> None:
    done = house.restore(of_ten)
    assert house.waiting() == 0
    assert house.statuses("outbox") == {"siti": "withheld", "dewi": "withheld"}
    assert house.statuses("inbox") == {"budi": "parked"}
    assert (done.aside.messages, done.aside.events) == (2, 1)
    reasons = house.rows("SELECT error FROM outbox UNION ALL SELECT error FROM inbox")
    assert all("dipulihkan dari cadangan Senin, 24 Agustus 2020 pukul 10.00 WIB" in row["error"] for row in reasons)


def test_staff_see_what_was_not_sent_and_get_a_ticket_for_who_was_not_answered(house: House, of_ten: Path) -> None:
    house.restore(of_ten)
    assert {row["direction"] for row in house.rows("SELECT direction FROM messages")} == {"note"}
    tickets = house.rows(
        "SELECT c.external_id AS who, t.* FROM tickets t JOIN conversations c ON c.id = conversation_id"
    )
    assert [(ticket["who"], ticket["status"], ticket["priority"]) for ticket in tickets] == [("budi", "open", "high")]
    assert tickets[0]["promised_at"] > ELEVEN


def test_the_gap_is_counted_and_kept(house: House, of_ten: Path) -> None:
    done = house.restore(of_ten)
    assert (done.gap.conversations, done.gap.events, done.gap.messages) == (1, 1, 1)
    kept = house.rows("SELECT number, report FROM epoch")[0]
    assert kept["number"] == 2
    assert kept["report"]["conversations"] == 1
    assert kept["report"]["messages"] == 2


def test_the_records_of_before_are_kept_until_somebody_lets_them_go(house: House, of_ten: Path) -> None:
    done = house.restore(of_ten)
    assert done.old
    assert old_ones(house.url) == [done.old]
    before = House(house.url.replace(str(psycopg.conninfo.conninfo_to_dict(plain(house.url))["dbname"]), done.old))
    assert before.statuses("inbox") == {"budi": "done", "rina": "done"} or "rina" in before.statuses("inbox")
    drop(house.url, done.old)
    assert old_ones(house.url) == []


def test_bots_that_saw_the_tide_go_on_with_what_was_restored(house: House, of_ten: Path) -> None:
    seen = 500
    house.restore(of_ten, seen=seen)
    assert house.rows("SELECT tide FROM epoch")[0]["tide"] > seen


def test_every_restoration_is_an_epoch_of_its_own(house: House, of_ten: Path) -> None:
    assert [house.restore(of_ten).aside.number for _ in range(2)] == [2, 3]


def test_a_damaged_backup_is_refused_and_nothing_changes(house: House, of_ten: Path) -> None:
    body = bytearray(of_ten.read_bytes())
    body[len(body) // 2] ^= 0xFF
    of_ten.write_bytes(bytes(body))
    with pytest.raises(NotRestored, match=r"damaged|not whole"):
        house.restore(of_ten)
    assert house.statuses("outbox") == {"siti": "sent", "dewi": "sent", "rina": "sent"}
    assert old_ones(house.url) == []
    assert house.rows("SELECT datname FROM pg_database WHERE datname LIKE '%%_new_%%'") == []


def test_a_file_that_is_no_backup_is_refused(house: House, tmp_path: Path) -> None:
    stranger = tmp_path / "holiday.tar"
    with tarfile.open(stranger, "w") as tar:
        tar.add(__file__, "beach.jpg")
    with pytest.raises(NotRestored, match="no backup"):
        house.restore(stranger)


def test_while_somebody_uses_the_records_nothing_is_restored(
    house: House, of_ten: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(restoring, "LEAVING_S", 2.0)
    with (
        psycopg.connect(plain(house.url), application_name="bot"),
        pytest.raises(NotRestored, match="in use by bot"),
    ):
        house.restore(of_ten)
    assert "rina" in house.statuses("outbox")


def test_who_is_just_leaving_is_waited_for(house: House, of_ten: Path) -> None:
    leaving = psycopg.connect(plain(house.url), application_name="bot")
    hangs_up = Timer(0.3, leaving.close)
    hangs_up.start()
    done = house.restore(of_ten)
    hangs_up.join()
    assert leaving.closed
    assert done.old


def test_a_backup_made_under_load_restores_whole(house: House, tmp_path: Path) -> None:
    siti = house.chat("siti")
    enough, written = Event(), []

    def write() -> None:
        while not enough.is_set():
            house.arrives(siti)
            house.answered(siti, "due")
            written.append(1)

    writers = [Thread(target=write) for _ in range(3)]
    for writer in writers:
        writer.start()
    try:
        while len(written) < 30:
            enough.wait(0.05)
        file = tmp_path / "busy.tar"
        said = house.back_up(file)
        more = len(written)
    finally:
        enough.set()
        for writer in writers:
            writer.join()
    assert more > 30
    done = house.restore(file)
    assert house.rows("SELECT count(*) AS n FROM inbox")[0]["n"] == said.counts["public.inbox"] == done.aside.events
    assert said.counts["public.inbox"] <= len(written)


async def test_records_put_back_by_hand_send_nothing_until_adopted_and_then_only_what_is_new(
    house: House, of_ten: Path, tmp_path: Path
) -> None:
    notes = FileNotes(tmp_path / "tide.json")
    tide = Tide([notes])
    house.rows("UPDATE outbox SET status = 'due' WHERE status = 'sent'")
    lineage = house.rows("SELECT lineage FROM epoch")[0]["lineage"]
    await notes.write(lineage, 40)
    bot = Database(house.url, pool_size=2, admit=tide.admit)
    with pytest.raises(Exception, match="records at tide 0, seen 40"):
        await bot.at_once.rows("SELECT 1", {})
    house.rows("UPDATE epoch SET moved_at = now() - interval '1 hour'")
    house.rows("UPDATE outbox SET created_at = now() - interval '2 hours'")
    house.answered(house.chat("agus", ELEVEN), "due", ELEVEN)
    aside, gap = adopt(house.url, 40, ELEVEN)
    assert aside.messages == 3
    assert gap.events is None
    assert house.statuses("outbox")["agus"] == "due"
    assert await bot.at_once.rows("SELECT 1 AS one", {}) == [{"one": 1}]
    await bot.close()
