"""The second factor: who must have one, a code that opens once, recovery codes, and the administrator's way out."""

import base64
import re
from datetime import UTC, datetime, timedelta
from html import unescape

import httpx
import pyotp
import pytest
from sqlalchemy import select

from desk.app import create_app
from desk.door import SESSION_COOKIE
from records.bell import Bell
from records.clock import Clock
from records.database import Database
from records.models import AuditEntry, RecoveryCode, SecondFactor
from tests.desk.conftest import A_SEAL, Browser
from tests.desk.making import Scene
from tests.desk.scenes import CHEAP, PASSWORD
from tests.desk.test_coming import MovableClock, sign_in

SEALED = re.compile(r'name="secret" value="([^"]+)"')
KEY = re.compile(r'class="kunci">([^<]+)<')
CODES = re.compile(r"<code>([a-z2-7-]{19})</code>")


class House:
    """The desk with a rule about second factors, its clock, and fresh browsers."""

    def __init__(self, database: Database, clock: Clock, bell: Bell) -> None:
        self.database, self.clock, self.bell = database, clock, bell
        self.real = MovableClock()
        self.setting = "privileged"

    def browser(self, setup_code: str | None = None) -> Browser:
        app = create_app(
            database=self.database,
            clock=self.clock,
            bell=self.bell,
            seal=A_SEAL,
            passwords=CHEAP,
            real_clock=self.real,
            second_factor=self.setting,
            setup_code=setup_code,
        )
        return Browser(httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://meja"))

    def code(self, secret: str, steps: int = 0) -> str:
        return pyotp.TOTP(secret).at(self.real.now + timedelta(seconds=30 * steps))

    async def enrolled(self, who: str) -> tuple[Browser, str, list[str]]:
        """Somebody who just set it up, their secret and their recovery codes."""
        browser = self.browser()
        assert (await sign_in(browser, who, PASSWORD)).headers["location"] == "/masuk/pasang"
        text = (await browser.get("/masuk/pasang")).text
        secret = KEY.findall(text)[0].replace(" ", "")
        shown = await browser.post("/masuk/pasang", secret=unescape(SEALED.findall(text)[0]), code=self.code(secret))
        assert shown.status_code == 200
        return browser, secret, CODES.findall(shown.text)

    async def halfway(self, who: str) -> Browser:
        browser = self.browser()
        assert (await sign_in(browser, who, PASSWORD)).headers["location"] == "/masuk/kode"
        await browser.get("/masuk/kode")
        return browser


@pytest.fixture
def house(database: Database, clock: Clock, bell: Bell, scene: Scene) -> House:
    return House(database, clock, bell)


async def acts(database: Database, like: str) -> list[tuple[str, str]]:
    async with database.read() as session:
        found = await session.execute(
            select(AuditEntry.action, AuditEntry.actor).where(AuditEntry.action.like(like)).order_by(AuditEntry.id)
        )
        return [(row[0], row[1]) for row in found]


async def test_the_rule_says_who_must_show_a_code(house: House) -> None:
    for setting, who, leads_to in (
        ("off", "ani", "/"),
        ("privileged", "sari", "/"),
        ("privileged", "lela", "/masuk/pasang"),
        ("privileged", "rudi", "/masuk/pasang"),
        ("privileged", "hasan", "/masuk/pasang"),
        ("everyone", "sari", "/masuk/pasang"),
    ):
        house.setting = setting
        answer = await sign_in(house.browser(), who, PASSWORD)
        assert answer.headers["location"] == leads_to, (setting, who)
        assert (SESSION_COOKIE in answer.cookies) == (leads_to == "/"), (setting, who)


async def test_the_first_administrator_sets_it_up_before_anything_else(
    database: Database, clock: Clock, bell: Bell
) -> None:
    house = House(database, clock, bell)
    browser = house.browser(setup_code="kode")
    await browser.get("/mulai?kode=kode")
    made = await browser.post("/mulai", kode="kode", username="ani", name="Ani Kusumo", password=PASSWORD)
    assert made.headers["location"] == "/masuk/pasang"
    assert SESSION_COOKIE not in made.cookies


async def test_setting_it_up_lets_in_and_keeps_nothing_in_clear(house: House, database: Database) -> None:
    browser, secret, codes = await house.enrolled("ani")
    assert (await browser.get("/petugas")).status_code == 200
    assert len(set(codes)) == 10
    async with database.read() as session:
        kept = (await session.scalars(select(SecondFactor))).one()
        hashes = (await session.scalars(select(RecoveryCode.code_hash))).all()
    assert secret.encode() not in bytes(kept.secret)
    assert A_SEAL.open(bytes(kept.secret)) == secret
    assert not set(codes) & set(hashes)
    assert ("second_factor_added", "ani") in await acts(database, "second_factor%")


async def test_a_code_opens_once_and_neither_it_nor_an_older_one_again(house: House) -> None:
    _, secret, _ = await house.enrolled("ani")
    house.real.now += timedelta(minutes=5)
    code, older = house.code(secret), house.code(secret, -1)
    first = await house.halfway("ani")
    assert (await first.post("/masuk/kode", code=code)).headers["location"] == "/"
    for again in (code, older):
        second = await house.halfway("ani")
        assert (await second.post("/masuk/kode", code=again)).status_code == 401
        assert (await second.get("/antrean")).headers["location"].startswith("/masuk")
    house.real.now += timedelta(seconds=30)
    third = await house.halfway("ani")
    assert (await third.post("/masuk/kode", code=house.code(secret))).status_code == 303


async def test_a_code_of_long_ago_or_of_another_secret_is_refused_and_guessing_ends(
    house: House, database: Database
) -> None:
    _, secret, _ = await house.enrolled("ani")
    house.real.now += timedelta(minutes=5)
    guesser = await house.halfway("ani")
    for wrong in (house.code(secret, -3), house.code(secret, 3), pyotp.TOTP(pyotp.random_base32()).now(), "", "١٢٣٤٥٦"):
        assert (await guesser.post("/masuk/kode", code=wrong)).status_code == 401
    assert (await guesser.post("/masuk/kode", code=house.code(secret))).status_code == 429
    assert len(await acts(database, "second_factor_failed")) == 5


async def test_a_recovery_code_opens_once_and_only_for_its_owner(house: House, database: Database) -> None:
    _, _, codes = await house.enrolled("ani")
    await house.enrolled("lela")
    lela = await house.halfway("lela")
    assert (await lela.post("/masuk/kode", code=codes[0])).status_code == 401
    ani = await house.halfway("ani")
    assert (await ani.post("/masuk/kode", code=codes[0].upper())).status_code == 303
    again = await house.halfway("ani")
    assert (await again.post("/masuk/kode", code=codes[0])).status_code == 401
    assert await acts(database, "recovery%") == [("recovery_code_used", "ani")]


async def test_halfway_in_is_not_in_and_ends_after_ten_minutes_or_with_a_new_password(house: House) -> None:
    admin, secret, _ = await house.enrolled("ani")
    house.real.now += timedelta(minutes=1)
    late = await house.halfway("ani")
    assert (await late.get("/antrean")).headers["location"].startswith("/masuk?lanjut")
    assert (await late.get("/masuk/pasang")).headers["location"] == "/masuk"
    house.real.now += timedelta(minutes=11)
    assert (await late.post("/masuk/kode", code=house.code(secret))).headers["location"] == "/masuk"
    changed = await house.halfway("ani")
    await admin.get("/sandi")
    assert (await admin.post("/sandi", old=PASSWORD, new="sandi yang baru")).status_code == 200
    assert (await changed.post("/masuk/kode", code=house.code(secret))).headers["location"] == "/masuk"


async def test_a_stricter_rule_sends_back_to_the_door_who_came_in_under_a_laxer_one(
    house: House,
) -> None:
    house.setting = "off"
    lax = house.browser()
    await sign_in(lax, "lela", PASSWORD)
    assert (await lax.get("/antrean")).status_code == 200
    house.setting = "privileged"
    strict = house.browser()
    strict.client.cookies.set(SESSION_COOKIE, lax.client.cookies[SESSION_COOKIE])
    assert (await strict.get("/antrean")).headers["location"].startswith("/masuk")


async def test_an_administrator_takes_a_lost_factor_off_and_it_is_written_down(
    house: House, scene: Scene, database: Database
) -> None:
    lela, _, _ = await house.enrolled("lela")
    ani, _, _ = await house.enrolled("ani")
    staff = scene.staff["lela"].id
    await ani.get(f"/petugas/{staff}")
    assert (await ani.post(f"/petugas/{staff}/faktor-lepas")).status_code == 303
    assert (await lela.get("/antrean")).headers["location"].startswith("/masuk")
    assert (await sign_in(house.browser(), "lela", PASSWORD)).headers["location"] == "/masuk/pasang"
    assert ("second_factor_removed", "ani") in await acts(database, "second_factor%")


async def test_ones_own_factor_is_changed_only_with_the_password_and_never_dropped_where_it_is_needed(
    house: House, scene: Scene
) -> None:
    house.setting = "off"
    sari = house.browser()
    await sign_in(sari, "sari", PASSWORD)
    text = (await sari.get("/akun/faktor")).text
    sealed, secret = unescape(SEALED.findall(text)[0]), KEY.findall(text)[0].replace(" ", "")
    given = {"secret": sealed, "code": house.code(secret)}
    assert (await sari.post("/akun/faktor", **given, password="bukan")).status_code == 422
    assert "Simpan kode cadangan" in (await sari.post("/akun/faktor", **given, password=PASSWORD)).text
    joko = house.browser()
    await sign_in(joko, "joko", PASSWORD)
    await joko.get("/akun")
    assert (await joko.post("/akun/faktor", **given, password=PASSWORD)).status_code == 422
    assert (await sari.post("/akun/faktor/lepas", password=PASSWORD)).headers["location"] == "/akun?kabar=dilepas"
    house.setting = "everyone"
    other, _, _ = await house.enrolled("sari")
    await other.get("/akun")
    assert "wajib" in (await other.post("/akun/faktor/lepas", password=PASSWORD)).text


def test_the_codes_are_those_of_the_standard() -> None:
    """RFC 6238, appendix B (SHA-1, eight digits)."""
    key = base64.b32encode(b"12345678901234567890").decode()
    said = {59: "94287082", 1111111109: "07081804", 1234567890: "89005924", 20000000000: "65353130"}
    for second, code in said.items():
        at = datetime.fromtimestamp(second, UTC)
        assert pyotp.TOTP(key, digits=8).at(at) == code
