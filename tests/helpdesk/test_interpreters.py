"""Finding a Python on machines of every kind: small fake ones, built of shell scripts in a temporary folder."""

from pathlib import Path

import pytest

from scripts.interpreters import Search


def python_at(path: Path, version: str, kind: str = "cpython") -> Path:
    """Put a Python there that answers as one of this version does."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\nprintf '%s\\n' '{version}' '{path}' '{kind}'\n")
    path.chmod(0o755)
    return path


def broken_shim_at(path: Path) -> Path:
    """Put a shim there that stands on PATH and fails."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\necho 'version is not installed' >&2\nexit 127\n")
    path.chmod(0o755)
    return path


def machine(tmp_path: Path, **environ: str) -> Search:
    return Search(
        {"PATH": str(tmp_path / "bin"), **environ}, tmp_path / "home", [tmp_path / "opt", tmp_path / "usr" / "local"]
    )


def test_a_python_on_path_is_found(tmp_path: Path) -> None:
    here = python_at(tmp_path / "bin" / "python3.12", "3.12")
    assert machine(tmp_path).find([(3, 12)]) == here


def test_a_shim_that_fails_is_passed_over_for_the_version_folder(tmp_path: Path) -> None:
    broken_shim_at(tmp_path / "bin" / "python3.10")
    real = python_at(tmp_path / "home" / ".pyenv" / "versions" / "3.10.13" / "bin" / "python3.10", "3.10")
    assert machine(tmp_path).find([(3, 10)]) == real


def test_the_newest_patch_in_a_version_folder_is_taken(tmp_path: Path) -> None:
    versions = tmp_path / "elsewhere" / "versions"
    python_at(versions / "3.12.9" / "bin" / "python3.12", "3.12")
    newest = python_at(versions / "3.12.10" / "bin" / "python3.12", "3.12")
    assert machine(tmp_path, PYENV_ROOT=str(tmp_path / "elsewhere")).find([(3, 12)]) == newest


def test_a_later_version_serves_when_the_preferred_one_is_absent(tmp_path: Path) -> None:
    later = python_at(tmp_path / "opt" / "python-3.13" / "bin" / "python3.13", "3.13")
    assert machine(tmp_path).find([(3, 12), (3, 13)]) == later


def test_a_python_that_lies_about_its_name_is_refused(tmp_path: Path) -> None:
    python_at(tmp_path / "bin" / "python3.10", "3.11")
    assert machine(tmp_path).find([(3, 10)]) is None


def test_another_implementation_is_refused(tmp_path: Path) -> None:
    python_at(tmp_path / "bin" / "python3.10", "3.10", kind="pypy")
    assert machine(tmp_path).find([(3, 10)]) is None


def test_a_shorter_number_is_not_taken_for_the_version(tmp_path: Path) -> None:
    python_at(tmp_path / "home" / ".pyenv" / "versions" / "3.1.2" / "bin" / "python3.1", "3.1")
    assert machine(tmp_path).find([(3, 12)]) is None


@pytest.mark.parametrize("folder", ["3.12.1", "3.12", "cpython-3.12.4-linux-x86_64-gnu"])
def test_the_folders_of_every_tool_are_read(tmp_path: Path, folder: str) -> None:
    place = tmp_path / "home" / ".local" / "share" / "uv" / "python" / folder / "bin" / "python3.12"
    assert machine(tmp_path).find([(3, 12)]) is None
    python_at(place, "3.12")
    assert machine(tmp_path).find([(3, 12)]) == place
