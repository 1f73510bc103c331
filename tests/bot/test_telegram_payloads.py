"""Every kind of update Telegram has, as files of our own: what it is read as, that it is kept, and what is said to it.

python-telegram-bot reads the same files: a payload no real server would send proves nothing.
"""

from pathlib import Path
from typing import Any

import orjson
import pytest
from telegram import Update
from telegram.constants import UpdateType
from telegram.ext import filters

from bot import wording
from bot.channels import telegram, telegram_parsing
from bot.events import Unreadable
from records.clock import Clock
from records.database import Database
from tests.bot.corridor import Corridor

FILES = sorted((Path(__file__).parent / "payloads/telegram").glob("*.json"))
PAYLOADS: dict[str, dict[str, Any]] = {path.stem: orjson.loads(path.read_bytes()) for path in FILES}
BEYOND_THE_LIBRARY = {
    "message_of_tomorrow",
    "message_without_a_date",
    "message_with_an_endless_date",
    "message_forwarded_of_tomorrow",
}
"""What the library itself cannot read, or reads as nothing."""


def raw(payload: dict[str, Any]) -> bytes:
    return orjson.dumps(payload["update"])


@pytest.mark.parametrize("name", PAYLOADS)
def test_an_update_is_read_as_what_it_is(name: str) -> None:
    payload = PAYLOADS[name]
    try:
        kind = telegram.parse(raw(payload)).kind.value
    except Unreadable:
        kind = "illegible"
    assert kind == payload["kind"], payload["about"]


@pytest.mark.filterwarnings("ignore:.*will be of type `datetime.timedelta`")
@pytest.mark.parametrize("name", [name for name in PAYLOADS if name not in BEYOND_THE_LIBRARY])
def test_python_telegram_bot_reads_the_same(name: str) -> None:
    given = PAYLOADS[name]["update"]
    (what,) = given.keys() - {"update_id"}
    update = Update.de_json(given, None)
    assert update.update_id == given["update_id"]
    assert getattr(update, what, None) is not None or what in update.api_kwargs


def test_every_kind_of_update_the_library_knows_has_a_file() -> None:
    ours = {key for payload in PAYLOADS.values() for key in payload["update"]}
    assert {kind.value for kind in UpdateType} - ours == set()


def test_what_the_library_calls_news_of_a_chat_is_no_message_of_a_person() -> None:
    of_the_chat = {name.lower() for name in vars(filters.StatusUpdate) if name.isupper() and name != "ALL"}
    # the one that tells of a move is read as such
    assert of_the_chat - telegram_parsing.SERVICE <= {"migrate", "chat_created", "video_chat_participants_invited"}


async def test_every_update_is_kept_and_answered_as_its_file_says(
    database: Database, clock: Clock, data_key: str
) -> None:
    async with Corridor(database, clock, data_key) as corridor:
        for start in range(0, len(FILES), 30):
            # not all at once: whoever waits too long hears that the message is kept
            await corridor.hear(*[raw(payload) for payload in list(PAYLOADS.values())[start : start + 30]])
        said: dict[str, list[str]] = {}
        for message in corridor.telegram.sent:
            said.setdefault(message.chat, []).append(message.text)
        heard = {asked["text"] for asked in corridor.rasa.asked}
        kept = (
            await corridor.count("inbox WHERE status = 'done'"),
            await corridor.count("inbox WHERE status = 'ignored'"),
        )
    assert {name: said.get(chat_of(payload), []) for name, payload in PAYLOADS.items()} == {
        name: answer_of(payload) for name, payload in PAYLOADS.items()
    }
    assert heard == {payload["hears"] for payload in PAYLOADS.values() if "hears" in payload}
    illegible = sum(payload["kind"] == "illegible" for payload in PAYLOADS.values())
    assert kept == (len(PAYLOADS) - illegible, illegible)


def chat_of(payload: dict[str, Any]) -> str:
    (body,) = (value for key, value in payload["update"].items() if key != "update_id")
    chat = body.get("chat") or body.get("message", {}).get("chat") or {}
    return str(chat.get("id"))


def answer_of(payload: dict[str, Any]) -> list[str]:
    name = payload["answer"]
    if name == "NOTHING":
        return []
    if name.startswith("MODEL"):
        more = f"\n\n{wording.COMMANDS}" if name.endswith("+COMMANDS") else ""
        return [f"dengar: {payload['hears']}{more}"]
    words = getattr(wording, name)
    return [words["telegram"] if isinstance(words, dict) else words]
