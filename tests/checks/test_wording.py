"""What a finding tells a participant can be said without a dialogue: the desk suggests it as the bot says it."""

from checks.finding import Finding, Verdict
from checks.situation import Situation
from checks.table import CHECKS, run
from checks.wording import Wording
from tests.actions.house import House
from tests.actions.programme import NOW
from tests.checks.facts import AWAY

WORDING = Wording.read()


async def test_what_the_bot_found_carries_the_name_to_run_it_again_and_what_was_told() -> None:
    answer = await House().act("action_check_purchase", "saldo kepotong kode ga ada", "paid_no_code", "rina")
    first = answer.findings[0]
    assert first["run"] == "paid_no_code"
    assert first["said"] in answer.text


def test_every_finding_says_by_which_name_it_is_run_again() -> None:
    for name, check in CHECKS.items():
        finding = run(name, Situation("paid_no_code", NOW, bound=True, **dict.fromkeys(check.needs, AWAY)))  # type: ignore[arg-type]
        assert finding is None or finding.run == name


def test_a_finding_without_words_of_its_own_tells_nothing() -> None:
    silent = Finding("card", Verdict.UNKNOWN, "Kartu: belum bisa dicek")
    lacking = Finding("card", Verdict.YES, "Kartu aktif", advice="card_active", words={})
    assert WORDING.tell(silent).said is None
    assert WORDING.tell(lacking).said is None
