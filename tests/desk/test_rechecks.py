"""Asking again: what changed is marked, what cannot be asked changes nothing, a stranger's data is not asked at all."""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from html import unescape
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import select, update

from checks.wording import Wording
from desk.app import create_app
from desk.politeness import AskedJustNow, Politeness
from desk.rechecking import Rechecking, is_personal
from records.bell import Bell
from records.clock import Clock
from records.database import Database
from records.models import AuditEntry, ChannelIdentity, Recheck, Ticket
from registry.interface import Answer, CouldNotAsk, Known
from tests.actions.house import House
from tests.actions.programme import Programme, cast, wib
from tests.desk.conftest import A_SEAL, SETUP_CODE, Browse, Browser
from tests.desk.making import Scene
from tests.desk.scenes import CHEAP
from tests.desk.test_conversation import page_of

WORDING = Wording.read()


class Answering(Programme):
    """The programme, whose numbers can belong to somebody else by now."""

    owners: tuple[str, ...] | None = ("rina",)

    async def participants_by_phone_hash(self, phone_hash: str) -> Answer[tuple[str, ...]]:
        return Known(self.owners, "tabel program", wib(2020, 8, 24), 1.0) if self.owners else CouldNotAsk("t", "x", 1.0)


class Real:
    """Real time that goes on when it is told to, so that politeness does not make a test wait."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 1, tzinfo=wib(2026, 1, 1).tzinfo)

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=5)
        return self.now


@pytest.fixture
def programme() -> Answering:
    return Answering(**vars(cast()))


@pytest.fixture
def app(database: Database, clock: Clock, bell: Bell, programme: Answering) -> FastAPI:
    sources = House(programme=programme).sources()
    app = create_app(
        database=database,
        clock=clock,
        bell=bell,
        seal=A_SEAL,
        setup_code=SETUP_CODE,
        passwords=CHEAP,
        rechecking=Rechecking(sources, WORDING, timedelta(seconds=60)),
    )
    object.__setattr__(app.state.office, "politeness", Politeness(Real()))
    return app


@pytest.fixture
async def rina(browse: Browse, scene: Scene, database: Database) -> Browser:
    """Sari looks at Rina's case, and Rina is the programme's Rina."""
    async with database.write() as session:
        whose = ChannelIdentity.id == scene.conversations["rina"].identity_id
        await session.execute(update(ChannelIdentity).where(whose).values(participant_id="rina"))
    sari = await browse(scene, "sari")
    await sari.get(page_of(scene, "rina"))
    return sari


async def asked_again(browser: Browser, scene: Scene, who: str, *names: str) -> str:
    answer = await browser.client.post(
        f"{page_of(scene, who)}/cek", data={"csrf": browser.csrf, "cek": list(names)}, headers={"HX-Request": "true"}
    )
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", unescape(answer.text)))


async def kept(database: Database) -> Sequence[Recheck]:
    async with database.read() as session:
        return list(await session.scalars(select(Recheck).order_by(Recheck.at, Recheck.check_name)))


async def test_all_checks_of_the_case_are_asked_again_kept_and_audited_once(
    rina: Browser, scene: Scene, database: Database
) -> None:
    page = await asked_again(rina, scene, "rina")
    assert "ada yang berubah, lihat tandanya" in page
    assert "ditanyakan Sari Dewanti" in page
    assert [row.check_name for row in await kept(database)] == ["paid_no_code", "system_status"]
    async with database.read() as session:
        (entry,) = await session.scalars(select(AuditEntry).where(AuditEntry.action == "recheck"))
    assert entry.detail == {"checks": ["paid_no_code", "system_status"], "could_not_ask": []}


async def test_what_is_the_same_is_said_to_be_the_same_and_what_changed_shows_both(
    rina: Browser, scene: Scene, programme: Answering
) -> None:
    await asked_again(rina, scene, "rina", "paid_no_code")
    assert "tidak ada yang berubah" in await asked_again(rina, scene, "rina", "paid_no_code")
    (paid,) = programme.bought["rina"]
    issued = replace(paid, state="code_issued", code_issued_at=wib(2020, 8, 24, 9), redeem_code_last4="K7QZ")
    programme.bought["rina"] = (issued,)
    assert "ada yang berubah" in await asked_again(rina, scene, "rina", "paid_no_code")


async def test_the_bots_finding_stands_beside_what_asking_again_found(
    rina: Browser, scene: Scene, database: Database
) -> None:
    before = {"check": "purchase", "run": "paid_no_code", "verdict": "yes", "summary": "kode terbit", "evidence": []}
    async with database.write() as session:
        await session.execute(update(Ticket).where(Ticket.id == scene.tickets["rina"].id).values(evidence=[before]))
    page = await asked_again(rina, scene, "rina", "paid_no_code")
    assert "Berubah sejak diserahkan. Dulu: kode terbit Sekarang, hari ini 10.00 WIB oleh Sari Dewanti" in page
    assert "sudah dibayar, kode belum terbit" in page


async def test_a_source_that_does_not_answer_changes_nothing_and_is_never_a_no(
    rina: Browser, scene: Scene, programme: Answering, database: Database
) -> None:
    await asked_again(rina, scene, "rina", "paid_no_code")
    programme.away.add("everything")
    page = await asked_again(rina, scene, "rina", "paid_no_code")
    assert "sebagian belum bisa ditanyakan" in page
    assert "sudah dibayar, kode belum terbit (Tokopedia)" in page
    assert [row.finding and row.finding["verdict"] for row in await kept(database)] == ["no", "unknown"]


async def test_the_bots_finding_stands_when_asking_again_comes_to_nothing(
    rina: Browser, scene: Scene, programme: Answering, database: Database
) -> None:
    before = {"check": "purchase", "run": "paid_no_code", "verdict": "yes", "summary": "kode terbit", "evidence": []}
    async with database.write() as session:
        await session.execute(update(Ticket).where(Ticket.id == scene.tickets["rina"].id).values(evidence=[before]))
    programme.away.add("everything")
    page = await asked_again(rina, scene, "rina", "paid_no_code")
    assert "✓ Ya Pembelian beres? Kode sesudah bayar kode terbit" in page
    assert "cek ulang 10.00 belum bisa ditanyakan" in page
    assert "berubah" not in page


async def test_a_source_that_never_answers_is_given_up_after_the_deadline(
    rina: Browser, scene: Scene, app: FastAPI, database: Database
) -> None:
    class Hanging(Answering):
        async def purchases(self, participant_id: str) -> Answer[Any]:
            await asyncio.sleep(30)
            raise AssertionError

    hanging = House(programme=Hanging(**vars(cast()))).sources()
    object.__setattr__(app.state.office, "rechecking", Rechecking(hanging, WORDING, timedelta(seconds=0.2)))
    assert "belum bisa ditanyakan" in await asked_again(rina, scene, "rina", "paid_no_code")
    assert [row.finding and row.finding["verdict"] for row in await kept(database)] == ["unknown"]


async def test_a_stranger_is_asked_only_what_is_nobodys_data(
    browse: Browse, scene: Scene, programme: Answering, database: Database
) -> None:
    sari = await browse(scene, "sari")
    await sari.get(page_of(scene, "yanto"))
    await asked_again(sari, scene, "yanto")
    names = [row.check_name for row in await kept(database)]
    assert "system_status" in names
    assert not [name for name in names if is_personal(name)]
    assert not set(programme.asked) & {"card", "purchases", "participant", "ledger"}


@pytest.mark.parametrize(("owners", "why"), [(("budi",), "bukan miliknya"), (None, "belum bisa dipastikan")])
async def test_a_number_that_is_not_surely_theirs_any_more_opens_no_data(
    rina: Browser, scene: Scene, programme: Answering, database: Database, owners: tuple[str, ...] | None, why: str
) -> None:
    async with database.write() as session:
        whose = ChannelIdentity.id == scene.conversations["rina"].identity_id
        await session.execute(update(ChannelIdentity).where(whose).values(phone_hash="h"))
    programme.owners = owners
    await asked_again(rina, scene, "rina")
    found = {row.check_name: row.finding for row in await kept(database)}
    assert "purchases" not in programme.asked
    purchase_found = found["paid_no_code"]
    assert purchase_found is not None
    assert why in purchase_found["evidence"][0]["value"]


async def test_asking_twice_in_a_breath_is_refused_with_how_long_to_wait(scene: Scene) -> None:
    moment = [datetime(2026, 1, 1, tzinfo=wib(2026, 1, 1).tzinfo)]
    politeness = Politeness(lambda: moment[0])
    sari, chat = scene.staff["sari"].id, scene.conversations["rina"].id
    politeness.ask(sari, chat)
    with pytest.raises(AskedJustNow, match="Tunggu 3 detik"):
        politeness.ask(scene.staff["joko"].id, chat)
    moment[0] += timedelta(seconds=3)
    politeness.ask(sari, chat)
    for other in range(Politeness.PER_MINUTE - 2):
        politeness.ask(sari, scene.tickets["siti"].id if other % 2 else scene.tickets["budi"].id)
        moment[0] += timedelta(seconds=2)
    with pytest.raises(AskedJustNow):
        politeness.ask(sari, scene.tickets["yanto"].id)


async def test_who_may_not_open_the_case_cannot_have_it_asked(browse: Browse, scene: Scene, database: Database) -> None:
    ani = await browse(scene, "ani")
    answer = await ani.post(f"{page_of(scene, 'rina')}/cek")
    assert "/izin" in answer.headers["location"]
    assert await kept(database) == []


async def test_the_programmes_facts_come_masked_with_source_and_age(
    rina: Browser, scene: Scene, programme: Answering
) -> None:
    token = re.search(r'data-lihat="([^"]+)"', (await rina.get(page_of(scene, "rina"))).text)
    assert token is not None
    address = f"{page_of(scene, 'rina')}/peserta?lihat={token[1]}"
    facts = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", unescape((await rina.get(address)).text)))
    assert "Rina M.; penerima gelombang 4; akun terverifikasi" in facts
    assert "•••••78" in facts
    assert "…1234 aktif, saldo Rp700.000" in facts
    assert "tabel program · hari ini 10.00 WIB" in facts
    programme.away.add("card")
    assert "belum bisa ditanyakan (tidak menjawab)" in unescape((await rina.get(address)).text)
    assert (await rina.get(f"{page_of(scene, 'rina')}/peserta?lihat=x")).status_code == 403
