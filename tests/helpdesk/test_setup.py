"""Set-up's own promises: old Pythons can read it, it leaves the caller's environment outside, it names no registry."""

import ast
import sys
from pathlib import Path

import pytest

from scripts.environments import Environment, InterpreterMissing
from scripts.interpreters import Search
from scripts.progress import Step, StepFailed, without_addresses
from scripts.surroundings import cleared
from scripts.toolbox import NoToolbox, Toolbox

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = sorted((ROOT / "scripts").glob("*.py"))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_every_script_is_readable_by_python_3_8(script: Path) -> None:
    ast.parse(script.read_text(), feature_version=(3, 8))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_every_script_needs_the_standard_library_alone(script: Path) -> None:
    tree = ast.parse(script.read_text())
    names = {
        alias.name.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names
    }
    names |= {str(node.module).split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert names - {"scripts", "__future__"} <= set(sys.stdlib_module_names)


def test_the_callers_environment_cannot_send_an_installation_elsewhere() -> None:
    kept = cleared({"VIRTUAL_ENV": "/elsewhere", "PIP_TARGET": "/elsewhere", "PYTHONPATH": "/x", "PATH": "/bin"})
    assert "/elsewhere" not in kept.values()
    assert "PYTHONPATH" not in kept
    assert kept["PATH"] == "/bin"


def test_where_packages_come_from_stays_a_matter_of_the_machine() -> None:
    assert cleared({"PIP_INDEX_URL": "https://mirror.example"})["PIP_INDEX_URL"] == "https://mirror.example"


def test_addresses_are_struck_out_of_what_is_shown() -> None:
    assert without_addresses("Failed to fetch `https://packages.example/simple/x/`") == "Failed to fetch `<address>`"


def test_a_step_that_fails_shows_its_last_words_and_where_the_rest_stands(tmp_path: Path) -> None:
    log = tmp_path / "log" / "setup.log"
    with pytest.raises(StepFailed) as failed:
        Step("Trying", log).run(["/bin/sh", "-c", "echo from http://a.example/b; exit 3"], tmp_path, {})
    assert failed.value.tail == ["from <address>"]
    assert "a.example" not in log.read_text()


def bare_machine(tmp_path: Path) -> tuple[Toolbox, Search]:
    (tmp_path / "requirements-tools.lock").write_text("uv==0.0.0\n")
    search = Search({"PATH": ""}, tmp_path, [])
    return Toolbox(tmp_path, tmp_path / "var", search, python="/bin/false"), search


def test_without_any_road_to_uv_the_missing_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    toolbox, _ = bare_machine(tmp_path)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(NoToolbox, match="apt install python3-venv"):
        toolbox.ensure()


def fake_uv(toolbox: Toolbox, body: str) -> None:
    """Put a uv there that only writes down what it was asked."""
    toolbox.uv.parent.mkdir(parents=True, exist_ok=True)
    toolbox.uv.write_text(f'#!/bin/sh\necho "$@" >> {toolbox.root}/asked\n{body}\n')
    toolbox.uv.chmod(0o755)


def environment(tmp_path: Path) -> Environment:
    (tmp_path / "some.lock").write_text("a==1\n")
    return Environment(tmp_path, "env", "some.lock", [(3, 10)], "PYTHON_OF_THIS_TEST", project=False)


def test_a_missing_interpreter_is_named_with_the_way_out(tmp_path: Path) -> None:
    toolbox, search = bare_machine(tmp_path)
    fake_uv(toolbox, "exit 1")
    with pytest.raises(InterpreterMissing, match=r"Python 3\.10 is missing(.|\n)*PYTHON_OF_THIS_TEST="):
        environment(tmp_path).ensure(toolbox, search)


def test_an_interpreter_named_wrongly_is_refused_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    toolbox, search = bare_machine(tmp_path)
    monkeypatch.setenv("PYTHON_OF_THIS_TEST", "/bin/true")
    with pytest.raises(InterpreterMissing, match="PYTHON_OF_THIS_TEST=/bin/true does not run"):
        environment(tmp_path).ensure(toolbox, search)


def test_an_interrupted_installation_is_made_anew_and_a_finished_one_left_alone(tmp_path: Path) -> None:
    toolbox, _ = bare_machine(tmp_path)
    base = tmp_path / "bin" / "python3.10"
    base.parent.mkdir()
    base.write_text(f"#!/bin/sh\nprintf '%s\\n' 3.10 {base} cpython\n")
    base.chmod(0o755)
    search = Search({"PATH": str(base.parent)}, tmp_path, [])
    made = f"mkdir -p {tmp_path}/env/bin; touch {tmp_path}/env/pyvenv.cfg; cp {base} {tmp_path}/env/bin/python"
    fake_uv(toolbox, f'case "$1" in venv) rm -rf {tmp_path}/env; {made};; pip) test -e {tmp_path}/go;; esac')
    place = environment(tmp_path)
    with pytest.raises(StepFailed):
        place.ensure(toolbox, search)
    assert not place.ready()

    (tmp_path / "go").touch()
    place.ensure(toolbox, search)
    place.ensure(toolbox, search)
    asked = [line.split()[0] for line in (tmp_path / "asked").read_text().splitlines()]
    assert asked == ["venv", "pip", "venv", "pip"]
    assert place.ready()
