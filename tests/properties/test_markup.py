"""Markup in whatever a person can name or write, from the door to the desk's pages: it is read as words.

Text, name, caption, file name, button title, quoted words, place, contact and group title, by the way they really take.
"""

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

import httpx
import orjson
import pytest
from sqlalchemy import select

from bot.webhooks import whatsapp_arrivals
from desk.app import create_app
from desk.door import SESSION_COOKIE
from desk.headers import POLICY
from desk.sessions import hashed, open_session
from records.bell import PostgresBell
from records.clock import Clock, system_clock
from records.database import Database
from records.models import Conversation, LookPermit, Staff
from records.sealed import Seal
from tests.bot.corridor import A_TICKET, Corridor, ScriptedRasa, says, update
from tests.desk.scenes import CHEAP, hire
from tests.properties.world import HOUR

CORPUS = [
    "<script>alert(1)</script><x hx-get=/keluar hx-trigger=load>",
    '"><img src=x onerror=alert(1)>',
    "'><svg/onload=alert(1)>{{7*7}} {% raw %} ${7*7} <%= 7*7 %>",
    "</textarea></title></script><iframe srcdoc='<script>alert(1)</script>'><base href=//jahat.example>",
    "<a href='javascript:alert(1)'>klik</a> [klik](javascript:alert(1)) data:text/html,<script>alert(1)</script>\u202e",
]

STRANGE = ("iframe", "object", "embed", "base", "math", "style", "x")


class Page(HTMLParser):
    """Everything on a page that acts, leads away or loads."""

    def __init__(self) -> None:
        super().__init__()
        self.harm: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in STRANGE or (tag == "script" and "src" not in given):
            self.harm.append(f"<{tag}>")
        self.harm += [f"{tag} {name}" for name in given if name.startswith("on") or name in ("srcdoc", "style")]
        for name in ("href", "src", "action", "formaction", "hx-get", "hx-post"):
            where = urlsplit(given.get(name, ""))
            if where.scheme not in ("", "http", "https") or (where.netloc and where.netloc != "meja"):
                self.harm.append(f"{tag} {name}={given[name]}")
            if name == "hx-get" and where.path == "/keluar":
                self.harm.append("a way out that presses itself")


def bodies(n: int, nasty: str) -> Iterator[bytes]:
    """One person who puts it wherever something can be put."""
    chat, first = 8100 + n, 100 * n
    person = {"id": chat, "is_bot": False, "first_name": nasty, "last_name": nasty, "username": nasty}
    quoted = {"message_id": 1, "date": 1_598_238_000, "chat": {"id": chat, "type": "private"}, "text": nasty}
    file = {"file_id": "f", "file_unique_id": "f", "file_name": nasty, "mime_type": nasty}
    venue = {"location": {"latitude": 1.0, "longitude": 2.0}, "title": nasty, "address": nasty}
    mine = {"from": person}
    yield update(first + 1, f"lapor {nasty}", chat=chat, **mine)
    yield update(first + 2, None, chat=chat, document=file, caption=nasty, **mine)
    yield update(first + 3, "balas", chat=chat, reply_to_message=quoted, **mine)
    yield update(first + 4, None, chat=chat, venue=venue, location=venue["location"], **mine)
    yield update(first + 5, None, chat=chat, contact={"phone_number": nasty, "first_name": nasty}, **mine)
    hidden = {"type": "hidden_user", "sender_user_name": nasty, "date": 1}
    yield update(first + 6, "terusan", chat=chat, forward_origin=hidden, **mine)
    edited = orjson.loads(update(first + 7, nasty, chat=chat, edit_date=1_598_238_100, **mine))
    yield orjson.dumps({"update_id": edited["update_id"], "edited_message": edited["message"]})
    group = orjson.loads(update(first + 8, nasty, chat=-chat, **mine))
    group["message"]["chat"] = {"id": -chat, "type": "group", "title": nasty}
    yield orjson.dumps(group)


def on_whatsapp(n: int, nasty: str) -> bytes:
    who = f"62812345{n:05}"
    pressed = {"type": "button_reply", "button_reply": {"id": nasty, "title": nasty}}
    messages = [
        {"type": "text", "text": {"body": f"lapor {nasty}"}},
        {"type": "interactive", "interactive": pressed},
        {"type": "document", "document": {"id": "9", "filename": nasty, "caption": nasty, "mime_type": nasty}},
        {"type": nasty, "errors": [{"title": nasty, "message": nasty}]},
        {"type": "location", "location": {"latitude": 1, "longitude": 2, "name": nasty, "address": nasty}},
    ]
    for number, message in enumerate(messages):
        message |= {"id": f"wamid.{n}.{number}", "from": who, "timestamp": str(1_598_238_000 + number)}
    value = {"contacts": [{"wa_id": who, "profile": {"name": nasty}}], "messages": messages}
    return orjson.dumps({"entry": [{"id": "1", "changes": [{"field": "messages", "value": value}]}]})


@pytest.fixture
async def sari(database: Database, clock: Clock, data_key: str) -> Any:
    """The browser of an agent and administrator, after everybody has written."""
    rasa = ScriptedRasa(_answer)
    async with Corridor(database, clock, data_key, rasa=rasa) as corridor:
        for n, nasty in enumerate(CORPUS):
            await corridor.hear(*bodies(n, nasty))
            await corridor.inbox.store(whatsapp_arrivals(on_whatsapp(n, nasty)))
        await corridor.rest(60)
    async with database.write() as session:
        await hire(session, clock())
    async with database.write() as session:
        ani = (await session.scalars(select(Staff).where(Staff.username == "ani"))).one()
        token = await open_session(session, ani, now=system_clock(), life=HOUR)
        await session.flush()
        looks = {"staff_id": ani.id, "session_hash": hashed(token), "reason": "uji", "at": clock()}
        chats = await session.scalars(select(Conversation.id))
        session.add_all([LookPermit(conversation_id=chat, until=clock() + HOUR, **looks) for chat in chats])
    bell = PostgresBell(database.url)
    app = create_app(database=database, clock=clock, bell=bell, seal=Seal(data_key), passwords=CHEAP)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://meja") as browser:
        browser.cookies.set(SESSION_COOKIE, token)
        yield browser


def _answer(asked: dict[str, Any]) -> dict[str, Any]:
    """A case whose every word is what the person said."""
    said = asked["text"]
    if "lapor" not in said:
        return says(said, buttons=[{"title": said[:20] or "ya", "choice": {"intent": "greet", "slots": {}}}])
    words = {"summary": said, "reason": said, "course": said, "platform": "sisnaker"}
    finding = {"check": "system_status", "verdict": "yes", "summary": said, "evidence": []}
    return says(f"Laporan {{ticket}}. {said}", proposals=[{**A_TICKET, **words}], findings=[finding])


async def test_markup_stays_words_on_every_page_of_the_desk(sari: httpx.AsyncClient, database: Database) -> None:
    async with database.read() as session:
        chats = list(await session.scalars(select(Conversation.id)))
    assert len(chats) == 3 * len(CORPUS)
    read = 0
    for address in (
        "/antrean?tab=semua",
        "/pengiriman",
        "/tren",
        "/tren/baris",
        "/petugas",
        *(f"/percakapan/{chat}" for chat in chats),
    ):
        answer = await sari.get(address, follow_redirects=True)
        assert answer.status_code == 200, address
        assert answer.headers["Content-Security-Policy"] == POLICY
        page = Page()
        page.feed(answer.text)
        assert page.harm == [], address
        read += "alert(1)" in answer.text
    assert read > len(CORPUS)
