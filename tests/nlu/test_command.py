"""`helpdesk nlu …` as somebody types it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from helpdesk.commands.nlu import app

pytestmark = pytest.mark.stack


def test_a_sentence_is_shown_with_its_meanings_and_things_named() -> None:
    shown = CliRunner().invoke(app, ["parse", "paket kursus ga ketemu di toped udah 3 hari"])
    assert shown.exit_code == 0
    for word in ("package_not_found", "platform: tokopedia", "duration: P3D"):
        assert word in shown.output


def test_figures_are_printed_for_programs_too(tmp_path: Path) -> None:
    lines = tmp_path / "messages.jsonl"
    rows = [
        {"text": "paket kursus tidak ditemukan terus min", "intent": "package_not_found", "also": []},
        {"text": "makasih ya", "intent": "thank", "also": []},
    ]
    lines.write_text("\n".join(json.dumps(row) for row in rows))
    figures = json.loads(CliRunner().invoke(app, ["evaluate", str(lines), "--json"]).output)
    assert (figures["rows"], figures["lenient"]) == (2, 1.0)
    shares = [
        figures[name] for name in ("direct_right", "direct_wrong", "asked_right", "asked_wrong", "refused_in_scope")
    ]
    assert sum(shares) == pytest.approx(1.0, abs=0.001)


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    lines = tmp_path / "messages.jsonl"
    lines.write_text('{"text": "halo", "intent": "greet", "also": []}\n{broken\n')
    ended = CliRunner().invoke(app, ["evaluate", str(lines)])
    assert ended.exit_code == 1
    assert "line 2" in ended.output
