"""The fingerprint changes with what is learned, and not with how a turn is carried."""

from pathlib import Path

import pytest

from nlu.fingerprint import fingerprint


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in (
        "nlu/training/buying.yml",
        "nlu/domain/slots.yml",
        "nlu/components/meaning.py",
        "config.yml",
        "domain.yml",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    (tmp_path / "nlu" / "requirements.lock").write_text("rasa==3.6.21")
    (tmp_path / "nlu" / "components" / "turn_channel.py").write_text("routes")
    return tmp_path


@pytest.mark.parametrize("name", ["nlu/training/buying.yml", "nlu/components/meaning.py", "nlu/requirements.lock"])
def test_a_changed_input_changes_it(project: Path, name: str) -> None:
    before = fingerprint(project)
    (project / name).write_text("changed")
    assert fingerprint(project) != before


def test_a_new_file_of_examples_changes_it(project: Path) -> None:
    before = fingerprint(project)
    (project / "nlu" / "training" / "more.yml").write_text("nlu: []")
    assert fingerprint(project) != before


def test_the_turn_channel_does_not(project: Path) -> None:
    before = fingerprint(project)
    (project / "nlu" / "components" / "turn_channel.py").write_text("other routes")
    assert fingerprint(project) == before
