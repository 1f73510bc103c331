"""The list of promises is whole: each owned requirement once, every test it names there, every number the code's."""

import ast
import importlib
import re
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
OWNED = (1, *range(3, 9), *range(11, 18), 19, 20, 22, 24, 29, 30, *range(32, 37), 38, 39, 40)
TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
NUMBER = re.compile(r"`((?:\w+\.)+)(\w+) = (\d+(?:\.\d+)?)(?: (s|min|h|days))?`")
UNITS = {"s": timedelta(seconds=1), "min": timedelta(minutes=1), "h": timedelta(hours=1), "days": timedelta(days=1)}


@cache
def rows() -> list[list[str]]:
    """The cells of each line: number, promise, kept in, held by, not promised."""
    table = [line for line in (ROOT / "docs" / "promises.md").read_text().splitlines() if re.match(r"\| \d", line)]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in table]


@cache
def names_in(path: str) -> set[str]:
    """The names of the tests in a file, read and not run."""
    tree = ast.parse((ROOT / path).read_text())
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return {node.name for node in functions if node.name.startswith("test_")}


def test_each_requirement_that_is_ours_stands_in_the_list_once() -> None:
    assert [int(row[0]) for row in rows()] == list(OWNED)
    assert {len(row) for row in rows()} == {5}


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[0])
def test_a_promise_is_held_by_tests_that_are_there(row: list[str]) -> None:
    named = TEST.findall(row[3])
    assert named
    assert [name for path, name in named if not (ROOT / path).exists() or name not in names_in(path)] == []


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[0])
def test_a_promise_is_kept_in_files_that_are_there(row: list[str]) -> None:
    paths = re.findall(r"`([\w./-]+(?:\.\w+|/))`", row[2]) + re.findall(r"\]\(([\w.-]+\.md)\)", row[2])
    missing = [path for path in paths if not (ROOT / path).exists() and not (ROOT / "docs" / path).exists()]
    assert missing == []


def test_every_number_is_the_codes_own() -> None:
    numbers = NUMBER.findall((ROOT / "docs" / "promises.md").read_text())
    assert len(numbers) > 20
    wrong = [(where + name, value) for where, name, value, unit in numbers if said(value, unit) != meant(where, name)]
    assert wrong == []


def said(value: str, unit: str) -> object:
    """A number as the list says it."""
    return float(value) * UNITS[unit] if unit else float(value)


def meant(where: str, name: str) -> object:
    """The same as the code has it: a constant of a module, or the default of a setting."""
    path = where.rstrip(".")
    try:
        found: Any = getattr(importlib.import_module(path), name)
    except ModuleNotFoundError:
        module, _, settings = path.rpartition(".")
        found = getattr(importlib.import_module(module), settings).model_fields[name].default
    return found if isinstance(found, timedelta) else float(found)
