"""`helpdesk rehearse august`: only a running rehearsal is written to, and the fortnight is of one piece."""

import os
from datetime import timedelta
from pathlib import Path

import psutil
import psycopg
import pytest
from typer.testing import CliRunner, Result

from helpdesk import state
from helpdesk.cli import app
from helpdesk.places import Places
from helpdesk.rehearsal_clock import OPENING, moment, resume
from helpdesk.rehearsal_records import write_records
from helpdesk.rehearsing.august import BEGINS, CAST, ENDED, EVE, KNOWN_AT, LATER, fortnight, stranger
from simulator.programme.generate import generate


def run(*words: str) -> Result:
    return CliRunner().invoke(app, words, catch_exceptions=False)


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Places:
    """A state folder of its own."""
    monkeypatch.setenv("HELPDESK_VAR", str(tmp_path / "var"))
    monkeypatch.setenv("HELPDESK_SETTINGS_FILE", os.devnull)
    made = Places(tmp_path / "var")
    made.make()
    return made


def test_where_nothing_runs_nobody_is_written_to_and_the_way_to_begin_is_told(places: Places) -> None:
    done = run("rehearse", "august")
    assert done.exit_code == 1
    assert "Not running" in done.output
    assert "helpdesk up --fresh --as-of 2020-08-20T06:00" in done.output


def test_real_participants_are_never_written_to(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WHATSAPP_TOKEN", "a real one")
    runs(places)
    done = run("rehearse", "august")
    assert done.exit_code == 1
    assert "only in a rehearsal" in done.output


def test_a_rehearsal_that_is_past_the_fortnight_does_not_go_back(places: Places) -> None:
    runs(places)
    resume(places.clock, moment("2020-09-05T10:00"))
    done = run("rehearse", "august")
    assert done.exit_code == 1
    assert "stands at 2020-09-05 10:00" in done.output
    assert "--fresh" in done.output


def test_a_year_beside_a_rehearsal_is_still_asked_for_as_before(places: Places) -> None:
    done = run("rehearse", "--months", "2", "--messages", "500", "--into", "rehearsal")
    assert (done.exit_code, "No rehearsal has begun here" in done.output) == (1, True)
    assert run("rehearse", "--messages", "3").exit_code == 2
    assert run("rehearse", "september").exit_code == 2


def test_the_fortnight_goes_forward_and_every_stranger_writes_once() -> None:
    moments = fortnight()
    times = [it.at for it in moments]
    assert times == sorted(times)
    assert (times[0], times[-1] < ENDED, EVE < BEGINS < KNOWN_AT) == (BEGINS, True, True)
    accounts = [
        str(stranger(number, it.channels[number % len(it.channels)])) for it in moments for number in it.strangers
    ]
    assert len(set(accounts)) == len(accounts)
    per_day = [it for it in moments if it.at - BEGINS > timedelta(hours=12) and it.at.hour == 10]
    assert [len(it.strangers) for it in per_day] == list(LATER.values())
    said = {day: sum(map(len, known.values())) for day, known in CAST.items()}
    assert {it.at.day: it.size - len(it.strangers) for it in per_day if it.known} == said


def test_a_rehearsal_begun_on_the_eve_knows_of_no_incident_nobody_had_told_of(
    database_url: str, tmp_path: Path
) -> None:
    generate(tmp_path, participants=60)
    with psycopg.connect(database_url.replace("+psycopg", "")) as connection:
        write_records(connection, tmp_path, EVE)
        assert connection.execute("SELECT id FROM incidents").fetchall() == []
        write_records(connection, tmp_path, OPENING)
        ((name, intents),) = connection.execute("SELECT id, intents FROM incidents").fetchall()
    assert name == "INC-2020-08-20"
    assert {"package_not_found", "payment_failed", "paid_no_code", "purchase_otp"} <= set(intents)
    assert "login_failed" not in intents


def runs(places: Places) -> None:
    """Let it look as if the supervisor ran: this process stands for it."""
    born = psutil.Process().create_time()
    state.write(
        places.state, state.SystemState(pid=os.getpid(), created=born, started_at=state.now(), parts={}, phase="ready")
    )
