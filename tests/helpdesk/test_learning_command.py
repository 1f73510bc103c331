"""`helpdesk learning`: what was accepted becomes files without anybody's data, a candidate, the model, and back."""

import asyncio
import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import yaml
from typer.testing import CliRunner

from desk.learning.exporting import Accepted, training_files
from desk.learning.meanings import Meant
from helpdesk.cli import app
from helpdesk.learning import adopting, trials, verdict, workplace
from helpdesk.settings import ROOT, SystemSettings
from knowledge_base.reading import read_article
from records.database import Database
from records.models import LearningDraft, LearningExample, LearningTrial, LearningTrialExample

AT = datetime(2020, 8, 24, 3, tzinfo=UTC)
CANARIES = {
    "3273011203900004": "nik saya 3273011203900004 ditolak",
    "081234567890": "hubungi 081234567890 ya",
    "melati.uji@gmail.com": "kirim ke melati.uji@gmail.com",
    "Melati": "nama saya Melati Uji belum cair",
    "INV/20200824/7781": "tagihan INV/20200824/7781 kok gagal",
    "418203": "otp saya 418203 salah terus",
}
TOPICS = {"purchase_otp": "buying", "login_otp": "account"}


@pytest.fixture
def house(database_url: str, data_key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings that lead to a database of its own; returns its state folder."""
    for name, value in {
        "DATABASE_URL": database_url,
        "HELPDESK_DATA_KEY": data_key,
        "HELPDESK_VAR": str(tmp_path),
        "TELEGRAM_TOKEN": "1:uji",
        "HELPDESK_SETTINGS_FILE": str(tmp_path / "none.env"),
    }.items():
        monkeypatch.setenv(name, value)
    return tmp_path


def example(text: str, intent: str = "purchase_otp", **values: Any) -> LearningExample:
    base = {"kind": "intent", "source": "agent", "said": "asli", "at": AT, "decided_at": AT, "status": "accepted"}
    return LearningExample(id=uuid4(), text=text, right_intent=intent, **{**base, **values})


async def accepts(database: Database, *examples: LearningExample) -> None:
    async with database.write() as session:
        session.add_all(examples)


def run(*words: str) -> str:
    return CliRunner().invoke(app, ["learning", *words], catch_exceptions=False).output


async def test_an_export_is_what_the_training_reads_and_holds_nobodys_data(house: Path, database: Database) -> None:
    draft = LearningDraft(id=uuid4(), title="Cara ganti kelas", made_by="lela", made_at=AT)
    await accepts(
        database,
        example("otp bayar kelas ga masuk", right_also=["login_otp"]),
        example("OTP bayar kelas ga masuk!", decided_at=AT + timedelta(seconds=1)),
        example("kode masuknya mana", "login_otp"),
        example("otp checkout ilang", held_out=True),
        *(example(text, wanted=text) for text in CANARIES.values()),
    )
    async with database.write() as session:
        session.add(draft)
        await session.flush()
        asked = {"status": "drafted", "draft_id": draft.id, "wanted": "hubungi 081234567890"}
        session.add(example("kelas bisa ditukar ga", **asked))
    # a command has its own event loop
    said = await asyncio.to_thread(run, "export")
    out = house / "learning" / "export"
    assert f"{len(CANARIES)} accepted examples may hold somebody's data and stay here" in said
    taught = {path.stem: path.read_text() for path in out.glob("training/learned/*.yml")}
    assert set(taught) == {"account", "buying"}
    blocks = yaml.safe_load(taught["buying"])["nlu"]
    assert blocks == [
        {"intent": "purchase_otp", "metadata": {"also": ["login_otp"]}, "examples": "- otp bayar kelas ga masuk\n"}
    ]
    judging = [json.loads(line) for line in (out / "learned.jsonl").read_text().splitlines()]
    assert judging == [{"text": "otp checkout ilang", "intent": "purchase_otp"}]
    everything = "".join(path.read_text() for path in out.rglob("*") if path.is_file())
    assert [canary for canary in CANARIES if canary in everything] == []
    article, problems = read_article("cara-ganti-kelas.md", (out / "articles" / "cara-ganti-kelas.md").read_text())
    assert article is None
    assert {"valid_from", "as_of", "sources", "review_by"} <= {problem.field for problem in problems}


def test_the_copy_a_candidate_is_trained_in_has_the_fingerprint_of_an_export_into_the_training_text(
    tmp_path: Path,
) -> None:
    examples = [
        Accepted(uuid4(), "otp bayar kelas ga masuk", Meant("purchase_otp"), held_out=False),
        Accepted(uuid4(), "otp checkout ilang", Meant("purchase_otp"), held_out=True),
    ]
    listed = workplace.prepare(tmp_path / "trial", examples)
    shutil.copytree(ROOT / "nlu", tmp_path / "own" / "nlu", ignore=workplace.LEFT_OUT)
    for name in ("config.yml", "domain.yml"):
        shutil.copy(ROOT / name, tmp_path / "own" / name)
    before = fingerprint(tmp_path / "own")
    workplace.write_training(tmp_path / "own" / "nlu" / "training", reversed(examples))
    assert fingerprint(tmp_path / "trial") == fingerprint(tmp_path / "own") != before
    assert [json.loads(row)["held_out"] for row in listed.read_text().splitlines()] == [False, True]
    assert "ilang" not in (tmp_path / "trial" / "nlu" / "training" / "learned" / "buying.yml").read_text()


def fingerprint(root: Path) -> str:
    command = [sys.executable, str(root / "nlu" / "fingerprint.py")]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_a_few_candidates_are_kept_and_their_workplaces_are_not(tmp_path: Path) -> None:
    for number in range(workplace.KEPT + 2):
        folder = tmp_path / f"trial-{number}"
        (folder / "models").mkdir(parents=True)
        candidate = folder / "models" / f"helpdesk-{number}.tar.gz"
        candidate.write_bytes(b"model")
        os.utime(candidate, (number, number))
        assert workplace.keep(candidate, folder, tmp_path / "models").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["models"]
    last = workplace.KEPT + 1
    assert {path.name for path in (tmp_path / "models").iterdir()} == {
        f"helpdesk-{number}.tar.gz" for number in range(last, last - workplace.KEPT, -1)
    }


def test_the_same_examples_make_the_same_files_in_any_order() -> None:
    one, two = Accepted(uuid4(), "b", Meant("login_otp"), False), Accepted(uuid4(), "a", Meant("login_otp"), False)
    assert training_files([one, two], TOPICS) == training_files([two, one], TOPICS)
    assert list(training_files([one], {})) == ["learned/other.yml"]


def compared(worse: bool = False, difference: float = 0.0, won: int = 0, lost: int = 0) -> dict[str, Any]:
    gate = {"worse": worse, "difference": difference, "error": 0.01, "old": {"lenient": 0.9}, "new": {"lenient": 0.91}}
    row = {"intent": "purchase_otp", "taught": 3, "rows": 20, "before": 15, "after": 15 + won - lost}
    return {
        "rows": 1_367,
        "gate": gate,
        "apart": {"rows": 20, "before": 15, "after": 15 + won - lost, "won": won, "lost": lost},
        "intents": [{**row, "won": won, "lost": lost}],
        "confusions": [{"is": "purchase_otp", "read_as": "login_otp", "times": 4}],
    }


@pytest.mark.parametrize(
    ("given", "word"),
    [
        (compared(), "same"),
        (compared(difference=-0.005, won=2, lost=1), "same"),
        (compared(difference=-0.03), "better"),
        (compared(won=9), "better"),
        (compared(worse=True, difference=0.03, won=9), "worse"),
        (compared(lost=9), "worse"),
    ],
)
def test_a_candidate_is_better_the_same_or_worse_beyond_chance(given: dict[str, Any], word: str) -> None:
    judged = verdict.of(given)
    assert (judged.word, judged.refused) == (word, word == "worse")
    assert ("OTP pembelian dibaca OTP/email masuk (4×)" in (judged.why or "")) == judged.refused


async def test_a_trial_is_followed_from_its_beginning_to_the_way_back(database: Database) -> None:
    taught = example("otp bayar kelas ga masuk")
    await accepts(database, taught)
    given = [Accepted(taught.id, taught.text or "", Meant("purchase_otp"), held_out=False)]
    async with database.write() as session:
        left = await trials.begin(session, given, "helpdesk-lama.tar.gz", AT)
    async with database.write() as session:
        number = await trials.begin(session, given, "helpdesk-lama.tar.gz", AT)
    read = {str(taught.id): ["login_otp", "purchase_otp"]}
    async with database.write() as session:
        await trials.judge(session, number, "helpdesk-baru.tar.gz", verdict.of(compared(won=9)), read, AT)
    async with database.write() as session:
        await trials.adopted(session, (await trials.latest(session, "passed")).number, AT)
    async with database.write() as session:
        await trials.gone_back(session, (await trials.latest(session, "adopted")).number, AT)
    async with database.read() as session:
        first, second = await session.get_one(LearningTrial, left), await session.get_one(LearningTrial, number)
        row = await session.get_one(LearningTrialExample, (number, taught.id))
        with pytest.raises(trials.NoSuchTrial):
            await trials.latest(session, "adopted")
    assert (first.state, first.why) == ("failed", "Terhenti di tengah jalan.")
    assert (second.state, second.verdict, second.model) == ("back", "better", "helpdesk-baru.tar.gz")
    assert (row.read_before, row.read_after) == ("login_otp", "purchase_otp")


def test_a_candidate_is_signed_stands_newest_and_goes_back(house: Path, tmp_path: Path) -> None:
    models, former = tmp_path / "models", tmp_path / "models" / "helpdesk-lama.tar.gz"
    models.mkdir()
    former.write_bytes(b"lama")
    os.utime(former, (1, 1))
    candidate = tmp_path / "helpdesk-baru.tar.gz"
    candidate.write_bytes(b"baru")
    settings = SystemSettings.read()
    assert adopting.take(settings, candidate, {"trial": 1}, models) is None
    taken = models / candidate.name
    assert [taken.with_name(taken.name + ending).exists() for ending in (".sig", ".json")] == [True, True]
    assert newest(models) == candidate.name
    assert adopting.give_back(settings, former.name, candidate.name, models) is None
    assert (newest(models), sorted(models.iterdir())) == (former.name, [former])
    assert candidate.exists()
    with pytest.raises(adopting.NotAdopted, match="helpdesk nlu train"):
        adopting.give_back(settings, "helpdesk-hilang.tar.gz", candidate.name, models)
    with pytest.raises(adopting.NotAdopted, match="helpdesk learning try"):
        adopting.take(settings, tmp_path / "helpdesk-tiada.tar.gz", {}, models)


def newest(models: Path) -> str:
    return max(models.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime).name


@pytest.mark.stack
def test_a_model_beside_itself_is_the_same(tmp_path: Path) -> None:
    from helpdesk.model import RASA_PYTHON, trusted

    model, listed = trusted(), tmp_path / "examples.jsonl"
    rows = [
        {"id": "1", "text": "otp bayar kelas ga masuk", "intent": "purchase_otp", "also": [], "held_out": True},
        {"id": "2", "text": "insentif belum cair", "intent": "incentive_not_received", "also": [], "held_out": False},
    ]
    listed.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    command = [str(RASA_PYTHON), str(ROOT / "nlu" / "trial.py"), str(model), str(model), str(listed)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    said = json.loads(done.stdout)
    assert verdict.of(said).word == "same"
    assert said["read"]["2"] == ["incentive_not_received"] * 2
    assert (said["apart"]["rows"], said["confusions"]) == (1, [])
