"""A stranger types what is Rina's: her NIK, number, card, order, name, ticket. Nothing of hers comes back.

And whether it exists at all cannot be read from the answer: another stranger, who types the like of it that belongs to
nobody, reads the very same.
"""

import csv
import re
from collections.abc import Iterator
from typing import Any

import pytest

from helpdesk.places import Places
from tests.stack.running import Stack

pytestmark = pytest.mark.stack

SENTENCES = {
    "nik": "saldo kartu saya berapa, nik saya {}",
    "phone": "pesanan saya gimana statusnya, hp saya {}",
    "card": "insentif saya kapan cair, nomor kartu {}",
    "invoice": "status pesanan {} gimana",
    "name": "insentif {} kapan cair ya",
    "ticket": "laporan {} gimana kabarnya",
}
NOBODYS = {
    "nik": "9949815702849876",
    "phone": "+6284077777771",
    "card": "0000689299999991",
    "invoice": "TOKPED-QQ7X7QQ7XQ7QX",
    "name": "rani marliana",
    "ticket": "T-199999",
}


def rows(stack: Stack, name: str) -> Iterator[dict[str, str]]:
    with (Places(stack.settings.var).rehearsal / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


@pytest.fixture(scope="module")
def rina(stack: Stack) -> dict[str, Any]:
    """Everything there is to know of Rina, and a ticket of hers."""
    person = next(row for row in rows(stack, "participants") if row["email"] == "rina@peserta.example")
    who = person["participant_id"]
    card = next(row for row in rows(stack, "cards") if row["participant_id"] == who)
    bought = [row for row in rows(stack, "purchases") if row["participant_id"] == who]
    courses = {row["course_id"]: row["title"] for row in rows(stack, "courses")}
    stack.forget("rina")
    *_, answer = stack.say("saldo kepotong 300rb tp kode vouchernya ga ada", "di tokopedia, tolong petugas", who="rina")
    assert answer.ticket
    fields = [person["nik"], person["phone"], person["email"], card["number"], answer.ticket, *person["name"].split()]
    fields += [value for row in bought for value in (row["invoice_code"], row["transaction_code"]) if value]
    fields += [courses[row["course_id"]] for row in bought]
    return {
        "typed": {
            "nik": person["nik"],
            "phone": person["phone"],
            "card": card["number"],
            "invoice": bought[0]["invoice_code"],
            "name": person["name"].lower(),
            "ticket": answer.ticket,
        },
        "fields": fields,
    }


def said_to(stack: Stack, number: int, sentence: str) -> str:
    """What a new stranger reads, who then leaves the queue as long as it was."""
    stranger = stack.stranger(number)
    items = heard(stack, stranger, text=sentence)
    answers = [
        (item["text"], [button["title"] for button in item["buttons"]]) for item in items if item["who"] == "bot"
    ]
    assert answers
    stack.forget_chats(str(stranger["id"]))
    return repr(answers)


def heard(stack: Stack, stranger: dict[str, object], **act: str) -> list[dict[str, Any]]:
    """What a new stranger does and all that is said to them, which may be more than one message."""
    stack.control.post("/control/talk", json={"as": stranger, **act, "wait": 60})
    stack.until_sent(str(stranger["id"]))
    items: list[dict[str, Any]] = stack.control.get(f"/control/chats/telegram/{stranger['id']}").json()["items"]
    return items


@pytest.mark.parametrize("what", SENTENCES)
def test_what_is_somebodys_and_what_is_nobodys_read_the_same(stack: Stack, rina: dict[str, Any], what: str) -> None:
    number = 1000 + 10 * list(SENTENCES).index(what)
    theirs = said_to(stack, number, SENTENCES[what].format(rina["typed"][what]))
    nobodys = said_to(stack, number + 1, SENTENCES[what].format(NOBODYS[what]))
    assert _without_own_ticket(theirs) == _without_own_ticket(nobodys)
    shown = [field for field in rina["fields"] if field.casefold() in theirs.casefold()]
    assert shown == []


def test_another_participant_learns_no_more_than_a_stranger(stack: Stack, rina: dict[str, Any]) -> None:
    for what in ("invoice", "ticket"):
        stack.forget("agus")
        (theirs,) = stack.say(SENTENCES[what].format(rina["typed"][what]), who="agus")
        stack.forget("agus")
        (nobodys,) = stack.say(SENTENCES[what].format(NOBODYS[what]), who="agus")
        said = [_without_own_ticket(repr([reply.text for reply in it.replies])) for it in (theirs, nobodys)]
        assert said[0] == said[1]
        assert not [field for field in rina["fields"] if field.casefold() in said[0].casefold()]


def test_contacts_that_prove_nothing_read_the_same(stack: Stack) -> None:
    said = set()
    for number, how in enumerate(("own", "forwarded", "other")):
        items = heard(stack, stack.stranger(2000 + number), do="contact", how=how)
        said |= {item["text"] for item in items if item["who"] == "bot"}
    assert len(said) == 1


def _without_own_ticket(said: str) -> str:
    """A new report has its own number and hour; both are the reader's own."""
    return re.sub(r"pukul \d\d\.\d\d", "pukul …", re.sub(r"T-\d{6}", "T-…", said))
