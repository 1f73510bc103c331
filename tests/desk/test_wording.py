"""How times and lengths are said, also around midnight in Jakarta."""

import ast
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from desk.history import LOOKS
from desk.wording import day, lasting, moment, share, shown_name
from desk.wording_case_work import DONE
from desk.wording_checks import BY_FINDING

NOW = datetime(2020, 8, 24, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (datetime(2020, 8, 23, 16, 59, tzinfo=UTC), "kemarin 23.59 WIB"),
        (datetime(2020, 8, 23, 17, 0, tzinfo=UTC), "hari ini 00.00 WIB"),
        (datetime(2020, 8, 24, 17, 0, tzinfo=UTC), "besok 00.00 WIB"),
        (datetime(2020, 8, 21, 2, 5, tzinfo=UTC), "21 Agu 09.05 WIB"),
        (datetime(2019, 12, 31, 17, 0, tzinfo=UTC), "1 Jan 00.00 WIB"),
        (datetime(2019, 12, 31, 16, 59, tzinfo=UTC), "31 Des 2019 23.59 WIB"),
    ],
)
def test_a_moment_is_said_as_people_in_jakarta_say_it(at: datetime, said: str) -> None:
    assert moment(at, NOW) == said
    assert said.startswith(day(at, NOW))


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (timedelta(seconds=59), "kurang dari 1 menit"),
        (timedelta(minutes=40), "40 menit"),
        (timedelta(hours=2), "2 jam"),
        (timedelta(hours=2, minutes=5), "2 jam 5 menit"),
        (timedelta(days=3, hours=4, minutes=5), "3 hari 4 jam"),
        (timedelta(days=1, minutes=5), "1 hari"),
        (-timedelta(minutes=5), "5 menit"),
    ],
)
def test_a_length_is_said_in_its_two_largest_units(span: timedelta, said: str) -> None:
    assert lasting(span) == said


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Siti 081234567890", "Siti •••"),
        ("3201 0101 0101 0001", "•••"),
        ("Budi 99", "Budi 99"),
        (None, "Tanpa nama"),
        ("  ", "Tanpa nama"),
    ],
)
def test_a_name_never_shows_a_long_number(name: str | None, shown: str) -> None:
    assert shown_name(name) == shown


def test_an_unknown_confidence_is_not_a_number() -> None:
    assert (share(None), share(0.824)) == ("tidak diketahui", "82\u00a0%")


def test_every_check_has_a_name_that_staff_can_read() -> None:
    written = "\n".join(path.read_text(encoding="utf-8") for path in Path("checks").rglob("*.py"))
    named = set(re.findall(r'(?:Finding|unknown)\(\s*"(\w+)"', written)) | set(
        re.findall(r'^NAME = "(\w+)"', written, re.M)
    )
    assert len(named) > 20
    assert named - set(BY_FINDING) == set()


def test_everything_done_with_a_case_is_told_in_its_history_in_words() -> None:
    modules = [path for path in Path("desk").rglob("*.py") if not {"incidents", "broadcasts"} & {*path.parts}]
    recorded = {action for path in modules for action in done_with_cases(ast.parse(path.read_text("utf-8")))}
    assert {"claim", "send_file", "note_changed", "take_back_mark", "permit_given", "return"} <= recorded
    assert recorded - {*LOOKS} - {*DONE} == set()


def done_with_cases(module: ast.Module) -> Iterator[str]:
    """Give the actions that a module records about cases: at once, or through what records and rings the bell."""
    for call in (node for node in ast.walk(module) if isinstance(node, ast.Call)):
        named = {word.arg: word.value for word in call.keywords}
        if ast.unparse(call.func) == "audit.record" and "object" in named:
            about = ast.unparse(named["object"])
            acts = [named["action"]] if about.startswith("f'ticket:") or about.endswith(".object") else []
        else:
            acts = call.args[3:4] if ast.unparse(call.func) in ("write_down", "_told") else []
        yield from (str(act.value) for act in acts if isinstance(act, ast.Constant))
