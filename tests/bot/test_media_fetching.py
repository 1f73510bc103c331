"""Files are fetched by id from listed places, and nothing of a provider's answer leads anywhere else."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from bot.media import reasons
from bot.media.guarded import Answer, GuardedLines, is_public
from bot.media.reasons import Gone, Later, Refuse, Unkept
from bot.media.sources import Source, TelegramFiles, Wanted, WhatsAppFiles
from tests.bot.provider import Provider, provider

CAP = 15_000_000


@pytest.fixture
async def meta(tmp_path: Path) -> AsyncIterator[Provider]:
    async with provider(tmp_path) as served:
        yield served


@pytest.fixture
async def lines(meta: Provider) -> AsyncIterator[GuardedLines]:
    lines = GuardedLines([meta.telegram.telegram_api_url], ["lookaside.fbsbx.com"])
    yield lines
    await lines.close()


def source(channel: str, lines: GuardedLines, meta: Provider) -> tuple[Source, Callable[[str], str]]:
    if channel == "telegram":
        return TelegramFiles(lines, meta.telegram), meta.file_id
    return WhatsAppFiles(lines, meta.whatsapp), meta.whatsapp_id


@pytest.mark.parametrize("channel", ["telegram", "whatsapp"])
@pytest.mark.parametrize("name", ["error", "place", "voice", "document"])
async def test_a_file_is_fetched_by_its_id(channel: str, name: str, lines: GuardedLines, meta: Provider) -> None:
    files, id_of = source(channel, lines, meta)
    digest = meta.sha256(name) if channel == "whatsapp" else None
    assert await files.fetch(Wanted(id_of(name), CAP, 10, digest)) == meta.content(name)


@pytest.mark.parametrize("channel", ["telegram", "whatsapp"])
@pytest.mark.parametrize(
    ("name", "problem", "reason"),
    [
        ("redirect", Refuse, reasons.FOREIGN),
        ("foreign", Refuse, reasons.FOREIGN),
        ("oversize", Refuse, reasons.TOO_LARGE),
        ("slow", Later, reasons.AWAY),
        ("expired", Later, reasons.EXPIRED_LINK),
        ("gone", Gone, reasons.GONE),
    ],
)
async def test_a_file_that_cannot_be_had_says_why(
    channel: str, name: str, problem: type[Unkept], reason: str, lines: GuardedLines, meta: Provider
) -> None:
    files, id_of = source(channel, lines, meta)
    with pytest.raises(problem) as refused:
        await files.fetch(Wanted(id_of(name), CAP, 1.0 if name == "slow" else 30))
    assert refused.value.reason == reason


async def test_bytes_other_than_announced_are_not_taken(lines: GuardedLines, meta: Provider) -> None:
    files = WhatsAppFiles(lines, meta.whatsapp)
    with pytest.raises(Later) as refused:
        await files.fetch(Wanted(meta.whatsapp_id("error"), CAP, 10, hashlib.sha256(b"other").hexdigest()))
    assert refused.value.reason == reasons.DIGEST


@pytest.mark.parametrize(
    "reference", ["../100000000000001/messages", "1?fields=access_token", "http://169.254.169.254/", ""]
)
async def test_an_id_that_is_none_asks_nobody(reference: str, lines: GuardedLines, meta: Provider) -> None:
    with pytest.raises(Refuse):
        await WhatsAppFiles(lines, meta.whatsapp).fetch(Wanted(reference, CAP, 10))


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://127.0.0.1:1/telegram/file",
        "http://localhost/telegram/file",
        "https://lookaside.fbsbx.com:8443/x",
        "http://lookaside.fbsbx.com/x",
        "https://lookaside.fbsbx.com.example.org/x",
        "https://user:word@lookaside.fbsbx.com/x",
        "https://[::1]/x",
        "file:///etc/passwd",
        "gopher://lookaside.fbsbx.com/x",
        "//lookaside.fbsbx.com/x",
        "",
    ],
)
async def test_an_address_that_is_not_listed_is_not_gone_to(url: str) -> None:
    asked: list[str] = []

    async def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["203.0.113.1"]

    lines = GuardedLines(["http://127.0.0.1:9/telegram"], ["lookaside.fbsbx.com"], resolve=resolve)
    with pytest.raises(Refuse) as refused:
        await lines.ask(url, cap=10, seconds=2)
    assert (refused.value.reason, asked) == (reasons.FOREIGN, [])
    await lines.close()


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.0.0.5", "172.16.3.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"),
        *("224.0.0.1", "::1", "fe80::1%eth0", "fc00::1", "::ffff:10.0.0.5", "2002:a00:5::", "64:ff9b::a00:5"),
    ],
)
async def test_a_listed_name_that_means_a_private_address_is_not_gone_to(address: str) -> None:
    async def rebound(host: str, port: int) -> list[str]:
        return ["157.240.13.1", address]

    lines = GuardedLines([], ["lookaside.fbsbx.com"], resolve=rebound)
    with pytest.raises(Refuse) as refused:
        await lines.ask("https://lookaside.fbsbx.com/file", cap=10, seconds=2)
    assert refused.value.reason == reasons.FOREIGN
    await lines.close()
    assert not is_public(address)


def test_addresses_of_the_open_network_are_public() -> None:
    assert all(is_public(address) for address in ("157.240.13.1", "149.154.167.220", "2a03:2880:f10c::1"))


type Handle = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def served(answer: Handle, **more: int) -> Answer:
    """Ask a server that answers as it likes."""
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    lines = GuardedLines([address], [])
    try:
        async with server:
            return await lines.ask(f"{address}/file", cap=more.get("cap", 1000), seconds=more.get("seconds", 30))
    finally:
        await lines.close()


async def test_reading_stops_at_the_cap_whatever_was_announced() -> None:
    written = 0

    async def endless(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal written
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        try:
            while written < 500_000_000:
                writer.write(b"10000\r\n" + bytes(65536) + b"\r\n")
                written += 65536
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()

    with pytest.raises(Refuse) as refused:
        await served(endless, cap=1_000_000)
    assert refused.value.reason == reasons.TOO_LARGE
    assert written < 50_000_000


async def test_packed_content_is_not_unpacked() -> None:
    async def packed(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked = await reader.readuntil(b"\r\n\r\n")
        assert b"accept-encoding: identity" in asked.lower()
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc")
        await writer.drain()
        writer.close()

    with pytest.raises(Refuse):
        await served(packed)


async def test_a_drip_is_given_up_in_time() -> None:
    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n")
        try:
            for _ in range(900):
                writer.write(b"x")
                await writer.drain()
                await asyncio.sleep(0.1)
        except ConnectionError:
            pass
        finally:
            writer.close()

    with pytest.raises(Later):
        await served(drip, seconds=1)


async def test_a_redirect_is_followed_within_the_list_and_not_for_ever() -> None:
    hops = 0

    async def round_and_round(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal hops
        await reader.readuntil(b"\r\n\r\n")
        hops += 1
        writer.write(b"HTTP/1.1 302 Found\r\nLocation: /file\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    with pytest.raises(Refuse):
        await served(round_and_round)
    assert hops == 3


@pytest.mark.parametrize("elsewhere", ["https://example.org/file", "http://lookaside.fbsbx.com/file", "//example.org/"])
async def test_a_redirect_off_the_list_asks_not_even_where_that_is(elsewhere: str) -> None:
    asked: list[str] = []

    async def away(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(f"HTTP/1.1 302 Found\r\nLocation: {elsewhere}\r\nContent-Length: 0\r\n\r\n".encode())
        await writer.drain()
        writer.close()

    async def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    server = await asyncio.start_server(away, "127.0.0.1", 0)
    address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    lines = GuardedLines([address], ["lookaside.fbsbx.com"], resolve=resolve)
    async with server:
        with pytest.raises(Refuse):
            await lines.ask(f"{address}/file", cap=10, seconds=5)
    await lines.close()
    assert asked == ["127.0.0.1"]
