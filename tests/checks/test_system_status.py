"""S: which incident touches a problem, and what is said of its estimate."""

from dataclasses import replace
from datetime import datetime

import pytest

from checks.finding import Verdict
from checks.incidents import OpenIncident
from checks.situation import Situation
from checks.system_status import check, clear
from registry.interface import Answer, CouldNotAsk, Known
from tests.actions.programme import INCIDENT, NOW, wib


def told(*incidents: OpenIncident, now: datetime = NOW) -> Answer[tuple[OpenIncident, ...]]:
    return Known(incidents, "catatan", now, 1.0)


def situation(
    answer: Answer[tuple[OpenIncident, ...]], intent: str = "package_not_found", **given: object
) -> Situation:
    return Situation(intent=intent, incidents=answer, **{"now": NOW, **given})  # type: ignore[arg-type]


def test_an_open_incident_of_the_component_and_platform_is_found() -> None:
    finding = check(situation(told(INCIDENT), platform="sisnaker"))
    assert finding is not None
    assert finding.verdict is Verdict.NO
    assert finding.advice == "incident_open"


@pytest.mark.parametrize(
    "other",
    [
        replace(INCIDENT, platforms=("tokopedia",)),
        replace(INCIDENT, components=("login",)),
        replace(INCIDENT, status="resolved"),
        replace(INCIDENT, ended_at=wib(2020, 8, 23)),
        replace(INCIDENT, started_at=wib(2020, 8, 25)),
    ],
)
def test_another_platform_component_or_time_is_no_explanation(other: OpenIncident) -> None:
    here = situation(told(other), platform="sisnaker")
    finding = check(here)
    assert finding is not None
    assert finding.verdict is Verdict.YES
    assert clear(here)


def test_an_incident_without_platforms_touches_all() -> None:
    assert not clear(situation(told(replace(INCIDENT, platforms=())), platform="sisnaker"))


def test_a_confirmed_incident_is_told_before_a_newer_suspicion() -> None:
    suspicion = replace(INCIDENT, id="INC-2", status="suspected", started_at=wib(2020, 8, 24))
    finding = check(situation(told(suspicion, INCIDENT)))
    assert finding is not None
    assert "INC-2020-08-20" in finding.summary


@pytest.mark.parametrize(
    ("now", "advice"),
    [
        (wib(2020, 8, 31, 23, 58), "incident_open"),
        (wib(2020, 9, 1), "incident_overdue"),
    ],
)
def test_an_estimate_is_a_promise_until_its_last_minute_in_wib(now: datetime, advice: str) -> None:
    finding = check(situation(told(INCIDENT), now=now))
    assert finding is not None
    assert finding.advice == advice


def test_records_that_could_not_be_asked_are_neither_clear_nor_disturbed() -> None:
    away = situation(CouldNotAsk("catatan", "OperationalError", 3.0))
    finding = check(away)
    assert finding is not None
    assert finding.verdict is Verdict.UNKNOWN
    assert not clear(away)
    assert finding.as_data()["evidence"][0]["value"].startswith("belum bisa dicek")


def test_the_words_of_a_finding_are_not_part_of_its_data() -> None:
    finding = check(situation(told(INCIDENT)))
    assert finding is not None
    assert set(finding.as_data()) == {*("check", "verdict", "summary", "evidence", "advice", "escalate", "run", "said")}
