"""Colleagues, teams and permits: who may do what from the next request on, and what is written down of it."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select, text, update

from desk.app import create_app
from desk.sign_in.attempts import PER_ADDRESS, PER_NAME, PER_PAIR, Attempts, TooOften
from records.bell import Bell
from records.clock import Clock, system_clock
from records.database import Database
from records.models import AuditEntry, LookPermit, SignInAttempt, Staff, StaffSession, Team, TeamMember, Ticket
from tests.desk.conftest import A_SEAL, Browse, Browser
from tests.desk.making import Scene
from tests.desk.scenes import CHEAP, PASSWORD
from tests.desk.test_coming import MovableClock, sign_in
from tests.desk.test_stream import served

REASON = "memeriksa keluhan yang berulang"


async def first_team(database: Database) -> UUID:
    async with database.read() as session:
        return (await session.scalars(select(Team.id).where(Team.is_default))).one()


async def team(database: Database, name: str, *members: Staff) -> UUID:
    async with database.write() as session:
        made = Team(name=name, queues=[], is_default=False)
        session.add(made)
        await session.flush()
        session.add_all([TeamMember(team_id=made.id, staff_id=one.id) for one in members])
        return made.id


async def place(database: Database, scene: Scene, who: str, **changed: Any) -> dict[str, Any]:
    """The form of somebody's page as it stands, with what is changed in it."""
    staff = scene.staff[who]
    kept = {
        "name": staff.name,
        "role": staff.role,
        "capacity": "8",
        "email": "",
        "team": str(await first_team(database)),
    }
    return {**kept, **changed}


async def audited(database: Database, action: str) -> list[AuditEntry]:
    async with database.read() as session:
        return list(
            await session.scalars(select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.id))
        )


# --- a role is taken in mid-session ---------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["role", "inactive", "team"])
async def test_rights_that_are_taken_end_an_open_page_an_open_form_and_the_hold_on_a_case(
    browse: Browse, scene: Scene, database: Database, how: str
) -> None:
    sari, ani = await browse(scene, "sari"), await browse(scene, "ani")
    yanto, address = scene.tickets["yanto"], f"/percakapan/{scene.conversations['yanto'].id}"
    assert (await sari.get(address)).status_code == 200
    other = await team(database, "Lain")
    page = f"/petugas/{scene.staff['sari'].id}"
    await ani.get(page)
    done = {
        "role": ani.post(page, **await place(database, scene, "sari", role="auditor")),
        "inactive": ani.post(f"{page}/aktif", active="false"),
        "team": ani.post(page, **await place(database, scene, "sari", team=str(other))),
    }
    assert (await done.pop(how)).status_code == 303
    for unused in done.values():
        unused.close()
    reply = {"key": "6f1d3f0e-0000-4000-8000-000000000001", "text": "masih saya jawab"}
    answers = [await sari.get(address), await sari.post(f"/tiket/{yanto.number}/balas", **reply)]
    for answer in answers:
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/masuk" if how != "team" else f"{address}/izin"), answer.headers
    async with database.read() as session:
        ticket = await session.get_one(Ticket, yanto.id)
        said = await session.scalar(text("SELECT count(*) FROM messages WHERE text = 'masih saya jawab'"))
    assert (ticket.status, ticket.staff_id, said) == ("open", None, 0)


async def test_an_open_stream_ends_with_the_role(database: Database, scene: Scene, bell: Bell, clock: Clock) -> None:
    app = create_app(
        database=database, clock=clock, bell=bell, seal=A_SEAL, passwords=CHEAP, heartbeat=timedelta(seconds=0.1)
    )
    async with served(app) as address, httpx.AsyncClient(base_url=address, timeout=20) as client:
        sari, ani = Browser(client), Browser(httpx.AsyncClient(base_url=address, timeout=20))
        await sign_in(sari, "sari", PASSWORD)
        await sign_in(ani, "ani", PASSWORD)
        page = f"/petugas/{scene.staff['sari'].id}"
        await ani.get(page)
        async with client.stream("GET", "/aliran") as stream:
            lines = stream.aiter_lines()
            assert (await anext(lines)).startswith("retry")
            assert (await ani.post(page, **await place(database, scene, "sari", role="pmo"))).status_code == 303
            async with asyncio.timeout(15):
                assert len([line async for line in lines]) < 1000
        await ani.client.aclose()


async def test_nobody_changes_their_own_role_and_an_administrator_always_stays(
    browse: Browse, scene: Scene, database: Database
) -> None:
    ani = await browse(scene, "ani")
    page = f"/petugas/{scene.staff['ani'].id}"
    await ani.get(page)
    answer = await ani.post(page, **await place(database, scene, "ani", role="agent"))
    assert (answer.status_code, "peran sendiri" in answer.text) == (422, True)
    kept = await ani.post(page, **await place(database, scene, "ani", capacity="3", email="Ani@Kantor.example"))
    assert kept.status_code == 303
    async with database.read() as session:
        staff = await session.get_one(Staff, scene.staff["ani"].id)
    assert (staff.role, staff.capacity, staff.email) == ("admin", 3, "ani@kantor.example")


async def test_a_place_that_makes_no_sense_is_explained(browse: Browse, scene: Scene, database: Database) -> None:
    ani = await browse(scene, "ani")
    page = f"/petugas/{scene.staff['sari'].id}"
    await ani.get(page)
    for wrong, why in (({"capacity": "101"}, "Kapasitas"), ({"email": "bukan"}, "e-mail"), ({"role": "raja"}, "peran")):
        answer = await ani.post(page, **await place(database, scene, "sari", **wrong))
        assert (answer.status_code, why in answer.text) == (422, True), why


# --- teams ----------------------------------------------------------------------------------------------------------


async def test_a_team_takes_the_new_cases_of_its_queues_and_a_queue_is_one_teams(
    browse: Browse, scene: Scene, database: Database
) -> None:
    ani = await browse(scene, "ani")
    await ani.get("/tim")
    assert (await ani.post("/tim", name="Akun")).status_code == 303
    assert (await ani.post("/tim", name=" akun ")).status_code == 422
    async with database.read() as session:
        made = (await session.scalars(select(Team).where(Team.name == "Akun"))).one()
    kept = {"name": "Akun", "queue": "PMO_ACCOUNT", "member": str(scene.staff["joko"].id)}
    assert (await ani.post(f"/tim/{made.id}", **kept)).status_code == 303
    answer = await ani.post(f"/tim/{await first_team(database)}", name="Meja Bantuan", queue="PMO_ACCOUNT")
    assert (answer.status_code, "sudah ditangani tim Akun" in answer.text) == (422, True)
    assert [entry.object for entry in await audited(database, "team_changed")] == ["team:Akun"]


async def test_a_lead_tends_their_own_team_alone(browse: Browse, scene: Scene, database: Database) -> None:
    other, own = await team(database, "Lain", scene.staff["joko"]), await first_team(database)
    lela = await browse(scene, "lela")
    page = (await lela.get("/tim")).text
    assert (f'action="/tim/{own}"' in page, f'action="/tim/{other}"' in page) == (True, False)
    everybody = [str(staff.id) for staff in scene.staff.values()]
    kept = {"csrf": lela.csrf, "name": "Meja Depan", "member": everybody}
    assert (await lela.client.post(f"/tim/{own}", data=kept)).status_code == 303
    refused = await lela.client.post(f"/tim/{other}", data=kept)
    assert (refused.status_code, "ketua tim" in refused.text) == (403, True)
    assert (await lela.post("/tim", name="Baru")).status_code == 403


async def test_who_is_taken_out_of_a_team_lets_its_cases_go(browse: Browse, scene: Scene, database: Database) -> None:
    lela = await browse(scene, "lela")
    await lela.get("/tim")
    stay = [str(staff.id) for name, staff in scene.staff.items() if name != "sari"]
    kept = {"csrf": lela.csrf, "name": "Meja Bantuan", "member": stay}
    assert (await lela.client.post(f"/tim/{await first_team(database)}", data=kept)).status_code == 303
    async with database.read() as session:
        assert (await session.get_one(Ticket, scene.tickets["yanto"].id)).staff_id is None


async def test_only_a_team_that_never_had_a_case_is_taken_away(
    browse: Browse, scene: Scene, database: Database
) -> None:
    ani = await browse(scene, "ani")
    await ani.get("/tim")
    empty = await team(database, "Kosong", scene.staff["joko"])
    assert (await ani.post(f"/tim/{empty}/hapus")).status_code == 303
    assert (await ani.post(f"/tim/{await first_team(database)}/hapus")).status_code == 422


# --- permits --------------------------------------------------------------------------------------------------------


async def test_a_permit_asks_why_says_no_word_before_and_ends_after_half_an_hour(
    database: Database, scene: Scene, bell: Bell
) -> None:
    clock = MovableClock()
    app = create_app(database=database, clock=clock, bell=bell, seal=A_SEAL, passwords=CHEAP)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://meja") as client:
        rudi = Browser(client)
        await sign_in(rudi, "rudi", PASSWORD)
        chat, number = scene.conversations["siti"].id, scene.tickets["siti"].number
        for way in (f"/percakapan/{chat}", f"/tiket/{number}"):
            answer = await rudi.get(way)
            assert answer.headers["location"].startswith(f"/percakapan/{chat}/izin"), way
        asked = (await rudi.get(answer.headers["location"])).text
        assert number in asked
        assert "Siti" not in asked
        assert "Sisnaker" not in asked
        assert (await rudi.post(f"/percakapan/{chat}/izin", reason="  ingin  ")).status_code == 422
        given = await rudi.post(
            f"/percakapan/{chat}/izin", reason=f"{REASON} 3174012345678901", lanjut=f"/tiket/{number}"
        )
        assert given.headers["location"] == f"/tiket/{number}"
        assert (await rudi.get(f"/percakapan/{chat}")).status_code == 200
        clock.now += timedelta(minutes=29)
        assert (await rudi.get(f"/percakapan/{chat}")).status_code == 200
        clock.now += timedelta(minutes=1)
        assert (await rudi.get(f"/percakapan/{chat}")).status_code == 303
    entry = (await audited(database, "permit_given"))[0]
    assert (entry.actor, entry.object) == ("rudi", f"ticket:{number}")
    assert REASON in entry.detail["reason"]
    assert "3174012345678901" not in str(entry.detail)
    assert {entry.detail["why"] for entry in await audited(database, "view")} == {"permit"}


async def test_a_permit_is_for_one_sign_in_and_ends_with_it(browse: Browse, scene: Scene, database: Database) -> None:
    here, there = await browse(scene, "hasan"), await browse(scene, "hasan")
    await here.permitted(scene.conversations["tamu"])
    address = f"/percakapan/{scene.conversations['tamu'].id}"
    assert ((await here.get(address)).status_code, (await there.get(address)).status_code) == (200, 303)
    await here.post("/keluar")
    async with database.read() as session:
        assert (await session.scalars(select(LookPermit))).all() == []


async def test_an_open_page_whose_permit_ended_asks_again_instead_of_showing_more(
    browse: Browse, scene: Scene, database: Database
) -> None:
    rudi = await (await browse(scene, "rudi")).permitted(scene.conversations["siti"])
    chat = scene.conversations["siti"].id
    page = (await rudi.get(f"/percakapan/{chat}")).text
    proof = page.split(f"/percakapan/{chat}/langsung?lihat=")[1].split('"')[0]
    async with database.write() as session:
        await session.execute(update(LookPermit).values(until=system_clock() - timedelta(days=9000)))
    rudi.client.headers["HX-Request"] = "true"
    answer = await rudi.get(f"/percakapan/{chat}/langsung?lihat={proof}")
    assert (answer.status_code, answer.headers["hx-redirect"]) == (403, f"/percakapan/{chat}/izin")


async def test_the_holder_of_a_case_keeps_it_open_whatever_team_it_went_to(
    browse: Browse, scene: Scene, database: Database
) -> None:
    sari, joko = await browse(scene, "sari"), await browse(scene, "joko")
    other = await team(database, "Lain")
    async with database.write() as session:
        await session.execute(update(Ticket).where(Ticket.id == scene.tickets["yanto"].id).values(team_id=other))
    address = f"/percakapan/{scene.conversations['yanto'].id}"
    assert ((await sari.get(address)).status_code, (await joko.get(address)).status_code) == (200, 303)
    assert [entry.detail["why"] for entry in await audited(database, "view")] == ["assigned"]


# --- sign-ins and attempts ------------------------------------------------------------------------------------------


async def test_ones_own_sign_ins_are_listed_and_ended_one_by_one(
    browse: Browse, scene: Scene, database: Database, app: FastAPI
) -> None:
    phone = Browser(httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://meja"))
    phone.client.headers["User-Agent"] = "Mozilla/5.0 (Linux; Android 14) Chrome/120.0 Mobile Safari/537.36"
    await sign_in(phone, "sari", PASSWORD)
    here, joko = await browse(scene, "sari"), await browse(scene, "joko")
    page = (await here.get("/akun")).text
    assert "Chrome di Android" in page
    assert "peramban ini" in page
    async with database.read() as session:
        known = {row.device: row.token_hash for row in await session.scalars(select(StaffSession))}
    await joko.get("/akun")
    await joko.post(f"/akun/sesi/{known['Chrome di Android']}/akhiri")
    assert (await phone.get("/antrean")).status_code == 200
    assert (await here.post(f"/akun/sesi/{known['Chrome di Android']}/akhiri")).status_code == 303
    assert (await phone.get("/antrean")).status_code == 303
    assert (await here.get("/antrean")).status_code == 200


async def test_several_desks_count_attempts_together_and_a_burst_slips_nothing_through(
    database: Database, database_url: str
) -> None:
    real = MovableClock()
    desks = [Attempts(database, A_SEAL, real) for _ in range(2)]

    async def tries(name: str, address: str) -> bool:
        try:
            await desks[hash(address) % 2].begin(name, address)
        except TooOften:
            return False
        return True

    burst = await asyncio.gather(*(tries("sari", "10.0.0.1") for _ in range(12)))
    assert sum(burst) == PER_PAIR
    spread = [await tries("sari", f"10.0.1.{number}") for number in range(PER_NAME)]
    assert sum(spread) == PER_NAME - PER_PAIR
    names = [await tries(f"orang{number}", "10.0.0.9") for number in range(PER_ADDRESS + 3)]
    assert sum(names) == PER_ADDRESS
    assert await tries("joko", "10.0.0.2")
    async with database.read() as session:
        assert not [key for key in await session.scalars(select(SignInAttempt.key)) if "sari" in key]
    real.now += timedelta(minutes=15)
    assert await tries("sari", "10.0.0.1")
    async with database.read() as session:
        assert len((await session.scalars(select(SignInAttempt.id))).all()) == 3


async def test_a_sign_in_that_succeeds_takes_its_own_try_back(database: Database) -> None:
    attempts = Attempts(database, A_SEAL, MovableClock())
    for _ in range(PER_NAME + 5):
        await attempts.succeeded(await attempts.begin("sari", "10.0.0.1"))
    for _ in range(PER_PAIR - 1):
        await attempts.begin("sari", "10.0.0.1")
    await attempts.succeeded(await attempts.begin("sari", "10.0.0.1"))
    await attempts.begin("sari", "10.0.0.1")


# --- the trail's page -----------------------------------------------------------------------------------------------


async def test_the_trail_is_narrowed_by_person_act_object_and_day_and_opens_what_it_names(
    browse: Browse, scene: Scene, database: Database
) -> None:
    sari = await browse(scene, "sari")
    await sari.get(f"/percakapan/{scene.conversations['siti'].id}")
    hasan = await browse(scene, "hasan")
    number = scene.tickets["siti"].number
    whole = (await hasan.get("/audit")).text
    assert f'href="/tiket/{number}"' in whole
    assert "tiket timnya" in whole
    for narrowed, there in (
        ("siapa=sari", True),
        ("siapa=joko", False),
        ("tindakan=view", True),
        ("tindakan=resolve", False),
        (f"objek={number.lower()}", True),
        ("objek=T-999999", False),
        ("dari=2020-08-24&sampai=2020-08-24", True),
        ("dari=2020-08-25", False),
        ("sampai=2020-08-23", False),
    ):
        page = (await hasan.get(f"/audit?{narrowed}")).text
        assert (f'href="/tiket/{number}"' in page) == there, narrowed
    assert (await (await browse(scene, "lela")).get("/audit")).status_code == 403


async def test_the_trail_goes_back_page_after_page_without_gap_or_repetition(
    browse: Browse, scene: Scene, database: Database
) -> None:
    async with database.write() as session:
        await session.execute(
            text(
                "INSERT INTO audit (at, actor, action, object, previous_hash, hash) SELECT '2020-08-24', 'joko',"
                " 'view', 'ticket:T-'||n, 'x', 'h'||n FROM generate_series(500001, 500120) n"
            )
        )
    hasan = await browse(scene, "hasan")
    for narrowed in ("siapa=joko", "siapa=joko&dari=2020-08-01"):
        seen, address = [], f"/audit?{narrowed}"
        while address:
            page = (await hasan.get(address)).text
            seen += [int(part.split('"')[0]) for part in page.split('href="/tiket/T-5')[1:]]
            older = page.split(">Lebih lama<")[0].rsplit('href="', 1)
            address = older[1].split('"')[0].replace("&amp;", "&") if ">Lebih lama<" in page else ""
        assert seen == sorted(seen, reverse=True), narrowed
        assert len(set(seen)) == 120, narrowed
