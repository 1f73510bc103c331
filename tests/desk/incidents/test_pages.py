"""The pages of incidents as staff use them: open with a preview, tell, move, resolve, look back."""

import asyncio
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from httpx import Response
from sqlalchemy import select

from desk.incidents.incident import IncidentChanged
from desk.incidents.moving import Move, move
from desk.incidents.opening import Opened
from desk.incidents.reviewing import follow_up
from desk.refusals import NotWellSaid
from records.models import AuditEntry, Incident, IncidentEvent, StaffNotice, Suspicion
from tests.conftest import OPENING
from tests.desk.conftest import Browse
from tests.desk.incidents.outage import CLOSING, FORM, WORDS, Outage, shown


async def test_the_pmo_sees_whom_it_touches_before_it_is_opened_and_nothing_happens_until_then(
    outage: Outage, browse: Browse
) -> None:
    await outage.writes("dewi", "package_not_found", "sisnaker", bound="P-77")
    await outage.writes("dewi-wa", "package_not_found", "sisnaker", channel="whatsapp", bound="P-77")
    rudi = await browse(outage.scene, "rudi")
    form = {**FORM, "owner": str(outage.scene.staff["lela"].id)}
    seen = await rudi.post("/insiden/pratinjau", **form)
    assert "2 orang dalam 3 percakapan" in shown(seen)
    assert "2 percakapan hanya dijawab bot, 1 punya tiket terbuka" in shown(seen)
    assert await outage.linked() == dict.fromkeys(outage.scene.tickets)
    opened = await rudi.post("/insiden", **form)
    assert opened.headers["location"] == "/insiden/INC-2020-08-24?kabar=dibuka"
    page = shown(await rudi.get("/insiden/INC-2020-08-24"))
    assert "2 orang dalam 3 percakapan" in page
    assert WORDS in page
    assert (await outage.linked())["siti"] == "INC-2020-08-24"
    listed = shown(await rudi.get("/insiden"))
    assert "Tidak bisa beli di Sisnaker" in listed
    assert "2 orang" in listed


async def test_an_incident_from_a_suspicion_is_prefilled_and_decides_it(outage: Outage, browse: Browse) -> None:
    async with outage.database.write() as session:
        began = OPENING - timedelta(hours=1)
        suspicion = Suspicion(
            kind="complaints", intent="package_not_found", platform="sisnaker", began_at=began, found_at=OPENING,
            last_at=OPENING, observed=40.0, expected=6.0,
        )  # fmt: skip
        session.add(suspicion)
    rudi = await browse(outage.scene, "rudi")
    assert "Paket kursus tidak ditemukan di Sisnaker" in shown(await rudi.get("/insiden"))
    form = await rudi.get(f"/insiden/baru?dugaan={suspicion.id}")
    assert 'value="2020-08-24T09:00"' in form.text
    assert re.search(r'value="sisnaker" checked', form.text)
    assert re.search(r'value="package_not_found" checked', form.text)
    assert not re.search(r'value="payment_failed" checked', form.text)
    given = {**FORM, "owner": str(outage.scene.staff["rudi"].id), "suspicion": str(suspicion.id)}
    await rudi.post("/insiden", **given)
    async with outage.database.read() as session:
        decided = await session.get_one(Suspicion, suspicion.id)
    assert (decided.status, decided.incident_id) == ("incident", "INC-2020-08-24")
    again = await rudi.post("/insiden", **given)
    assert again.status_code == 409


async def test_two_opened_at_once_each_have_a_name_of_their_own(outage: Outage, browse: Browse) -> None:
    rudi, lela = await browse(outage.scene, "rudi"), await browse(outage.scene, "lela")
    form = {**FORM, "owner": str(outage.scene.staff["lela"].id)}
    answers = await asyncio.gather(
        rudi.post("/insiden", **form), lela.post("/insiden", **{**form, "title": "Tidak bisa beli"})
    )
    places = {answer.headers["location"] for answer in answers}
    assert places == {"/insiden/INC-2020-08-24?kabar=dibuka", "/insiden/INC-2020-08-24-2?kabar=dibuka"}


async def test_a_form_pressed_twice_opens_one_incident(outage: Outage, browse: Browse) -> None:
    rudi = await browse(outage.scene, "rudi")
    form = {**FORM, "owner": str(outage.scene.staff["lela"].id), "key": key_of(await rudi.get("/insiden/baru"))}
    seen = await rudi.post("/insiden/pratinjau", **form)
    assert key_of(seen) == form["key"]
    answers = await asyncio.gather(rudi.post("/insiden", **form), rudi.post("/insiden", **form))
    assert [answer.headers["location"] for answer in answers] == ["/insiden/INC-2020-08-24?kabar=dibuka"] * 2
    assert [event.kind for event in await outage.events("INC-2020-08-24")] == ["opened"]
    another = {**form, "key": key_of(await rudi.get("/insiden/baru"))}
    assert (await rudi.post("/insiden", **another)).headers["location"] == "/insiden/INC-2020-08-24-2?kabar=dibuka"


def key_of(form: Response) -> str:
    """The hidden key of a form."""
    (key,) = re.findall(r'name="key" value="([^"]+)"', form.text)
    return str(key)


async def test_of_two_who_open_from_one_suspicion_at_once_the_second_is_told_and_leaves_nothing(
    outage: Outage,
) -> None:
    times = {"began_at": OPENING - timedelta(hours=1), "found_at": OPENING, "last_at": OPENING}
    suspicion = Suspicion(kind="checks", source="card", observed=12.6, expected=0.3, **times)
    async with outage.database.write() as session:
        session.add(suspicion)
    given = {"suspicion_id": suspicion.id}
    first, second = await asyncio.gather(
        outage.opens(by="lela", **given), outage.opens(by="rudi", **given), return_exceptions=True
    )
    assert {type(first), type(second)} == {Opened, IncidentChanged}
    async with outage.database.read() as session:
        assert list(await session.scalars(select(Incident.id))) == ["INC-2020-08-24"]
        assert [it.incident_id for it in await session.scalars(select(IncidentEvent))] == ["INC-2020-08-24"]
        decided = await session.get_one(Suspicion, suspicion.id)
    assert (decided.status, decided.incident_id) == ("incident", "INC-2020-08-24")


async def test_every_kind_of_suspicion_is_told_as_what_it_counts_and_leads_to_its_own_page(
    outage: Outage, browse: Browse
) -> None:
    rudi = await browse(outage.scene, "rudi")
    assert 'href="/dugaan"' in (await rudi.get("/insiden")).text  # also while none waits
    times = {"began_at": OPENING - timedelta(hours=1), "found_at": OPENING, "last_at": OPENING}
    checks = Suspicion(kind="checks", source="card", observed=12.6, expected=0.3, **times)
    sends = Suspicion(kind="sends", channel="whatsapp", observed=30.0, expected=1.4, **times)
    async with outage.database.write() as session:
        session.add_all([checks, sends])
    listed = await rudi.get("/insiden")
    assert "Cek gagal: sumber card tidak menjawab 13 cek gagal sejak" in shown(listed)
    assert "Pengiriman gagal lewat WhatsApp 30 pengiriman gagal sejak" in shown(listed)
    assert "biasanya 0,3 ·" in shown(listed)
    assert "laporan" not in re.split("</?section", listed.text)[1]
    expected = {
        checks.id: ("13 cek gagal sejak hari ini 09.00 WIB, biasanya 0,3.", "data program sedang tidak bisa kami cek"),
        sends.id: ("30 pengiriman gagal sejak hari ini 09.00 WIB, biasanya 1,4.", "pesan kami lewat WhatsApp sedang"),
    }
    for name, (counts, public) in expected.items():
        assert f'href="/dugaan/{name}"' in listed.text
        form = await rudi.get(f"/insiden/baru?dugaan={name}")
        assert f'href="/dugaan/{name}"' in form.text
        assert counts in shown(form)
        assert public in shown(form)
        assert "lebih banyak laporan" not in form.text


async def test_what_cannot_stand_is_refused_and_nothing_typed_is_lost(outage: Outage, browse: Browse) -> None:
    rudi = await browse(outage.scene, "rudi")
    form = {**FORM, "owner": str(outage.scene.staff["lela"].id)}
    wrong = {
        "estimate": ("2020-08-24T09:00", "Perkiraan pulih sudah lewat"),
        "since": ("2020-08-25T09:00", "tidak bisa di masa depan"),
        "public_message": ("Hubungi 081234567890 untuk bantuan", "memuat data pribadi"),
        "components": ("", "bagian yang terganggu"),
        "title": ("x", "judul"),
    }
    for name, (value, problem) in wrong.items():
        answer = await rudi.post("/insiden", **{**form, name: value, "source": "Sumber yang diketik"})
        assert (answer.status_code, problem in shown(answer)) == (422, True), name
        assert "Sumber yang diketik" in answer.text
    assert "Belum ada insiden" in (await rudi.get("/insiden")).text


async def test_new_words_and_their_time_go_out_and_an_estimate_that_passed_is_no_promise(
    outage: Outage, browse: Browse
) -> None:
    opened = await outage.opens(estimate=OPENING + timedelta(hours=2))
    lela = await browse(outage.scene, "lela")
    address = f"/insiden/{opened.incident.id}"
    assert "perkiraan pulih hari ini 12.00 WIB" in shown(await lela.get(address))
    words = "Sisnaker masih memperbaiki sistemnya, Kak. Kami kabari lagi di sini."
    said = await lela.post(f"{address}/kabar", public_message=words, as_of="2020-08-24T09:00", version="1")
    assert said.status_code == 422  # older than what is known
    said = await lela.post(
        f"{address}/kabar", public_message=words, as_of="2020-08-24T10:00", estimate="2020-08-24T11:00", version="1"
    )
    assert said.status_code == 303, said.text
    incident = await outage.incident(opened.incident.id)
    assert (incident.public_message, incident.estimated_end_at) == (words, OPENING + timedelta(hours=1))
    kinds = [(event.kind, event.said) for event in await outage.events(opened.incident.id)]
    assert kinds == [("opened", WORDS), ("said", words)]
    stale = await lela.post(f"{address}/kabar", public_message=WORDS, version="1")
    assert (stale.status_code, "baru saja diubah orang lain" in stale.text) == (409, True)


async def test_an_estimate_that_passed_is_told_as_what_it_was(outage: Outage, browse: Browse) -> None:
    opened = await outage.opens(estimate=OPENING + timedelta(hours=2))
    async with outage.database.write() as session:
        incident = await session.merge(opened.incident)
        incident.estimated_end_at = OPENING - timedelta(minutes=1)
    lela = await browse(outage.scene, "lela")
    for address in ("/insiden", f"/insiden/{opened.incident.id}"):
        page = shown(await lela.get(address))
        assert "perkiraan semula hari ini 09.59 WIB, sudah lewat" in page
        assert "perkiraan pulih hari ini" not in page


async def test_only_legal_moves_and_the_end_says_so_in_new_words(outage: Outage, browse: Browse) -> None:
    opened = await outage.opens(status="suspected")
    lela = await browse(outage.scene, "lela")
    address = f"/insiden/{opened.incident.id}/status"
    assert (await lela.post(address, to="monitoring", public_message=WORDS)).status_code == 409
    assert (await lela.post(address, to="confirmed", public_message=WORDS)).status_code == 303
    assert (await lela.post(address, to="resolved", public_message=WORDS)).status_code == 422
    done = await lela.post(address, to="resolved", public_message=CLOSING, ended_at="2020-08-24T09:30")
    assert done.status_code == 303
    incident = await outage.incident(opened.incident.id)
    assert (incident.status, incident.ended_at) == ("resolved", OPENING - timedelta(minutes=30))
    assert (await lela.post(address, to="confirmed", public_message=WORDS)).status_code == 409
    page = shown(await lela.get(f"/insiden/{opened.incident.id}"))
    assert "Dugaan → Dikonfirmasi" in page
    assert "Dikonfirmasi → Selesai" in page


async def test_it_is_handed_over_looked_back_at_and_what_follows_has_an_owner_and_a_day(
    outage: Outage, browse: Browse
) -> None:
    opened = await outage.opens()
    lela, address = await browse(outage.scene, "lela"), f"/insiden/{opened.incident.id}"
    joko = str(outage.scene.staff["joko"].id)
    assert (await lela.post(f"{address}/pemilik", to=joko, reason="Pergantian giliran")).status_code == 303
    assert (await outage.incident(opened.incident.id)).owner_id == outage.scene.staff["joko"].id
    review = {"happened": "Katalog Sisnaker tidak sinkron.", "changes": "Sinkronisasi dipantau tiap jam."}
    assert (await lela.post(f"{address}/tinjauan", **review)).status_code == 409
    await outage.does(move, opened.incident.id, Move("resolved", CLOSING, as_of=OPENING), version=None)
    assert (await lela.post(f"{address}/tinjauan", **review)).status_code == 303
    given = {"what": "Pasang pemantau katalog", "owner": joko, "due": "2020-08-31"}
    assert (await lela.post(f"{address}/tindak-lanjut", **given)).status_code == 303
    page = await lela.get(address)
    assert "Pasang pemantau katalog" in page.text
    assert "paling lambat 31 Agu 2020" in shown(page)
    done = re.search(r"/tindak-lanjut/([0-9a-f-]{36})", page.text)
    assert done
    await lela.post(f"{address}/tindak-lanjut/{done[1]}")
    assert "selesai hari ini 10.00 WIB" in shown(await lela.get(address))
    kinds = [event.kind for event in await outage.events(opened.incident.id)]
    assert kinds == ["opened", "handed_over", "moved", "reviewed", "follow_up", "follow_up_done"]


async def test_a_day_is_over_at_midnight_in_jakarta(outage: Outage) -> None:
    opened = await outage.opens()
    await outage.does(move, opened.incident.id, Move("resolved", CLOSING, as_of=OPENING), version=None)
    outage.now = datetime(2020, 8, 24, 18, 30, tzinfo=UTC)  # half past one of the 25th in Jakarta
    given: dict[str, Any] = {"what": "Pasang pemantau katalog", "owner": outage.scene.staff["joko"].id}
    with pytest.raises(NotWellSaid):
        await outage.does(follow_up, opened.incident.id, due=date(2020, 8, 24), **given)
    await outage.does(follow_up, opened.incident.id, due=date(2020, 8, 25), **given)


async def test_agents_and_auditors_see_it_and_change_nothing_but_agents_may_note(
    outage: Outage, browse: Browse
) -> None:
    opened = await outage.opens()
    address = f"/insiden/{opened.incident.id}"
    sari, hasan = await browse(outage.scene, "sari"), await browse(outage.scene, "hasan")
    for one in (sari, hasan):
        assert (await one.get(address)).status_code == 200
        assert (await one.post(f"{address}/kabar", public_message=WORDS)).status_code == 403
    assert (await sari.post(f"{address}/catatan", words="Sisnaker menelepon: NIK 3201234567890001")).status_code == 303
    assert (await hasan.post(f"{address}/catatan", words="x")).status_code == 403
    noted = (await outage.events(opened.incident.id))[-1]
    assert (noted.kind, noted.said and "3201234567890001" in noted.said) == ("noted", False)


async def test_those_affected_can_be_told_once_it_is_monitored_or_over_and_not_before(
    outage: Outage, browse: Browse
) -> None:
    opened = await outage.opens()
    rudi, address = await browse(outage.scene, "rudi"), f"/insiden/{opened.incident.id}"
    way = f'href="/siaran/baru?insiden={opened.incident.id}"'
    assert way not in (await rudi.get(address)).text
    await outage.does(move, opened.incident.id, Move("monitoring", WORDS, as_of=OPENING), version=None)
    monitored = await rudi.get(address)
    assert way in monitored.text
    assert "masih dipantau, dan itu disebut" in shown(monitored)
    await outage.does(move, opened.incident.id, Move("resolved", CLOSING, as_of=OPENING), version=None)
    over = await rudi.get(address)
    assert way in over.text
    assert "masih dipantau" not in shown(over)


async def test_an_open_page_is_sent_only_what_changed(outage: Outage, browse: Browse) -> None:
    opened = await outage.opens()
    lela = await browse(outage.scene, "lela")
    page = await lela.get(f"/insiden/{opened.incident.id}")
    marks = re.findall(r'name="sidik" value="([^"]+)"', page.text)
    assert len(marks) == 3
    live = f"/insiden/{opened.incident.id}/langsung"
    assert (await lela.get(live, params={"sidik": marks})).status_code == 204
    sari = await browse(outage.scene, "sari")
    await sari.post(f"/insiden/{opened.incident.id}/catatan", words="Platform sudah dihubungi")
    changed = await lela.get(live, params={"sidik": marks})
    assert re.findall(r'id="bagian-([a-z-]+)"', changed.text) == ["lini-masa"]


async def test_who_works_here_is_told_and_every_act_is_audited(outage: Outage, browse: Browse) -> None:
    opened = await outage.opens()
    lela = await browse(outage.scene, "lela")
    await lela.post(f"/insiden/{opened.incident.id}/catatan", words="Sudah dihubungi")
    async with outage.database.read() as session:
        told = set(await session.scalars(select(StaffNotice.staff_id).where(StaffNotice.kind == "incident")))
        acts = select(AuditEntry.action).where(AuditEntry.object == f"incident:{opened.incident.id}")
        assert list(await session.scalars(acts.order_by(AuditEntry.id))) == ["incident_opened", "incident_noted"]
        assert await session.scalar(select(IncidentEvent.by_id).limit(1)) == outage.scene.staff["lela"].id
    assert outage.scene.staff["joko"].id in told
