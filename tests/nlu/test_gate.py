"""A worse model does not go live, unless somebody says why; the one in use stays, and nothing trained is lost."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from scripts.model import Model, Refused

RASAS_PYTHON = """#!/bin/sh
cd "{root}"
case "$1" in
  */fingerprint.py) cat fingerprint ;;
  */gate.py) cat judged.json ;;
  -m) echo trained >> trainings; while [ "$1" != --out ]; do shift; done; cat fingerprint > "$2/model.tar.gz" ;;
esac
"""
FIGURES = {"lenient": 0.9, "direct_wrong": 0.03}
Learned = Callable[[str, bool], Model]


@pytest.fixture
def learned(tmp_path: Path) -> Learned:
    """Return a project whose training text has this fingerprint, and whose new model is worse or not."""
    python = tmp_path / "nlu" / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(RASAS_PYTHON.format(root=tmp_path))
    python.chmod(0o755)

    def project(fingerprint: str, worse: bool) -> Model:
        lost = [{"text": "otp ga masuk", "intent": "login_otp", "read_as": "greet"}] if worse else []
        judged = {
            "rows": 1_000,
            "first": False,
            "old_model": "old",
            "worse": worse,
            "difference": 0.1 if worse else 0.0,
        }
        (tmp_path / "fingerprint").write_text(fingerprint)
        (tmp_path / "judged.json").write_text(
            json.dumps({**judged, "error": 0.01, "old": FIGURES, "new": FIGURES, "lost": lost})
        )
        return Model(tmp_path, tmp_path / "var")

    return project


def trainings(model: Model) -> int:
    return len((model.folder.parent / "trainings").read_text().splitlines())


def in_use(model: Model) -> set[str]:
    return {path.name for path in model.folder.glob("*.tar.gz")}


def test_a_model_that_is_not_worse_goes_live_with_a_note_of_how_it_compared(learned: Learned) -> None:
    path = learned("aaaaaaaaaaaa", False).ensure()
    assert path.name == "helpdesk-aaaaaaaaaaaa.tar.gz"
    note = json.loads(path.with_name(path.name + ".json").read_text())
    assert (note["worse"], note["despite"], note["new"]) == (False, "", FIGURES)


def test_a_worse_one_waits_and_the_one_in_use_stays(learned: Learned, capsys: pytest.CaptureFixture[str]) -> None:
    learned("aaaaaaaaaaaa", False).ensure()
    worse = learned("bbbbbbbbbbbb", True)
    with pytest.raises(Refused, match="helpdesk-aaaaaaaaaaaa\\.tar\\.gz stays in use"):
        worse.ensure()
    assert in_use(worse) == {"helpdesk-aaaaaaaaaaaa.tar.gz"}
    assert (worse.folder / "waiting" / "helpdesk-bbbbbbbbbbbb.tar.gz").exists()
    assert "otp ga masuk  (login_otp, now greet)" in capsys.readouterr().out


def test_asking_again_judges_what_waits_without_training_it_again(learned: Learned) -> None:
    learned("aaaaaaaaaaaa", False).ensure()
    for _ in range(2):
        with pytest.raises(Refused):
            learned("bbbbbbbbbbbb", True).ensure()
    assert trainings(learned("bbbbbbbbbbbb", True)) == 2


def test_a_reason_lets_it_through_and_is_kept(learned: Learned) -> None:
    learned("aaaaaaaaaaaa", False).ensure()
    path = learned("bbbbbbbbbbbb", True).ensure(despite="the lost ones were labelled wrongly")
    assert path.name == "helpdesk-bbbbbbbbbbbb.tar.gz"
    note = json.loads(path.with_name(path.name + ".json").read_text())
    assert (note["worse"], note["despite"]) == (True, "the lost ones were labelled wrongly")


def test_the_same_inputs_are_not_trained_twice_and_old_models_are_forgotten(learned: Learned) -> None:
    for letter in "aabcdd":
        model = learned(letter * 12, False)
        model.ensure()
    assert trainings(model) == 4
    assert len(in_use(model)) == 3
    assert not list((model.folder.parent / "var").glob("training-*"))
