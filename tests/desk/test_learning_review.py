"""A reviewer goes through look-alikes: accepts, refuses, gathers for an article; two at once; no data is taught."""

import json
import re
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import func, select

from desk.learning.deciding import kept_apart
from desk.learning.known_lines import Shelf
from desk.learning.piles import Piles
from desk.learning.present_model import PresentModel
from desk.pages.learning import Room
from records.clock import Clock
from records.database import Database
from records.models import AuditEntry, LearningDraft, LearningExample, LearningTrial, LearningTrialExample
from tests.desk.conftest import Browse, Browser
from tests.desk.counting import counted
from tests.desk.making import Scene

TAUGHT = """version: "3.1"
nlu:
- intent: purchase_otp
  examples: |
    - kode otp buat beli kelas belum masuk
    - otp bayar ga nyampe
"""
APART = '{"text": "otp checkout kok hilang", "intent": "purchase_otp"}\n'


@pytest.fixture(autouse=True)
def small_text(app: object, tmp_path: Path) -> None:
    """A desk that knows two training lines and one that judges."""
    (tmp_path / "training" / "buying").mkdir(parents=True)
    (tmp_path / "training" / "buying" / "purchase_otp.yml").write_text(TAUGHT)
    (tmp_path / "heldout").mkdir()
    (tmp_path / "heldout" / "regression.jsonl").write_text(APART)
    room = Room()
    room.shelf = Shelf(tmp_path)
    app.state.learning = room  # type: ignore[attr-defined]


async def gathered(database: Database, at: datetime, *said: str, scene: Scene | None = None, **values: object) -> None:
    """Messages that wait for a reviewer."""
    base = {"kind": "intent", "source": "fallback", "read_as": "nlu_fallback", "confidence": 0.4, **values}
    async with database.write() as session:
        for number, words in enumerate(said):
            chat = scene.conversations["siti"].id if scene else None
            session.add(LearningExample(said=words, at=at + timedelta(seconds=number), conversation_id=chat, **base))


async def one(database: Database, said: str) -> LearningExample:
    async with database.read() as session:
        return (await session.scalars(select(LearningExample).where(LearningExample.said == said))).one()


async def decides(browser: Browser, example: LearningExample, verdict: str, **fields: str) -> tuple[int, str]:
    browser.client.headers["hx-request"] = "true"
    given = {"text": example.said, "version": str(example.version), "verdict": verdict, **fields}
    answer = await browser.post(f"/belajar/{example.id}", **given)
    return answer.status_code, answer.text


async def test_look_alikes_stand_together_the_agents_first_then_the_biggest(
    browse: Browse, scene: Scene, database: Database, clock: Clock
) -> None:
    alike = ["otp bayar kelas belum masuk", "otp buat bayar kelas ga masuk2", "OTP bayar kelasnya blm masuk kak"]
    await gathered(database, clock(), *alike, "sertifikat pelatihan salah nama", "kelas zoom ga bisa dibuka")
    await gathered(
        database, clock(), "rekening gopay ditolak", source="agent", meant="payout_account_failed",
        marked_by=scene.staff["sari"].id,
    )  # fmt: skip
    page = (await (await browse(scene, "lela")).get("/belajar")).text
    counts = re.findall(r'tumpukan-angka">(\d+)×', page)
    assert counts == ["3"]
    assert page.count('class="tumpukan"') == 4
    assert page.index("rekening gopay ditolak") < page.index("otp bayar kelas belum masuk")
    assert "diralat oleh <bdi>Sari Dewanti</bdi>" in page
    assert "kode otp buat beli kelas belum masuk" in page


async def test_where_many_wait_nobody_waits_for_all_to_be_grouped(
    scene: Scene, database: Database, clock: Clock
) -> None:
    await gathered(database, clock(), *(f"kelas nomor {at} ga bisa dibuka" for at in range(30)))
    await gathered(database, clock(), "rekening gopay ditolak", source="agent", marked_by=scene.staff["sari"].id)
    piles = Piles(many=10)
    async with database.read() as session:
        first = await piles.look(session)
        assert (sum(len(pile.ids) for pile in first), first[0].marked) == (10, 1)
        await piles.settled()
        then = await piles.look(session)
    assert (sum(len(pile.ids) for pile in then), piles.grouping) == (31, False)


async def test_it_is_shown_how_the_model_reads_them_now(
    browse: Browse, scene: Scene, database: Database, clock: Clock, app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desk.learning.present_model.PATIENCE_SECONDS", 60)

    def rasa(request: httpx.Request) -> httpx.Response:
        said = json.loads(request.content)["text"]
        if said == "rekening gopay ditolak":
            return httpx.Response(503)
        assert request.headers["authorization"] == "Bearer rahasia"
        read = {"name": "purchase_otp", "confidence": 0.81}
        return httpx.Response(200, json={"intent": read, "model": "helpdesk-baru.tar.gz"})

    async with httpx.AsyncClient(transport=httpx.MockTransport(rasa)) as client:
        present = PresentModel("http://rasa", SecretStr("rahasia"), client)
        app.state.learning = room = Room(present)
        room.shelf = Shelf(Path("/tiada"))
        await gathered(database, clock(), "otp kelas ga masuk", "rekening gopay ditolak")
        page = (await (await browse(scene, "lela")).get("/belajar")).text
    assert page.count("kini <strong>OTP pembelian</strong> 81") == 1
    assert "rekening gopay ditolak" in page
    assert "Teks latih tidak ada di mesin ini" in page


async def test_an_accepted_example_is_the_reviewers_words_and_shows_what_became_of_it(
    browse: Browse, scene: Scene, database: Database, clock: Clock
) -> None:
    await gathered(database, clock(), "otp kelas rina ga masuk")
    lela, example = await browse(scene, "lela"), await one(database, "otp kelas rina ga masuk")
    status, said = await decides(lela, example, "terima", text="otp kelas saya ga masuk", meant="purchase_otp")
    assert (status, "menunggu uji coba" in said) == (200, True)
    kept = await one(database, "otp kelas rina ga masuk")
    assert (kept.status, kept.text, kept.right_intent) == ("accepted", "otp kelas saya ga masuk", "purchase_otp")
    assert kept.held_out == kept_apart("otp kelas saya ga masuk")
    async with database.write() as session:
        trial = LearningTrial(state="refused", made_by="system", began_at=clock(), why="kalah di Gagal bayar")
        session.add(trial)
        await session.flush()
        session.add(
            LearningTrialExample(
                trial=trial.number,
                example_id=kept.id,
                held_out=False,
                read_before="login_otp",
                read_after="purchase_otp",
            )
        )
    lela.client.headers.pop("hx-request")
    page = (await lela.get("/belajar?lihat=diterima")).text
    assert f"uji coba {trial.number} ditolak: kalah di Gagal bayar" in page
    assert "kini dibaca benar (tadinya OTP/email masuk)" in page
    async with database.read() as session:
        told = (await session.scalars(select(AuditEntry).where(AuditEntry.action == "learning_accept"))).one()
    assert "otp" not in str(told.detail).replace("purchase_otp", "")


async def test_words_that_still_hold_somebodys_data_are_refused_and_not_lost(
    browse: Browse, scene: Scene, database: Database, clock: Clock
) -> None:
    await gathered(database, clock(), "kok ditolak terus ya", scene=scene)
    lela, example = await browse(scene, "lela"), await one(database, "kok ditolak terus ya")
    for words, why in (
        ("nomor saya 0812 3456 7890 kok ditolak", "nomor telepon"),
        ("siti belum bisa pilih kelas", "nama “siti”"),
        ("otp checkout kok hilang", "dipakai untuk menguji model"),
    ):
        status, said = await decides(lela, example, "terima", text=words, meant="purchase_otp")
        assert (status, why in said, f'dir="auto">{words}<' in said) == (422, True, True), said
    status, said = await decides(lela, example, "terima", meant="")
    assert (status, "Pilih dulu maksudnya" in said) == (422, True)
    assert (await one(database, "kok ditolak terus ya")).status == "waiting"


async def test_of_two_reviewers_one_wins_and_the_other_is_told(
    browse: Browse, scene: Scene, database: Database, clock: Clock
) -> None:
    await gathered(database, clock(), "kelas zoom ga bisa dibuka")
    seen = await one(database, "kelas zoom ga bisa dibuka")
    lela, ani = await browse(scene, "lela"), await browse(scene, "ani")
    assert (await decides(lela, seen, "terima", meant="class_access"))[0] == 200
    status, said = await decides(ani, seen, "tolak", reason="Maksudnya tidak jelas")
    assert status == 409
    assert "baru saja diterima oleh Lela Anggraini" in said
    assert (await one(database, "kelas zoom ga bisa dibuka")).status == "accepted"


async def test_a_decision_is_undone_until_a_model_rests_on_it(
    browse: Browse, scene: Scene, database: Database, clock: Clock
) -> None:
    await gathered(database, clock(), "kelas zoom ga bisa dibuka")
    lela = await browse(scene, "lela")
    await decides(lela, await one(database, "kelas zoom ga bisa dibuka"), "tolak", reason="Maksudnya tidak jelas")
    example = await one(database, "kelas zoom ga bisa dibuka")
    assert (example.status, example.reason) == ("rejected", "Maksudnya tidak jelas")
    assert (await lela.post(f"/belajar/{example.id}/kembali", version=str(example.version))).status_code == 200
    await decides(lela, await one(database, example.said), "terima", meant="class_access")
    async with database.write() as session:
        trial = LearningTrial(state="adopted", made_by="system", began_at=clock(), adopted_at=clock())
        session.add(trial)
        await session.flush()
        session.add(LearningTrialExample(trial=trial.number, example_id=example.id, held_out=False))
    now = await one(database, example.said)
    refused = await lela.post(f"/belajar/{now.id}/kembali", version=str(now.version))
    assert (refused.status_code, "sudah ikut uji coba model" in refused.text) == (422, True)


async def test_questions_are_gathered_under_one_article(
    browse: Browse, scene: Scene, database: Database, clock: Clock
) -> None:
    await gathered(database, clock(), "kelas bisa ditukar ga", "boleh ganti kelas?", kind="question", source="agent")
    ani = await browse(scene, "ani")
    for said in ("kelas bisa ditukar ga", "boleh ganti kelas?"):
        await decides(ani, await one(database, said), "artikel", title="Cara ganti kelas yang sudah dibeli")
    async with database.read() as session:
        assert await session.scalar(select(func.count()).select_from(LearningDraft)) == 1
    ani.client.headers.pop("hx-request")
    assert "2 pertanyaan" in (await ani.get("/belajar?lihat=artikel")).text


async def test_the_pmo_reads_and_decides_nothing(
    browse: Browse, scene: Scene, database: Database, clock: Clock
) -> None:
    await gathered(database, clock(), "kelas zoom ga bisa dibuka")
    rudi = await browse(scene, "rudi")
    page = await rudi.get("/belajar")
    assert ("kelas zoom ga bisa dibuka" in page.text, "verdict" in page.text) == (True, False)
    status, _ = await decides(rudi, await one(database, "kelas zoom ga bisa dibuka"), "tolak", reason="x")
    assert status == 403


async def test_the_page_asks_as_often_whatever_waits(
    browse: Browse, scene: Scene, database: Database, clock: Clock
) -> None:
    lela = await browse(scene, "lela")
    await gathered(database, clock(), "kelas zoom ga bisa dibuka")
    await lela.get("/belajar")
    with counted(database) as few:
        await lela.get("/belajar")
    await gathered(database, clock(), *(f"kelas {word} {word} ga bisa dibuka" for word in "abcdefghijklmnopqrst"))
    await lela.get("/belajar")
    with counted(database) as many:
        answer = await lela.get("/belajar")
    assert len(many) == len(few) <= 12, many
    assert len(answer.content) < 100_000
