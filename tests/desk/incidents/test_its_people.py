"""Whom an incident touches, as staff see and change it: taken out and in, a narrower scope, a long list, the erased."""

import re
from datetime import timedelta
from typing import Any

from sqlalchemy import select, text

from desk.incidents.counting import counted
from desk.incidents.joining import let_join
from records.models import IncidentPerson
from records.privacy.columns import PERSONAL
from tests.desk.conftest import Browse
from tests.desk.counting import counted as asking
from tests.desk.incidents.outage import FORM, Outage, narrowed, shown


async def test_one_person_is_taken_out_with_a_reason_stays_out_and_is_put_back(outage: Outage, browse: Browse) -> None:
    opened = await outage.opens()
    chat = outage.scene.conversations["siti"].id
    lela = await browse(outage.scene, "lela")
    people = f"/insiden/{opened.incident.id}/orang"
    assert "Siti Rahmawati" in (await lela.get(people)).text
    assert (await lela.post(f"{people}/{chat}/keluar", reason="")).status_code == 422
    assert await outage.inside(opened.incident.id) == {"siti"}
    out = await lela.post(f"{people}/{chat}/keluar", reason="Salah kelas, bukan gangguan 3201234567890001")
    assert out.status_code == 303
    assert (await outage.inside(opened.incident.id), (await outage.linked())["siti"]) == (set(), None)
    assert "3201234567890001" not in (await lela.get(f"{people}?yang=dikeluarkan")).text
    assert "Salah kelas" in (await lela.get(f"{people}?yang=dikeluarkan")).text
    await lela.post(f"{people}/{chat}/kembali", reason="Ternyata memang gangguan")
    assert (await outage.inside(opened.incident.id), (await outage.linked())["siti"]) == ({"siti"}, opened.incident.id)
    assert [it.kind for it in await outage.events(opened.incident.id)] == ["opened", "person_out", "person_back"]


async def test_who_writes_in_two_chats_is_taken_out_and_put_back_in_both_and_a_third_brings_them_back_in_neither(
    outage: Outage, browse: Browse
) -> None:
    await outage.writes("dewi", "package_not_found", "sisnaker", bound="P-77")
    await outage.writes("dewi-wa", "package_not_found", "sisnaker", channel="whatsapp", bound="P-77")
    opened = await outage.opens()
    people = f"/insiden/{opened.incident.id}/orang"
    lela = await browse(outage.scene, "lela")
    assert "Ia keluar di semua 2 percakapannya." in shown(await lela.get(people))
    chat = outage.scene.conversations["dewi"].id
    assert (await lela.post(f"{people}/{chat}/keluar", reason="Salah kelas")).status_code == 303
    assert await outage.inside(opened.incident.id) == {"siti"}
    outage.now += timedelta(minutes=5)
    await outage.writes("dewi-web", "package_not_found", "sisnaker", channel="web", bound="P-77", ago=timedelta(0))
    await outage.writes("dewi-wa", "package_not_found", "sisnaker", ago=timedelta(0))
    await let_join(outage)  # type: ignore[arg-type]
    assert await outage.inside(opened.incident.id) == {"siti"}
    other = outage.scene.conversations["dewi-wa"].id
    assert (await lela.post(f"{people}/{other}/kembali", reason="Ternyata memang gangguan")).status_code == 303
    assert await outage.inside(opened.incident.id) == {"siti", "dewi", "dewi-wa"}
    happened = [(it.kind, it.said, it.detail.get("conversations")) for it in await outage.events(opened.incident.id)]
    assert happened[1:] == [("person_out", "Salah kelas", 2), ("person_back", "Ternyata memang gangguan", 2)]


async def test_somebody_is_taken_in_by_the_number_of_their_case(outage: Outage, browse: Browse) -> None:
    opened = await outage.opens()
    lela = await browse(outage.scene, "lela")
    number = outage.scene.tickets["rina"].number
    taken = await lela.post(
        f"/insiden/{opened.incident.id}/orang/masuk", number=number, reason="Kodenya tertahan gangguan ini"
    )
    assert taken.status_code == 303
    assert await outage.inside(opened.incident.id) == {"siti", "rina"}
    assert (await outage.linked())["rina"] == opened.incident.id
    wrong = await lela.post(f"/insiden/{opened.incident.id}/orang/masuk", number="T-9", reason="Kodenya tertahan")
    assert wrong.status_code == 422


async def test_a_narrower_scope_shows_who_would_leave_and_a_wider_one_brings_them_back(
    outage: Outage, browse: Browse
) -> None:
    await outage.writes("maya", "package_not_found", "tokopedia", channel="web")
    opened = await outage.opens(narrowed(platforms=("sisnaker", "tokopedia")))
    assert await outage.inside(opened.incident.id) == {"siti", "maya"}
    lela = await browse(outage.scene, "lela")
    address = f"/insiden/{opened.incident.id}/lingkup"
    form = {key: FORM[key] for key in ("components", "intents", "platforms", "since")}
    seen = await lela.post(f"{address}/pratinjau", **form)
    assert "1 percakapan (1 orang) keluar dari 2 yang sekarang di dalam" in shown(seen)
    assert await outage.inside(opened.incident.id) == {"siti", "maya"}
    assert (await lela.post(address, **form, version="1")).status_code == 422  # no reason
    assert (await lela.post(address, **form, version="1", reason="Tokopedia ternyata lancar")).status_code == 303
    assert await outage.inside(opened.incident.id) == {"siti"}
    gone = await outage.person(opened.incident.id, "maya")
    assert gone
    assert (gone.taken_out_as, gone.taken_out_why) == ("scope", "Tokopedia ternyata lancar")
    wider = {**form, "platforms": "", "reason": "Semua platform ternyata kena", "version": "2"}
    assert (await lela.post(address, **wider)).status_code == 303
    assert await outage.inside(opened.incident.id) == {"siti", "maya", "yanto"}


async def test_who_was_taken_out_by_hand_stays_out_of_a_wider_scope(outage: Outage, browse: Browse) -> None:
    opened = await outage.opens()
    lela = await browse(outage.scene, "lela")
    chat = outage.scene.conversations["siti"].id
    await lela.post(f"/insiden/{opened.incident.id}/orang/{chat}/keluar", reason="Bukan gangguan ini")
    form = {key: FORM[key] for key in ("components", "intents", "since")}
    await lela.post(f"/insiden/{opened.incident.id}/lingkup", **form, reason="Semua platform kena")
    assert "siti" not in await outage.inside(opened.incident.id)


async def test_a_name_is_told_only_to_who_may_open_the_case(outage: Outage, browse: Browse) -> None:
    opened = await outage.opens()
    rudi = await browse(outage.scene, "rudi")
    people = await rudi.get(f"/insiden/{opened.incident.id}/orang")
    assert "Siti Rahmawati" not in people.text
    assert "dibuka dengan izin" in people.text


async def test_the_list_goes_on_page_by_page_without_losing_anybody(outage: Outage, browse: Browse) -> None:
    for number in range(60):
        await outage.writes(f"orang-{number}", "package_not_found", "sisnaker", channel="web")
    opened = await outage.opens()
    lela = await browse(outage.scene, "lela")
    seen: list[str] = []
    address: str | None = f"/insiden/{opened.incident.id}/orang?kanal=web"
    while address:
        page = await lela.get(address)
        seen += re.findall(r'/orang/([0-9a-f-]{36})/keluar"', page.text)
        onward = re.search(r'href="([^"]*sesudah=[^"]*)"', page.text)
        address = onward[1].replace("&amp;", "&") if onward else None
    assert (len(seen), len(set(seen))) == (60, 60)


async def test_a_crowd_costs_no_more_questions_than_one_person(outage: Outage, browse: Browse) -> None:
    opened = await outage.opens()
    lela = await browse(outage.scene, "lela")
    addresses = [f"/insiden/{opened.incident.id}", f"/insiden/{opened.incident.id}/orang", "/insiden"]
    asked = {}
    for size in ("few", "many"):
        if size == "many":
            for number in range(30):
                now: dict[str, Any] = {"channel": "web", "ago": timedelta(seconds=1)}
                await outage.writes(f"orang-{number}", "package_not_found", "sisnaker", **now)
            assert await let_join(outage) == 30  # type: ignore[arg-type]
        for address in addresses:
            await lela.get(address)
            with asking(outage.database) as questions:
                await lela.get(address)
            asked[size, address] = len(questions)
    for address in addresses:
        assert asked["few", address] == asked["many", address] <= 16, asked


async def test_the_erased_stay_counted_and_nothing_of_them_is_left(outage: Outage) -> None:
    await outage.writes("dewi", "package_not_found", "sisnaker", bound="P-77")
    await outage.writes("dewi-wa", "package_not_found", "sisnaker", channel="whatsapp", bound="P-77")
    opened = await outage.opens()
    chats = [outage.scene.conversations[who] for who in ("dewi", "dewi-wa")]
    whose = PERSONAL["incident_people"]
    emptied = ", ".join(f'"{column}" = {value}' for column, value in whose.emptied.items())
    async with outage.database.write() as session:
        ids = {"identities": [chat.identity_id for chat in chats]}
        gone = "UPDATE identities SET participant_id = NULL WHERE id = ANY(:identities)"
        await session.execute(text(gone), ids)
        statement = f"UPDATE incident_people SET {emptied} WHERE {whose.rows}"  # noqa: S608 (our own words)
        await session.execute(text(statement), {"conversations": [chat.id for chat in chats]})
    async with outage.database.read() as session:
        found = await counted(session, opened.incident.id)
        left = list(await session.scalars(select(IncidentPerson).where(IncidentPerson.participant_id == "P-77")))
        keys = set(await session.scalars(select(IncidentPerson.person_key)))
    assert (found.people, found.conversations, left, "P-77" in keys) == (2, 3, [], False)
