"""Sign-in from outside: a real small provider on loopback, and every way in which its answer must not be believed."""

from collections.abc import AsyncIterator
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select, update

from desk.app import create_app
from desk.door import SESSION_COOKIE
from desk.sign_in.oidc import Oidc, OidcSettings
from records.bell import Bell
from records.clock import Clock
from records.database import Database
from records.models import AuditEntry, Staff
from tests.desk.conftest import A_SEAL
from tests.desk.making import Scene
from tests.desk.provider import CLIENT, SECRET, Provider, provided
from tests.desk.scenes import CHEAP
from tests.desk.test_coming import MovableClock

SARI = {"email": "Sari@Kantor.example", "email_verified": True, "preferred_username": "sari"}
FAULTS = (
    *("nonce", "audience", "audiences", "expired", "alg none", "key", "altered", "symmetric", "issuer", "token issuer"),
)


class Visit:
    """A browser, the desk it visits, and the provider beside it."""

    def __init__(self, provider: Provider, desk: httpx.AsyncClient, outside: httpx.AsyncClient) -> None:
        self.provider, self.desk, self.outside = provider, desk, outside
        self.real = MovableClock()

    def app(self, database: Database, clock: Clock, bell: Bell, claim: str, rule: str) -> FastAPI:
        settings = OidcSettings(self.provider.issuer, CLIENT, SECRET, "http://meja/masuk/luar/kembali", claim)
        oidc = Oidc(settings, A_SEAL, self.outside, self.real)
        return create_app(
            database=database, clock=clock, bell=bell, seal=A_SEAL, passwords=CHEAP, real_clock=self.real,
            second_factor=rule, oidc=oidc,
        )  # fmt: skip

    async def to_the_provider(self) -> str:
        """Where the provider sends the browser back to."""
        begun = await self.desk.get("/masuk/luar?lanjut=/tren")
        answer = await self.outside.get(begun.headers["location"])
        return answer.headers["location"]

    async def sign_in(self) -> httpx.Response:
        return await self.desk.get(await self.to_the_provider())


@pytest.fixture
async def visit(
    request: pytest.FixtureRequest, database: Database, clock: Clock, bell: Bell, scene: Scene
) -> AsyncIterator[Visit]:
    claim, rule = getattr(request, "param", ("email", "off"))
    async with database.write() as session:
        await session.execute(update(Staff).where(Staff.username == "sari").values(email="sari@kantor.example"))
    async with provided() as provider, httpx.AsyncClient(timeout=60) as outside:
        made = Visit(provider, outside, outside)
        provider.now = made.real.now
        transport = httpx.ASGITransport(made.app(database, clock, bell, claim, rule))
        async with httpx.AsyncClient(transport=transport, base_url="http://meja") as desk:
            made.desk = desk
            yield made


async def failures(database: Database) -> list[str]:
    async with database.read() as session:
        found = await session.scalars(select(AuditEntry.detail).where(AuditEntry.action == "sign_in_failed"))
        return [detail["why"] for detail in found]


async def test_whom_the_desk_knows_by_verified_email_comes_in(visit: Visit) -> None:
    visit.provider.user = SARI
    answer = await visit.sign_in()
    assert (answer.status_code, answer.headers["location"]) == (303, "/tren")
    text = (await visit.desk.get("/akun")).text
    assert "Sari Dewanti" in text
    assert "akun kantor" in text


@pytest.mark.parametrize("visit", [("username", "off")], indirect=True)
async def test_or_by_their_username_where_that_is_set(visit: Visit) -> None:
    visit.provider.user = {"preferred_username": "Joko", "email": "sari@kantor.example", "email_verified": True}
    await visit.sign_in()
    assert "Joko Prasetyo" in (await visit.desk.get("/akun")).text


@pytest.mark.parametrize("fault", FAULTS)
async def test_an_answer_that_is_not_right_in_everything_lets_nobody_in(
    visit: Visit, database: Database, fault: str
) -> None:
    visit.provider.user = SARI
    if fault != "issuer":
        back = await visit.to_the_provider()
        visit.provider.fault = fault
        answer = await visit.desk.get(back)
        assert len(await failures(database)) == 1
    else:
        visit.provider.fault = fault
        answer = await visit.desk.get("/masuk/luar")
    assert answer.headers["location"] == "/masuk?kabar=luar"
    assert SESSION_COOKIE not in visit.desk.cookies


@pytest.mark.parametrize(
    "user",
    [
        {"email": "sari@kantor.example"},
        {"email": "sari@kantor.example", "email_verified": False},
        {"email": "sari@kantor.example", "email_verified": "true"},
        {"email": "orang@lain.example", "email_verified": True},
        {"preferred_username": "ani"},
        {"email": "", "email_verified": True, "role": "admin"},
    ],
)
async def test_nobody_is_made_and_an_unverified_address_is_nobodys(
    visit: Visit, database: Database, user: dict[str, object]
) -> None:
    visit.provider.user = user
    async with database.read() as session:
        before = sorted(await session.scalars(select(Staff.username)))
    assert (await visit.sign_in()).headers["location"] == "/masuk?kabar=luar"
    async with database.read() as session:
        assert sorted(await session.scalars(select(Staff.username))) == before


async def test_who_was_deactivated_stays_out(visit: Visit, database: Database) -> None:
    async with database.write() as session:
        await session.execute(update(Staff).where(Staff.username == "sari").values(active=False))
    visit.provider.user = SARI
    assert (await visit.sign_in()).headers["location"] == "/masuk?kabar=luar"


async def test_the_way_back_is_for_the_browser_that_went_and_only_once_and_soon(visit: Visit) -> None:
    visit.provider.user = SARI
    back = await visit.to_the_provider()
    state = parse_qs(urlsplit(back).query)["state"][0]
    assert (await visit.desk.get(back.replace(state, "lain"))).headers["location"] == "/masuk?kabar=luar"
    back = await visit.to_the_provider()
    visit.desk.cookies.clear()
    assert (await visit.desk.get(back)).headers["location"] == "/masuk?kabar=luar"
    back = await visit.to_the_provider()
    assert (await visit.desk.get(back)).headers["location"] == "/tren"
    visit.desk.cookies.delete(SESSION_COOKIE)
    assert (await visit.desk.get(back)).headers["location"] == "/masuk?kabar=luar"
    back = await visit.to_the_provider()
    visit.real.now += timedelta(minutes=11)
    visit.provider.now = visit.real.now
    assert (await visit.desk.get(back)).headers["location"] == "/masuk?kabar=luar"


async def test_a_provider_that_changed_its_key_is_read_again(visit: Visit) -> None:
    visit.provider.user = SARI
    assert (await visit.sign_in()).headers["location"] == "/tren"
    visit.provider.key, visit.provider.stolen = visit.provider.stolen, visit.provider.key
    visit.desk.cookies.clear()
    assert (await visit.sign_in()).headers["location"] == "/tren"


@pytest.mark.parametrize("visit", [("username", "privileged")], indirect=True)
async def test_the_second_factor_is_asked_all_the_same_unless_the_provider_asked_for_one(visit: Visit) -> None:
    visit.provider.user = {"preferred_username": "lela"}
    assert (await visit.sign_in()).headers["location"] == "/masuk/pasang"
    visit.provider.user = {"preferred_username": "lela", "amr": ["pwd", "mfa"]}
    assert (await visit.sign_in()).headers["location"] == "/tren"


async def test_a_provider_that_is_away_is_said_plainly_and_the_password_still_opens(
    visit: Visit, database: Database, clock: Clock, bell: Bell
) -> None:
    async with httpx.AsyncClient(transport=httpx.MockTransport(lambda _: httpx.Response(503))) as away:
        visit.outside = away
        transport = httpx.ASGITransport(visit.app(database, clock, bell, "email", "off"))
        async with httpx.AsyncClient(transport=transport, base_url="http://meja") as desk:
            answer = await desk.get("/masuk/luar")
            assert answer.headers["location"] == "/masuk?kabar=luar"
            text = (await desk.get(answer.headers["location"])).text
    assert "tidak bisa dipakai" in text
    assert "Masuk dengan akun kantor" in text
    assert 'name="password"' in text
