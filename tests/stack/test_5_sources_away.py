"""The programme's API fails in the middle: nothing is decided, its last word is dated, and the failure is counted."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from helpdesk.places import Places
from simulator.programme.tables import read_table
from tests.stack.running import Stack

pytestmark = pytest.mark.stack

type Anew = Callable[[str], str]
COUNTED = "SELECT coalesce(sum(count), 0) AS n FROM source_failures WHERE source = 'API program'"


@pytest.fixture
def failing(stack: Stack) -> Iterator[Callable[[], None]]:
    """Switches the programme's API off until the scene is over."""

    def fail() -> None:
        fault = {"target": "programme", "kind": "error", "status": 500}
        assert stack.control.post("/control/faults", json=fault).status_code == 200

    yield fail
    stack.control.delete("/control/faults")


def reply(stack: Stack, said: str, who: str) -> str:
    """Say one thing and return the whole answer."""
    (answer,) = stack.say(said, who=who)
    return "\n".join(reply.text for reply in answer.replies)


def code_of(stack: Stack, who: str) -> str:
    """The redeem code of a named person, which only the programme and they know."""
    folder = Path(Places(stack.settings.var).rehearsal)
    people = {row["participant_id"]: row["name"] for row in read_table(folder, "participants")}
    owner = stack.person(who)["telegram"]["first_name"]
    bought = {row["invoice_code"]: people[row["participant_id"]] for row in read_table(folder, "purchases")}
    payments = [row for row in read_table(folder, "api_payments") if row["redeem_code"]]
    return next(row["redeem_code"] for row in payments if bought[row["invoice_code"]].split()[0] == owner)


def test_a_programme_that_fails_decides_nothing_and_is_counted(
    stack: Stack, anew: Anew, failing: Callable[[], None]
) -> None:
    asked = "saldo kepotong tapi kode vouchernya ga ada, di tokopedia"
    before = reply(stack, asked, anew("rina"))
    assert "sudah berhasil menurut program" in before
    counted = stack.rows(COUNTED)[0]["n"]
    failing()
    # past the seconds for which an answer is used again
    stack.clock(stack.now() + timedelta(minutes=1))
    after = reply(stack, asked, anew("rina"))
    assert "belum bisa dicek sekarang. Terakhir, per pukul" in after
    assert "berbeda" not in after
    joko = reply(stack, "pesanan saya di bukalapak gimana statusnya", anew("joko"))
    assert "belum bisa dicek sekarang" in joko
    assert "berbeda" not in joko
    assert stack.rows(COUNTED)[0]["n"] == int(str(counted)) + 2


def test_a_code_is_told_of_to_its_owner_and_to_nobody_else(stack: Stack, anew: Anew) -> None:
    said = "kode redeem saya {} gagal terus pas ditukar"
    agus, tono = code_of(stack, "agus"), code_of(stack, "tono")
    own = reply(stack, said.format(agus), anew("agus"))
    anothers = reply(stack, said.format(tono), anew("agus"))
    nobodys = reply(stack, said.format("PRKZZZZZZ000"), anew("agus"))
    assert "belum dipakai menurut program, per pukul" in own
    assert "tidak cocok dengan pembelian Kakak" in anothers
    assert anothers == nobodys
    with psycopg.connect(stack.database_url) as connection:
        kept = connection.execute(
            "SELECT count(*) FROM (SELECT turns::text AS t FROM turns UNION ALL SELECT messages::text FROM messages) r "
            "WHERE strpos(t, %s) > 0 OR strpos(t, %s) > 0",
            (agus, tono),
        ).fetchone()
    assert kept == (0,)
