"""The web chat's doors, knocked at in-process: nothing is missed, nobody else's chat is read, nobody can flood us."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from pydantic import ValidationError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.requests import Request

from bot import flood
from bot.feed import Feed, Wanted
from bot.sending import OutboundMessage, RetryLater
from bot.showing import Showing
from bot.visitors import COOKIE, HEADER
from bot.waiting import EACH, NEWS, Waiting
from bot.web_gate import NEW_VISITORS, POSTS, Buckets, Gate, Rate
from bot.web_pages import PAGES
from records.bell import PostgresBell
from records.clock import Clock
from records.database import Database
from tests.bot.corridor import Corridor
from tests.bot.web import pulled_doors, settings

RINA = "rina-rina-rina-rina-1"
STRANGER = "orang-lain-orang-lain-1"


@pytest.fixture
async def corridor(database: Database, clock: Clock, data_key: str) -> AsyncIterator[Corridor]:
    async with Corridor(database, clock, data_key) as corridor:
        yield corridor
        with suppress(TimeoutError, SQLAlchemyError):
            # what is still being answered holds a connection
            await corridor.rest(10)


@pytest.fixture
async def door(corridor: Corridor) -> AsyncIterator[httpx.AsyncClient]:
    app = Starlette(routes=pulled_doors(corridor, bot_embed_origins="https://mitra.example").routes())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://bot", timeout=40) as client:
        yield client


def as_(who: str) -> dict[str, str]:
    return {"Cookie": f"{COOKIE}={who}"}


async def post(door: httpx.AsyncClient, client_id: str, said: str, who: str = RINA, **more: Any) -> httpx.Response:
    return await door.post("/webchat/messages", json={"id": client_id, "text": said, **more}, headers=as_(who))


async def poll(door: httpx.AsyncClient, who: str = RINA, **asked: Any) -> httpx.Response:
    return await door.post("/webchat/poll", json=asked, headers=as_(who))


async def chat_of(corridor: Corridor, who: str = RINA) -> UUID:
    row = await corridor.row(f"SELECT id FROM conversations WHERE external_id = '{who}'")  # noqa: S608
    return UUID(str(row["id"]))


async def written(corridor: Corridor, said: str, chat: UUID, status: str) -> UUID:
    """Have the bot's words in the records with their outbox row in this state."""
    message = uuid4()
    async with corridor.database.write() as session:
        await session.execute(
            text(
                "INSERT INTO messages (id, conversation_id, direction, author, text, created_at) "
                "VALUES (:id, :chat, 'out', 'bot', :said, now())"
            ),
            {"id": message, "chat": chat, "said": said},
        )
        await session.execute(
            text(
                "INSERT INTO outbox (id, conversation_id, message_id, channel, payload, author, owner_version, status,"
                " due_at) VALUES (gen_random_uuid(), :chat, :id, 'web', '{\"buttons\": []}', 'bot', 0, :status,"
                " now() + interval '1 hour')"
            ),
            {"id": message, "chat": chat, "status": status},
        )
    return message


async def somebody_waits(corridor: Corridor, count: int) -> None:
    async with asyncio.timeout(60):
        while corridor.waiting.count != count:  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def test_a_message_that_becomes_visible_after_a_later_one_is_not_missed(
    corridor: Corridor, door: httpx.AsyncClient
) -> None:
    await post(door, "a", "satu")
    await corridor.rest()
    chat = await chat_of(corridor)
    early = await written(corridor, "lebih dulu ditulis", chat, "due")
    await written(corridor, "lebih dulu terlihat", chat, "sent")
    first = (await poll(door)).json()
    assert [m["text"] for m in first["messages"]] == ["satu", "dengar: satu", "lebih dulu terlihat"]
    last = first["messages"][-1]["position"]
    assert (await poll(door, after=last)).status_code == 204
    async with corridor.database.write() as session:
        await session.execute(text("UPDATE outbox SET status = 'sent' WHERE message_id = :id"), {"id": early})
    late = (await poll(door, after=last)).json()
    assert [m["text"] for m in late["messages"]] == ["lebih dulu ditulis"]


async def test_readers_who_number_a_chat_at_once_leave_no_gap(corridor: Corridor, door: httpx.AsyncClient) -> None:
    await post(door, "a", "satu")
    await corridor.rest()
    chat, feed = await chat_of(corridor), Feed(corridor.database)
    for number in range(15):
        await asyncio.gather(
            written(corridor, f"baris {number}", chat, "sent"),
            *(feed.look("web", RINA, Wanted(0)) for _ in range(4)),
        )
    seen = await feed.look("web", RINA, Wanted(0))
    assert [m["position"] for m in seen.messages] == list(range(1, 18))


async def test_whoever_waits_is_woken_by_what_another_process_sent(
    corridor: Corridor, door: httpx.AsyncClient, database: Database
) -> None:
    await post(door, "a", "satu")
    await corridor.rest()
    last = (await poll(door)).json()["messages"][-1]["position"]
    ringing = asyncio.create_task(corridor.waiting.run())
    waiting = asyncio.create_task(poll(door, after=last, wait=25))
    await somebody_waits(corridor, 1)
    async with asyncio.timeout(60):
        while not await corridor.count("pg_stat_activity WHERE query LIKE 'LISTEN%'"):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    await asyncio.sleep(0.5)  # it has looked once and rests now
    await written(corridor, "dari proses lain", await chat_of(corridor), "sent")
    elsewhere = Waiting(database, PostgresBell(database.url))
    began = asyncio.get_running_loop().time()
    await elsewhere.announce("web", RINA, NEWS)
    answer = await waiting
    assert [m["text"] for m in answer.json()["messages"]] == ["dari proses lain"]
    assert asyncio.get_running_loop().time() - began < 8  # before it looks by itself
    assert corridor.waiting.count == 0
    ringing.cancel()
    await asyncio.gather(ringing, return_exceptions=True)


async def test_a_message_in_hand_ends_the_wait_when_its_turn_ends_without_words(
    corridor: Corridor, door: httpx.AsyncClient
) -> None:
    await post(door, "a", "satu")
    await corridor.rest()
    last = (await poll(door)).json()["messages"][-1]["position"]
    async with corridor.database.write() as session:
        await session.execute(text("UPDATE conversations SET owner = 'human', owner_version = 1"))
    await post(door, "b", "untuk petugas")
    answer = (await poll(door, after=last, wait=20, ids=["b"])).json()
    assert answer["states"] == {"b": "handled"}
    assert answer["messages"][0] | {"at": ""} == {
        "position": last + 1, "from": "me", "text": "untuk petugas", "at": "", "buttons": [], "id": "b",
    }  # fmt: skip


async def test_what_the_page_has_got_and_shown_is_a_receipt_that_only_moves_forward(
    corridor: Corridor, door: httpx.AsyncClient
) -> None:
    await post(door, "a", "satu")
    await corridor.rest()
    mine = (await poll(door)).json()["chat"]
    await poll(door, after=2, got=2, read=2, chat="chat-sebelumnya")
    states = []
    for got, read in ((1, 0), (2, 0), (2, 0), (2, 2), (2, 1), (99, 0)):
        await poll(door, after=2, got=got, read=read, chat=mine)
        states.append((await corridor.row("SELECT status FROM outbox"))["status"])
    assert states == ["sent", "delivered", "delivered", "read", "read", "read"]
    assert await corridor.count("receipts") == 2


async def test_a_receipt_of_a_stranger_moves_nothing(corridor: Corridor, door: httpx.AsyncClient) -> None:
    await post(door, "a", "satu")
    await post(door, "a", "satu", STRANGER)
    await corridor.rest()
    theirs = (await poll(door, STRANGER)).json()["chat"]
    await poll(door, STRANGER, after=0, got=99, read=99, chat=theirs)
    moved = await corridor.row(
        "SELECT count(*) FILTER (WHERE o.status = 'sent') AS sent, count(*) FILTER (WHERE o.status = 'read') AS read "
        "FROM outbox o"
    )
    assert moved == {"sent": 1, "read": 1}


async def test_a_readers_cursor_beyond_the_records_starts_over(corridor: Corridor, door: httpx.AsyncClient) -> None:
    await post(door, "a", "satu")
    await corridor.rest()
    assert (await poll(door, after=500)).json()["reset"] is True


async def test_a_bots_words_claimed_before_a_take_over_are_not_shown_after_it(
    corridor: Corridor, door: httpx.AsyncClient
) -> None:
    await post(door, "a", "satu")
    await corridor.rest()
    chat = await chat_of(corridor)
    await written(corridor, "telanjur diambil", chat, "sending")
    row = await corridor.row("SELECT id FROM outbox WHERE status = 'sending'")
    async with corridor.database.write() as session:
        await session.execute(text("UPDATE conversations SET owner = 'human', owner_version = 1"))
    showing = Showing("web", corridor.database, corridor.bell, corridor.waiting)
    with pytest.raises(RetryLater):
        await showing.send(OutboundMessage(str(row["id"]), RINA, "", "telanjur diambil"))
    assert "telanjur diambil" not in [m["text"] for m in (await poll(door)).json()["messages"]]


async def test_a_message_written_in_a_chat_that_changed_hands_goes_back_to_its_writer(
    corridor: Corridor, door: httpx.AsyncClient
) -> None:
    await post(door, "a", "satu")
    await corridor.rest()
    mine = (await poll(door)).json()["chat"]
    assert (await post(door, "b", "dua", chat=mine)).status_code == 202
    assert (await post(door, "c", "tiga", STRANGER, chat=mine)).status_code == 409
    assert mine not in (RINA, COOKIE)


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://jahat.example"}],
)
async def test_another_sites_page_can_neither_write_nor_ask_nor_be_named(
    corridor: Corridor, door: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    for path, body in (("messages", {"id": "a", "text": "x"}), ("poll", {}), ("visitor", {"keep": True})):
        answer = await door.post(f"/webchat/{path}", json=body, headers={**as_(RINA), **headers})
        assert answer.status_code == 403
        assert "access-control-allow-origin" not in answer.headers
    assert await corridor.count("inbox") == 0


async def test_only_listed_sites_may_frame_the_chat_and_nobody_the_rest(door: httpx.AsyncClient) -> None:
    framed, alone = await door.get("/chat?embed=x"), await door.get("/chat")
    assert "frame-ancestors 'self' https://mitra.example" in framed.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in alone.headers["content-security-policy"]
    for answer in (framed, alone):
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert "<script>" not in answer.text
        assert " style=" not in answer.text
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"


@pytest.mark.parametrize("origin", ["*", "https://*.example", "mitra.example", "https://a.example/x", "'self'"])
def test_a_strange_origin_stops_the_bot_from_starting(origin: str) -> None:
    with pytest.raises(ValidationError, match="BOT_EMBED_ORIGINS"):
        settings(bot_embed_origins=origin)


async def test_a_name_is_a_cookie_no_script_reads_and_in_a_frame_over_tls_that_sites_alone(
    corridor: Corridor,
) -> None:
    app = Starlette(routes=pulled_doors(corridor).routes())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="https://bot") as secure:
        framed = (await secure.get("/chat?embed=x")).headers["set-cookie"].lower()
        assert all(word in framed for word in ("httponly", "secure", "samesite=none", "partitioned"))
        secure.cookies.clear()
        alone = (await secure.get("/chat")).headers["set-cookie"].lower()
        assert all(word in alone for word in ("httponly", "secure", "samesite=lax"))
        kept = (await secure.post("/webchat/visitor", json={"embedded": True, "keep": True})).json()["visitor"]
        secure.cookies.clear()
        said = await secure.post("/webchat/messages", json={"id": "a", "text": "halo"}, headers={HEADER: kept})
        assert said.status_code == 202


async def test_a_visitor_who_writes_too_fast_is_told_when_to_come_again_and_nobody_else_is(
    corridor: Corridor, door: httpx.AsyncClient
) -> None:
    for number in range(100):
        if (answer := await post(door, f"a{number}", "halo")).status_code == 429:
            break
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) >= 1
    assert await corridor.count("inbox") == number
    assert (await post(door, "a", "halo", STRANGER)).status_code == 202


def knock(address: str) -> Request:
    return Request({"type": "http", "client": (address, 1), "headers": []})


@pytest.mark.parametrize(
    ("address", "neighbour", "stranger"),
    [("10.0.0.9", "10.0.0.9", "10.0.0.10"), ("2001:db8::1", "2001:db8::ffff", "2001:db8:0:1::1")],
)
def test_new_visitors_of_one_address_are_bounded_and_old_ones_go_on(
    address: str, neighbour: str, stranger: str
) -> None:
    gate = Gate(lambda: 0.0)
    waits = [gate.post(knock(address), f"baru {number}", new=True) for number in range(int(NEW_VISITORS.at_once) + 1)]
    assert waits == [0] * int(NEW_VISITORS.at_once) + [1]
    assert gate.post(knock(neighbour), "baru lagi", new=True) > 0
    assert gate.post(knock(address), "sudah dikenal", new=False) == 0
    assert gate.post(knock(stranger), "baru di tempat lain", new=True) == 0


def test_a_visitor_stays_below_what_the_inbox_calls_a_flood() -> None:
    assert POSTS.at_once < flood.AT_ONCE
    assert POSTS.per_second < flood.PER_SECOND


def test_buckets_are_forgotten_and_filled_again() -> None:
    now = [0.0]
    buckets = Buckets(Rate(2, 1), lambda: now[0])
    assert [buckets.take("a") for _ in range(3)] == [0, 0, 1]
    now[0] = 1
    assert buckets.take("a") == 0
    for number in range(30_000):
        buckets.take(str(number))
    assert len(buckets._kept) <= 20_000


async def test_long_polls_are_bounded_and_the_oldest_of_a_chat_ends_first(database: Database) -> None:
    waiting = Waiting(database, PostgresBell(database.url), most=EACH + 1)
    places = []
    with waiting.place("web", "lain") as other:
        assert other
        context = [waiting.place("web", RINA) for _ in range(EACH)]
        places = [one.__enter__() for one in context]
        with waiting.place("web", "baru") as crowded:
            assert crowded is None
        with waiting.place("web", RINA) as fifth:
            assert fifth
            assert places[0]
            assert places[0].over
            assert not fifth.over
        for one in context:
            one.__exit__(None, None, None)
    assert waiting.count == 0


async def test_a_reader_who_hangs_up_leaves_no_place_taken(corridor: Corridor, door: httpx.AsyncClient) -> None:
    await post(door, "a", "satu")
    await corridor.rest()
    with pytest.raises((TimeoutError, asyncio.CancelledError)):
        await asyncio.wait_for(poll(door, after=2, wait=25), 0.5)
    await somebody_waits(corridor, 0)


async def test_a_database_that_is_away_is_said_to_be_and_when_to_come_again(
    corridor: Corridor, door: httpx.AsyncClient
) -> None:
    await corridor.database.close()
    broken = Database("postgresql://nobody@127.0.0.1:9/none", pool_size=1)
    app = Starlette(routes=pulled_doors(_with(corridor, broken)).routes())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://bot", timeout=40) as away:
        page = await away.get("/chat", headers=as_(RINA))
        asked = await away.post("/webchat/poll", json={}, headers=as_(RINA))
        said = await away.post("/webchat/messages", json={"id": "a", "text": "x"}, headers=as_(RINA))
    assert page.status_code == 200
    assert (asked.status_code, said.status_code) == (503, 503)
    assert int(asked.headers["retry-after"]) > 0
    await broken.close()


def _with(corridor: Corridor, database: Database) -> Corridor:
    corridor.database = database
    return corridor


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"after": "x"}', b'{"ids": 3}', b'{"wait": "lama"}', b"x" * 5000])
async def test_a_question_nobody_can_read_is_refused_clearly(door: httpx.AsyncClient, body: bytes) -> None:
    answer = await door.post("/webchat/poll", content=body, headers=as_(RINA))
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("page", "beside"), [("/chat?embed=https%3A%2F%2Fm", "/static/widget.js"), ("/chat", "/offline.js")]
)
async def test_everything_that_is_loaded_weighs_less_than_thirty_kilobytes(
    door: httpx.AsyncClient, page: str, beside: str
) -> None:
    plain = {"Accept-Encoding": "identity"}
    shown = await door.get(page, headers=plain)
    names = re.findall(r'(?:src|href)="(/static/[^"]+)"', shown.text)
    assert len(names) == 4
    assert not re.search(r"(?:src|href)=.(?:https?:)?//", shown.text)
    files = [await door.get(name, headers=plain) for name in (*names, beside)]
    assert {answer.status_code for answer in files} == {200}
    weight = sum(len(answer.content) for answer in (shown, *files))
    assert weight < 30_000, weight
    packed = [await door.get(name) for name in names]
    assert sum(int(answer.headers["content-length"]) for answer in packed) < 12_000
    for answer, name in zip(files, names, strict=False):
        assert "immutable" in answer.headers["cache-control"], name
        again = await door.get(name, headers={"If-None-Match": answer.headers["etag"]})
        assert again.status_code == 304


def test_no_script_of_ours_has_what_making_it_lean_would_break() -> None:
    for path in (PAGES / "static").glob("*.js"):
        assert "`" not in path.read_text(encoding="utf-8"), path


async def test_a_file_is_taken_once_under_its_messages_id_and_belongs_to_its_sender(
    corridor: Corridor, door: httpx.AsyncClient
) -> None:
    png = b"\x89PNG\r\n\x1a\n" + bytes(40)
    for _ in range(2):
        assert (await door.post("/webchat/files/k1", content=png, headers=as_(RINA))).status_code == 202
    assert await corridor.count("media") == 1
    assert (await post(door, "k1", "", uploads=["k1"], picture=True)).status_code == 202
    await corridor.rest()
    assert (await poll(door)).json()["messages"][0]["kind"] == "photo"
    refused = [
        (await door.post("/webchat/files/k2", content=content, headers=as_(RINA))).status_code
        for content in (b"MZ\x90\x00 a program", b"<svg onload=alert(1)>", png + bytes(5_000_000))
    ]
    assert refused == [415, 415, 413]
    foreign = {**as_(RINA), "Sec-Fetch-Site": "cross-site"}
    assert (await door.post("/webchat/files/k3", content=png, headers=foreign)).status_code == 403
    many = [(await door.post(f"/webchat/files/m{n}", content=png, headers=as_(RINA))).status_code for n in range(12)]
    assert 429 in many
