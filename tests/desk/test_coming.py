"""Coming and going: the first administrator, sign-in and its limits, sessions that end, passwords that are hashed."""

from datetime import datetime, timedelta

import httpx
from fastapi import FastAPI
from sqlalchemy import select

from desk.app import create_app
from desk.door import SESSION_COOKIE
from desk.sessions import hashed
from desk.sign_in.attempts import PER_PAIR, WINDOW
from records.bell import Bell
from records.clock import Clock, system_clock
from records.database import Database
from records.models import AuditEntry, Staff, StaffSession, Ticket
from tests.desk.conftest import A_SEAL, SETUP_CODE, Browse, Browser
from tests.desk.making import Scene
from tests.desk.scenes import CHEAP, PASSWORD

ANI = {"username": "Ani", "name": "Ani Kusumo", "password": PASSWORD}


class MovableClock:
    """A clock a test can push forward."""

    def __init__(self) -> None:
        self.now = system_clock()

    def __call__(self) -> datetime:
        return self.now


async def test_the_first_administrator_is_made_with_the_code_and_only_once(browse: Browse, database: Database) -> None:
    browser = await browse()
    assert (await browser.get("/mulai?kode=salah")).status_code == 403
    assert (await browser.get(f"/mulai?kode={SETUP_CODE}")).status_code == 200
    assert (await browser.post("/mulai", kode="salah", **ANI)).status_code == 403
    made = await browser.post("/mulai", kode=SETUP_CODE, **ANI)
    assert made.headers["location"] == "/"
    assert (await browser.get("/petugas")).status_code == 200
    again = await browse()
    await again.get("/masuk")
    late = await again.post("/mulai", kode=SETUP_CODE, username="penyusup", name="Penyusup", password=PASSWORD)
    assert late.status_code == 409
    async with database.read() as session:
        assert list(await session.execute(select(Staff.username, Staff.role))) == [("ani", "admin")]


async def test_without_a_code_nobody_sets_the_desk_up(database: Database, clock: Clock, bell: Bell) -> None:
    app = create_app(database=database, clock=clock, bell=bell, seal=A_SEAL, passwords=CHEAP)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://meja") as client:
        answer = await client.get("/mulai?kode=")
        assert (answer.status_code, "DESK_SETUP_CODE" in answer.text) == (403, True)


async def sign_in(browser: Browser, username: str, password: str, **more: str) -> httpx.Response:
    await browser.get("/masuk")
    return await browser.post("/masuk", username=username, password=password, **more)


async def test_signing_in_leaves_only_hashes_in_the_database(browse: Browse, scene: Scene, database: Database) -> None:
    browser = await browse()
    answer = await sign_in(browser, " SARI ", PASSWORD, lanjut="/tren")
    assert (answer.status_code, answer.headers["location"]) == (303, "/tren")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    token = browser.client.cookies[SESSION_COOKIE]
    async with database.read() as session:
        assert (await session.scalars(select(StaffSession.token_hash))).all() == [hashed(token)]
        kept = await session.scalar(select(Staff.password_hash).where(Staff.username == "sari"))
        assert kept is not None
        assert kept.startswith("$argon2id$")


async def test_signing_in_never_leads_to_another_site(browse: Browse, scene: Scene) -> None:
    for onward in ("https://jahat.example", "//jahat.example", "/\\jahat.example", ""):
        assert (await sign_in(await browse(), "sari", PASSWORD, lanjut=onward)).headers["location"] == "/"


async def test_a_wrong_name_and_a_wrong_password_read_the_same(browse: Browse, scene: Scene) -> None:
    browser = await browse()
    said = [(await sign_in(browser, name, "bukan sandinya")).text.replace(name, "") for name in ("sari", "tidak-ada")]
    assert said[0] == said[1]
    assert "tidak cocok" in said[0]


async def test_what_is_too_long_is_refused_in_our_words_and_never_said_back(browse: Browse, scene: Scene) -> None:
    here = await browse(scene, "sari")
    secret = "rahasia" * 40
    page = await here.post("/sandi", old=secret, new="sandi yang baru")
    assert page.status_code == 422
    assert page.headers["content-type"].startswith("text/html")
    assert "terlalu panjang" in page.text
    assert "rahasia" not in page.text
    form = {"csrf": here.csrf, "old": secret, "new": "sandi yang baru"}
    part = await here.client.post("/sandi", data=form, headers={"HX-Request": "true"})
    assert (part.status_code, "terlalu panjang" in part.text, "<html" in part.text) == (422, True, False)


async def test_after_five_failures_even_the_right_password_waits_a_quarter_of_an_hour(
    database: Database, clock: Clock, bell: Bell, scene: Scene
) -> None:
    real = MovableClock()
    app = create_app(database=database, clock=clock, bell=bell, seal=A_SEAL, passwords=CHEAP, real_clock=real)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://meja") as client:
        browser = Browser(client)
        for _ in range(PER_PAIR):
            assert (await sign_in(browser, "sari", "bukan sandinya")).status_code == 401
        assert (await sign_in(browser, "sari", PASSWORD)).status_code == 429
        assert (await sign_in(browser, "joko", PASSWORD)).status_code == 303
        client.cookies.clear()
        real.now += WINDOW
        assert (await sign_in(browser, "sari", PASSWORD)).status_code == 303
    async with database.read() as session:
        failures = await session.scalars(select(AuditEntry.object).where(AuditEntry.action == "sign_in_failed"))
        assert failures.all() == ["staff:sari"] * PER_PAIR


async def test_a_session_ends_with_its_time_and_with_signing_out(
    database: Database, clock: Clock, bell: Bell, scene: Scene
) -> None:
    real = MovableClock()
    life = timedelta(hours=1)
    app = create_app(
        database=database, clock=clock, bell=bell, seal=A_SEAL, passwords=CHEAP, real_clock=real, session_life=life
    )
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://meja") as client:
        browser = Browser(client)
        await sign_in(browser, "sari", PASSWORD)
        token = client.cookies[SESSION_COOKIE]
        real.now += life - timedelta(seconds=1)
        assert (await browser.get("/antrean")).status_code == 200
        real.now += timedelta(seconds=1)
        assert (await browser.get("/antrean?tab=semua")).headers["location"] == "/masuk?lanjut=%2Fantrean%3Ftab%3Dsemua"
        client.cookies.clear()
        await sign_in(browser, "sari", PASSWORD)
        await browser.get("/antrean")
        token = client.cookies[SESSION_COOKIE]
        await browser.post("/keluar")
        client.cookies.set(SESSION_COOKIE, token)
        assert (await browser.get("/antrean")).status_code == 303


async def test_deactivating_somebody_signs_them_out_at_once_and_puts_their_cases_back(
    browse: Browse, scene: Scene, database: Database
) -> None:
    sari, ani = await browse(scene, "sari"), await browse(scene, "ani")
    assert (await sari.get("/antrean")).status_code == 200
    staff_id = scene.staff["sari"].id
    assert (await ani.post(f"/petugas/{staff_id}/aktif", active="false")).status_code == 303
    assert (await sari.get("/antrean")).status_code == 303
    assert (await sign_in(sari, "sari", PASSWORD)).status_code == 401
    async with database.read() as session:
        yanto = await session.get_one(Ticket, scene.tickets["yanto"].id)
        assert (yanto.status, yanto.staff_id) == ("open", None)
    assert (await ani.post(f"/petugas/{staff_id}/aktif", active="true")).status_code == 303
    assert (await sign_in(sari, "sari", PASSWORD)).status_code == 303


async def test_no_administrator_locks_themselves_out(browse: Browse, scene: Scene) -> None:
    ani = await browse(scene, "ani")
    answer = await ani.post(f"/petugas/{scene.staff['ani'].id}/aktif", active="false")
    assert (answer.status_code, "akun sendiri" in answer.text) == (422, True)
    assert (await ani.get("/petugas")).status_code == 200


async def test_an_added_colleague_signs_in_and_a_bad_one_is_explained(browse: Browse, scene: Scene) -> None:
    ani = await browse(scene, "ani")
    dina = {"username": "dina", "name": "Dina Ayu", "role": "agent", "password": PASSWORD}
    assert (await ani.post("/petugas", **dina)).status_code == 303
    assert (await sign_in(await browse(), "dina", PASSWORD)).headers["location"] == "/"
    for wrong, why in (
        ({}, "sudah dipakai"),
        ({"username": "d"}, "3-32"),
        ({"username": "dini", "password": "pendek"}, "10 sampai"),
        ({"username": "dini", "role": "raja"}, "Pilih peran"),
    ):
        answer = await ani.post("/petugas", **{**dina, **wrong})
        assert (answer.status_code, why in answer.text) == (422, True), why


async def test_a_new_password_signs_other_browsers_out(browse: Browse, scene: Scene) -> None:
    here, there = await browse(scene, "sari"), await browse(scene, "sari")
    assert (await here.post("/sandi", old="salah", new="sandi yang baru")).status_code == 401
    assert (await here.post("/sandi", old=PASSWORD, new="sandi yang baru")).status_code == 200
    assert (await here.get("/antrean")).status_code == 200
    assert (await there.get("/antrean")).status_code == 303
    assert (await sign_in(there, "sari", "sandi yang baru")).status_code == 303


async def test_every_answer_is_fenced_by_strict_headers(app: FastAPI, browse: Browse, scene: Scene) -> None:
    browser = await browse(scene, "sari")
    for address in ("/masuk", "/antrean", "/tidak-ada", "/aset/desk.css", "/sehat"):
        answer = await browser.get(address)
        policy = answer.headers["content-security-policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
    assert (await browser.get("/antrean")).headers["cache-control"] == "no-store"
