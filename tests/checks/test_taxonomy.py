"""Every meaning is looked into in the order of the taxonomy, and every check says yes, no or could not ask."""

from itertools import groupby

import pytest

from checks.escalation import RULES
from checks.finding import Verdict
from checks.plans import DIALOGUE, PLANS
from checks.situation import Situation
from checks.sources import ASKED, ASKED_THEN
from checks.table import CHECKS
from tests.actions.house import House
from tests.actions.programme import NOW
from tests.checks.facts import AWAY
from tests.checks.taxonomy import BESIDES, IN_ORDER

REPORTED_ELSEWHERE = {"unfinished", "healthy_platforms"}
"""They add to a check of the same source, which says that it could not be asked."""


def test_every_meaning_of_the_taxonomy_has_a_plan() -> None:
    assert PLANS.keys() == IN_ORDER.keys()
    assert len(PLANS) + len(DIALOGUE) == 53


@pytest.mark.parametrize("intent", IN_ORDER)
def test_the_checks_come_in_the_order_of_the_taxonomy(intent: str) -> None:
    letters = tuple(letter for letter, _ in groupby(CHECKS[name].letter for name in PLANS[intent].checks))
    assert letters == (*IN_ORDER[intent], *BESIDES.get(intent, ()))


def test_every_check_is_used_and_every_need_is_asked_of_a_source() -> None:
    assert {name for plan in PLANS.values() for name in plan.checks} == CHECKS.keys()
    needs = {need for check in CHECKS.values() for need in check.needs}
    assert needs == ASKED.keys() | ASKED_THEN.keys()
    assert needs <= vars(Situation("x", NOW)).keys()


@pytest.mark.parametrize("name", sorted(CHECKS.keys() - REPORTED_ELSEWHERE))
def test_a_check_whose_source_is_away_could_not_ask_and_says_of_whom(name: str) -> None:
    check = CHECKS[name]
    finding = check.run(Situation("paid_no_code", NOW, bound=True, **dict.fromkeys(check.needs, AWAY)))  # type: ignore[arg-type]
    assert finding is not None
    assert finding.verdict is Verdict.UNKNOWN
    assert finding.advice is None
    assert (finding.evidence[0].source, finding.evidence[0].took_ms) == (AWAY.source, AWAY.took_ms)
    assert AWAY.reason in finding.evidence[0].value


@pytest.mark.parametrize("name", sorted(CHECKS))
def test_a_check_that_was_not_asked_says_nothing(name: str) -> None:
    assert CHECKS[name].run(Situation("paid_no_code", NOW)) is None


@pytest.mark.parametrize("who", ["siti", "rina", "dewi", "maya", "lina"])
async def test_every_finding_carries_of_whom_it_was_asked_how_old_it_is_and_how_long_it_took(who: str) -> None:
    house = House()
    for intent, plan in PLANS.items():
        answer = await house.act(plan.action, "tolong dicek ya min", intent, who, slots={"complaint_intent": intent})
        for finding in answer.findings:
            assert finding["evidence"], (intent, finding)
            assert all(it["source"] and it["as_of"] and it["took_ms"] is not None for it in finding["evidence"]), (
                finding
            )


async def test_whether_a_nik_is_registered_is_yes_or_no_for_staff_and_nothing_for_the_person() -> None:
    text = "nik saya udah terdaftar padahal blm pernah daftar"
    known = await House().act("action_check_participant", text, "nik_already_registered", "siti")
    other = await House().act("action_check_participant", text, "nik_already_registered", "nobody")
    assert [it["summary"] for it in known.findings + other.findings] == ["Terdaftar: ya", "Terdaftar: tidak"]
    assert known.text == other.text


def test_every_rule_belongs_to_a_meaning() -> None:
    assert RULES.keys() <= PLANS.keys()
