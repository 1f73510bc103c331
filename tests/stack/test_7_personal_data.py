"""Canaries: personal values planted wherever a participant can write, then looked for wherever anything is kept.

The simulator is the outside world and stays out of it. That the search can fail is shown by planting one on purpose.
"""

import asyncio
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from bot.wording import SHARED_CODE_WARNING
from records.bell import PostgresBell
from records.clock import clock_from
from records.database import Database
from records.privacy.requests import Asked, ask_to_delete, finish_deletion
from tests.stack.running import Stack
from trends.export import BY, export
from trends.within import Within

pytestmark = pytest.mark.stack

VALUES = {
    "NIK": ["3273019876540001", "3273 0198 7654 0001", "3273.0198.7654.0001"],
    "phone": ["081298765432", "0812-9876-5432"],
    "e-mail": ["kanari.bocor@gmail.com", "kanari.bocor"],
    "card": ["8899776655443322", "8899 7766 5544 3322"],
    "account": ["7654321098765"],
    "otp": ["73916485"],
    "password": ["Kanari#77x"],
    "redeem code": ["KNR7A9B3C5D2", "knr7a9b3c5d2"],
    "name": ["Burhanudin", "Kanariwati"],
}
SENTENCES = [
    "nik saya 3273019876540001 kok ditolak",
    "ktp 3273 0198 7654 0001\nwa 0812-9876-5432",
    "email kanari.bocor@gmail.com, hp 081298765432",
    "nomor kartu 8899 7766 5544 3322 ditolak, rek bni 7654321098765",
    "otp saya 73916485 ditolak",
    "password saya: Kanari#77x",
    "kode redeem KNR7A9B3C5D2 ditolak, kode voucher knr7a9b3c5d2",
    "nama saya Burhanudin Kanariwati, belum dapat sertifikat",
]
SHOWN_NAME = "Merpati Uji 081298765432"
SHORT_NAME = "Merpati Uji"
ACCOUNT = {"id": 880_777_001, "first_name": SHOWN_NAME}
WA_NUMBER = "628129876000"
WA_ACCOUNT = {"wa_id": WA_NUMBER, "user_id": "ID.kanari1", "profile_name": SHOWN_NAME}
VISITOR = "kanari-pengunjung-0001"


@pytest.fixture(scope="module")
def planted(stack: Stack) -> Stack:
    """Every sentence over three channels, as text, caption and edit; and canaries in names, contacts and files."""
    for account, channel in ((ACCOUNT, "telegram"), (WA_ACCOUNT, "whatsapp")):
        for said in SENTENCES:
            send(stack, channel=channel, text=said, **{"as": account})
            send(stack, channel=channel, text=said, do="photo", **{"as": account})
    send(stack, channel="telegram", do="edit", text=SENTENCES[4], **{"as": ACCOUNT})
    telegram_message(stack, contact={"phone_number": "081298765432", "first_name": "OTP 73916485"})
    file = {"file_id": "d", "file_unique_id": "d", "file_name": "sandi Kanari#77x.pdf"}
    telegram_message(stack, document=file, caption="nik 3273019876540001")
    document = {"id": "9", "filename": "otp 73916485.pdf", "caption": SENTENCES[0]}
    send(stack, channel="whatsapp", do="odd", kind="document", body=document, **{"as": WA_ACCOUNT})
    with httpx.Client(base_url=f"http://127.0.0.1:{stack.settings.bot_port}", trust_env=False) as web:
        for said in (*SENTENCES, "73916485"):
            body = {"id": uuid.uuid4().hex, "text": said}
            web.post("/webchat/messages", json=body, headers={"Cookie": f"helpdesk_visitor={VISITOR}"})
        web.post("/webchat/messages", content=b'{"id": "x", "text": "otp 73916485')
    settled(stack)
    return stack


def send(stack: Stack, **act: object) -> None:
    answer = stack.control.post("/control/send", json=act)
    assert answer.is_success, answer.text


def telegram_message(stack: Stack, **message: object) -> None:
    chat = {"id": ACCOUNT["id"], "type": "private", "first_name": SHOWN_NAME}
    sender = {**ACCOUNT, "is_bot": False}
    body = {"message_id": 90_000, "date": 1_598_238_900, "chat": chat, "from": sender, **message}
    send(stack, channel="telegram", do="odd", kind="message", body=body, **{"as": ACCOUNT})


def settled(stack: Stack) -> None:
    """Wait until nothing is pending or due."""
    until, quiet = time.monotonic() + 600, 0
    while quiet < 3:
        assert time.monotonic() < until
        time.sleep(1)
        waiting = "SELECT (SELECT count(*) FROM inbox WHERE status = 'pending') + (SELECT count(*) FROM outbox " \
            "WHERE status IN ('due', 'sending')) AS n"  # fmt: skip
        quiet = quiet + 1 if stack.rows(waiting)[0]["n"] == 0 else 0


def everything(stack: Stack) -> Iterator[tuple[str, str]]:
    """Yield every place with all it holds: tables of all schemas, logs, metrics, pages, exports."""
    yield from tables(stack)
    yield from logs(stack.settings.var)
    yield from pages(stack)
    yield "trends export", asyncio.run(exported(stack))


def tables(stack: Stack) -> Iterator[tuple[str, str]]:
    names = stack.rows("SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('public', 'programme')")
    for name in names:
        table = f'"{name["schemaname"]}"."{name["tablename"]}"'
        rows = stack.rows(f"SELECT t::text AS row FROM {table} t")  # noqa: S608
        yield table, "\n".join(readable(str(row["row"])) for row in rows)


def readable(row: str) -> str:
    """Return a row with its binary columns also as text."""
    hexes = (part.strip('\\x",()') for part in row.split(",") if part.startswith(('"\\\\x', "\\x")))
    return row + " ".join(bytes.fromhex(found).decode("latin-1") for found in hexes if found)


def logs(var: Path) -> Iterator[tuple[str, str]]:
    for file in sorted((var / "log").rglob("*")):
        if file.is_file() and "simulator" not in file.name:
            yield file.name, file.read_text(errors="replace")


def pages(stack: Stack) -> Iterator[tuple[str, str]]:
    settings = stack.settings
    with httpx.Client(trust_env=False) as http:
        for address in (
            f"http://127.0.0.1:{settings.bot_port}/metrics",
            f"http://127.0.0.1:{settings.bot_port}/ready",
            f"http://127.0.0.1:{settings.bot_port}/webchat/messages?after=zzz",
            f"http://127.0.0.1:{settings.desk_port}/tidak-ada",
            f"http://127.0.0.1:{settings.rasa_port}/",
            f"http://127.0.0.1:{settings.actions_port}/health",
        ):
            token = {"Authorization": f"Bearer {stack.told['BOT_METRICS_TOKEN']}"}
            yield address, http.get(address, headers=token if address.endswith("/metrics") else {}).text
        cookie = {"Cookie": f"helpdesk_visitor={VISITOR}"}
        chat = http.get(f"http://127.0.0.1:{settings.bot_port}/webchat/messages", headers=cookie)
        yield "the web visitor's own chat", chat.text


async def exported(stack: Stack) -> str:
    database = Database(stack.told["DATABASE_URL"], pool_size=1)
    within = Within.last_days(clock_from(stack.settings.var / "run" / "clock.json"), 30)
    async with database.read() as session:
        said = [await export(session, by=by, within=within) for by in BY]
    await database.close()
    return "\n".join(said)


def found(stack: Stack, values: list[str]) -> list[tuple[str, str]]:
    """Return every place where one of the values is, with the value."""
    return [(place, value) for place, held in everything(stack) for value in values if value in held]


def test_no_canary_is_anywhere(planted: Stack) -> None:
    heard = planted.rows("SELECT count(*) AS n FROM messages WHERE direction = 'in'")[0]["n"]
    assert int(str(heard)) >= 3 * len(SENTENCES)
    assert found(planted, [value for values in VALUES.values() for value in values]) == []


def test_every_sender_of_a_secret_was_warned_and_nothing_of_it_is_sealed(planted: Stack) -> None:
    masked = "strpos(text, '[OTP]') > 0 OR strpos(text, '[SANDI]') > 0"
    kept = planted.rows(f"SELECT count(*) AS n FROM messages WHERE sealed_text IS NOT NULL AND ({masked})")  # noqa: S608
    assert kept[0]["n"] == 0
    warned = "SELECT DISTINCT channel FROM messages m JOIN conversations c ON c.id = m.conversation_id " \
        "WHERE starts_with(m.text, %s) AND c.external_id IN (%s, %s, %s)"  # fmt: skip
    rows = planted.rows(warned, SHARED_CODE_WARNING, str(ACCOUNT["id"]), str(WA_ACCOUNT["user_id"]), VISITOR)
    assert {row["channel"] for row in rows} == {"telegram", "whatsapp", "web"}


@pytest.mark.parametrize("place", ["a table", "a sealed column", "a log"])
def test_a_canary_planted_on_purpose_is_found(planted: Stack, place: str) -> None:
    remove = plant(planted, place)
    try:
        assert {value for _, value in found(planted, ["kanari-sengaja"])} == {"kanari-sengaja"}
    finally:
        remove()
    assert found(planted, ["kanari-sengaja"]) == []


def plant(stack: Stack, place: str) -> Callable[[], object]:
    """Put a canary somewhere and return how it is taken away."""
    if place == "a log":
        log = stack.settings.var / "log" / "kanari.log"
        log.write_text("kanari-sengaja")
        return log.unlink
    column, value = ("error", "kanari-sengaja") if place == "a table" else ("sealed_event", b"kanari-sengaja")
    row = stack.rows("SELECT max(id) AS id FROM inbox WHERE sealed_event IS NULL AND error IS NULL")[0]["id"]
    # given apart: what takes long stands in the server's log as it was asked
    stack.change(f"UPDATE inbox SET {column} = %s WHERE id = %s", value, row)  # noqa: S608
    return lambda: stack.change(f"UPDATE inbox SET {column} = NULL WHERE id = %s", row)  # noqa: S608


def test_after_the_deletion_not_even_a_name_or_an_address_is_left(planted: Stack) -> None:
    chats = [str(ACCOUNT["id"]), str(WA_ACCOUNT["user_id"]), VISITOR]
    before = planted.rows("SELECT intent, channel, count(*) AS n FROM turns GROUP BY 1, 2 ORDER BY 1, 2")
    own = [*chats, WA_NUMBER, SHORT_NAME]
    assert {value for _, value in found(planted, own)} == set(own)
    asyncio.run(erase(planted, chats))
    assert found(planted, own) == []
    assert planted.rows("SELECT intent, channel, count(*) AS n FROM turns GROUP BY 1, 2 ORDER BY 1, 2") == before
    done = planted.rows("SELECT number, status FROM data_requests WHERE status = 'done'")
    assert len(done) == 3


async def erase(stack: Stack, chats: list[str]) -> None:
    """Ask for each chat's deletion; the bot finishes two, and the web's before its time here."""
    database = Database(stack.told["DATABASE_URL"], pool_size=2)
    clock = clock_from(stack.settings.var / "run" / "clock.json")
    requests = []
    for chat in stack.rows("SELECT id FROM conversations WHERE external_id = ANY(%s)", chats):
        asked = Asked("delete", uuid.UUID(str(chat["id"])), "uji", "Diminta peserta.")
        async with database.write() as session:
            bell = PostgresBell(database.url)
            farewell = "Data Kakak kami hapus. Tanda terima {number}."
            requests.append(await ask_to_delete(session, bell, asked, what="Dihapus.", farewell=farewell, now=clock()))
    until = time.monotonic() + 300
    while stack.rows("SELECT 1 FROM data_requests r JOIN conversations c ON c.id = r.conversation_id "
                     "WHERE r.status = 'waiting' AND c.channel <> 'web'"):  # fmt: skip
        assert time.monotonic() < until
        await asyncio.sleep(1)
    for request in requests:
        async with database.write() as session:
            await finish_deletion(session, request.id, clock() + timedelta(minutes=3))
    await database.close()
