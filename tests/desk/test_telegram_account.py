"""Linking one's own Telegram account at the desk: by whom, how the link looks, and parting again."""

import re

from sqlalchemy import select

from records.database import Database
from records.models import AuditEntry, Staff, StaffLink
from tests.desk.conftest import Browse
from tests.desk.making import Scene


async def test_without_a_group_the_page_says_so_and_makes_no_link(
    browse: Browse, scene: Scene, database: Database
) -> None:
    browser = await browse(scene, "sari")
    assert "belum punya grup petugas" in (await browser.get("/akun/telegram")).text
    assert (await browser.post("/akun/telegram/tautan")).status_code == 404
    async with database.read() as session:
        assert (await session.scalars(select(StaffLink))).all() == []


async def test_who_may_act_on_no_case_links_no_account(browse: Browse, scene: Scene) -> None:
    for who in ("rudi", "hasan"):
        browser = await browse(scene, who)
        assert (await browser.get("/akun/telegram")).status_code == 403


async def test_an_account_is_parted_by_its_owner_and_that_is_written_down(
    browse: Browse, scene: Scene, database: Database
) -> None:
    async with database.write() as session:
        staff = await session.get_one(Staff, scene.staff["sari"].id)
        staff.telegram_user_id = "5100000001"
    browser = await browse(scene, "sari")
    assert "Telegram terhubung" in (await browser.get("/akun")).text
    await browser.post("/akun/telegram/putus")
    async with database.read() as session:
        assert (await session.get_one(Staff, scene.staff["sari"].id)).telegram_user_id is None
        actions = list(await session.scalars(select(AuditEntry.action).where(AuditEntry.actor == "sari")))
    assert actions.count("telegram_unlinked") == 1
    assert re.search(r"Hubungkan Telegram", (await browser.get("/akun")).text)
