"""The same house on 5 September 2020: a passed estimate is no promise, and Ruangguru is no platform any more."""

from collections.abc import Callable
from datetime import datetime

import pytest

from records.clock import WIB
from tests.stack.running import Stack

pytestmark = pytest.mark.stack

type Anew = Callable[[str], str]


@pytest.fixture(scope="module", autouse=True)
def fifth_of_september(stack: Stack) -> None:
    stack.reach(datetime(2020, 9, 5, 10, tzinfo=WIB))


def test_a_passed_estimate_is_not_repeated_as_a_promise(stack: Stack, anew: Anew) -> None:
    answers = stack.say(
        "katanya akhir agustus beres kok masih ga ketemu kursusnya", "di sisnaker, kelas desain", who=anew("siti")
    )
    assert answers[0].intent == "package_not_found"
    said = " ".join(reply.text for answer in answers for reply in answer.replies)
    assert "sudah lewat" in said
    assert "ditargetkan lancar akhir Agustus" not in said
    assert answers[-1].ticket is not None


def test_ruangguru_is_a_training_institution_and_seven_platforms_are_listed(stack: Stack, anew: Anew) -> None:
    (answer,) = stack.say("ruangguru masih bisa buat beli prakerja ga", who=anew("agus"))
    said = " ".join(reply.text for reply in answer.replies)
    assert answer.intent == "ask_platforms"
    assert "4 September 2020" in said
    assert "Skill Academy" in said
    for platform in ("Tokopedia", "Bukalapak", "Pintaria", "Pijar Mahir", "Sisnaker"):
        assert platform in said
    assert "konflik kepentingan" not in said
