"""Who somebody is: bound by what a channel proves, ended when that no longer holds, and told apart on one telephone.

Dewi and Dian share a telephone; Siti has one of her own; a stranger has none that is registered.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import orjson
import pytest
from sqlalchemy import text

from bot import wording
from bot.identity.keys import IdentityKeys
from bot.webhooks import whatsapp_arrivals
from records.clock import Clock
from records.database import Database
from tests.bot.corridor import BUDI, SITI, Corridor, PhoneBook, ScriptedRasa, press, says, update
from tests.conftest import OPENING

type MakeCorridor = Callable[..., Corridor]

SITIS, SHARED, NOBODYS = "+6281200000001", "+6281200000002", "+6281299999999"


class MovedClock:
    """A clock that stands where it is put."""

    def __init__(self) -> None:
        self.now = OPENING

    def __call__(self) -> Any:
        return self.now


@pytest.fixture
def book(data_key: str) -> PhoneBook:
    book = PhoneBook({SITIS: ("P-SITI",), SHARED: ("P-DEWI", "P-DIAN")})
    book.keys = IdentityKeys(data_key)
    book.nik_last4 = {"P-DEWI": "0001", "P-DIAN": "0002"}
    return book


@pytest.fixture
def now() -> MovedClock:
    return MovedClock()


@pytest.fixture
def corridor(database: Database, now: Clock, data_key: str, book: PhoneBook) -> Corridor:
    return Corridor(database, now, data_key, registry=book)


def contact(number: int, phone: str, *, of: int | None = SITI, chat: int = SITI, **more: Any) -> bytes:
    """A shared contact."""
    card = {"phone_number": phone, "first_name": "S"} | ({"user_id": of} if of else {})
    return update(number, None, chat=chat, contact=card, **more)


def whatsapp(number: int, said: str, *, user: str = "ID.1", phone: str | None = SITIS, **message: Any) -> bytes:
    """A WhatsApp webhook with one message; without a phone the person has only their user id."""
    told = {"from_user_id": user, "id": f"wamid.{number}", "timestamp": str(1_598_238_000 + number)}
    body = message or {"type": "text", "text": {"body": said}}
    person = {"profile": {"name": "S"}, "user_id": user} | ({"wa_id": phone.lstrip("+")} if phone else {})
    value = {"contacts": [person], "messages": [told | ({"from": phone.lstrip("+")} if phone else {}) | body]}
    return orjson.dumps({"entry": [{"changes": [{"value": value}]}]})


async def hear_whatsapp(corridor: Corridor, *bodies: bytes) -> None:
    for body in bodies:
        await corridor.inbox.store(whatsapp_arrivals(body))
        await corridor.rest()


async def who(corridor: Corridor, channel: str = "telegram") -> str | None:
    """Who the newest person on a channel is bound to."""
    async with corridor.database.read() as session:
        query = text("SELECT participant_id FROM identities WHERE channel = :channel")
        found: str | None = await session.scalar(query, {"channel": channel})
        return found


def asked_as(corridor: Corridor) -> list[str | None]:
    return [turn["metadata"]["participant_id"] for turn in corridor.rasa.asked]


async def edit(corridor: Corridor, statement: str, **values: Any) -> None:
    async with corridor.database.write() as session:
        await session.execute(text(statement), values)


@pytest.mark.parametrize(
    "shared",
    [
        contact(1, SITIS, of=7777),
        contact(1, SITIS, of=None),
        contact(1, NOBODYS),
        contact(1, SITIS, forward_origin={"type": "hidden_user", "date": 1, "sender_user_name": "S"}),
        contact(1, ""),
    ],
    ids=["another's", "nobody's card", "not registered", "forwarded", "empty"],
)
async def test_what_proves_nobody_binds_nobody_and_always_sounds_the_same(corridor: Corridor, shared: bytes) -> None:
    async with corridor:
        await corridor.hear(shared)
    assert await who(corridor) is None
    assert corridor.telegram.words == [wording.CONTACT_NOT_BOUND]
    assert corridor.telegram.sent[0].request_contact
    assert await corridor.count("lookup_counts WHERE cardinality(failed_at) = 1") == 2


async def test_a_contact_in_a_group_is_not_looked_at(corridor: Corridor) -> None:
    async with corridor:
        await corridor.hear(contact(1, SITIS).replace(b'"type":"private"', b'"type":"group"'))
    assert corridor.telegram.words == [wording.GROUP]
    assert await corridor.count("lookup_counts") == 0


async def test_a_new_own_contact_binds_anew_and_the_old_dialogue_ends(corridor: Corridor, book: PhoneBook) -> None:
    book.moves(NOBODYS, "P-BUDI")
    corridor.rasa.answer = lambda _: says("Baik.", state={"slots": {"platform": "tokopedia"}})
    async with corridor:
        await corridor.hear(contact(1, SITIS))
        await corridor.hear(update(2, "saldo saya"))
        await corridor.hear(contact(3, NOBODYS))
        await corridor.hear(update(4, "saldo saya"))
    assert asked_as(corridor) == ["P-SITI", "P-BUDI"]
    assert corridor.rasa.asked[1]["state"] is None


async def test_a_number_that_is_no_longer_theirs_ends_the_binding_and_says_how_to_connect_again(
    corridor: Corridor, book: PhoneBook
) -> None:
    async with corridor:
        await corridor.hear(contact(1, SITIS))
        book.moves(SITIS, "P-OTHER")
        await corridor.hear(update(2, "saldo saya"))
        await corridor.hear(update(3, "saldo saya"))
    assert await who(corridor) is None
    assert asked_as(corridor) == [None, None]
    assert corridor.telegram.words[1].startswith(wording.binding_ended("telegram"))
    assert corridor.telegram.words[2] == "dengar: saldo saya"


async def test_a_check_is_remembered_for_a_minute(corridor: Corridor, book: PhoneBook) -> None:
    elapsed = [0.0]
    corridor.people._speakers._elapsed = lambda: elapsed[0]
    async with corridor:
        await corridor.hear(contact(1, SITIS))
        await corridor.hear(update(2, "satu"))
        book.moves(SITIS)
        await corridor.hear(update(3, "dua"))
        elapsed[0] = 61.0
        await corridor.hear(update(4, "tiga"))
    assert asked_as(corridor) == ["P-SITI", "P-SITI", None]


async def test_a_registry_that_is_away_ends_nothing_and_answers_as_unsure(corridor: Corridor, book: PhoneBook) -> None:
    async with corridor:
        await corridor.hear(contact(1, SITIS))
        book.away = True
        await corridor.hear(update(2, "saldo saya"))
        book.away = False
        await corridor.hear(update(3, "saldo saya"))
    assert asked_as(corridor) == [None, "P-SITI"]
    assert [turn["metadata"]["binding_unsure"] for turn in corridor.rasa.asked] == [True, False]
    assert await who(corridor) == "P-SITI"


async def test_a_binding_ends_after_its_time_and_can_be_renewed(corridor: Corridor, now: MovedClock) -> None:
    async with corridor:
        await corridor.hear(contact(1, SITIS))
        now.now += timedelta(days=181)
        await corridor.hear(update(2, "halo"))
        await corridor.hear(contact(3, SITIS))
        await corridor.hear(update(4, "halo"))
    assert asked_as(corridor) == [None, "P-SITI"]


async def test_on_whatsapp_the_number_that_writes_renews_the_binding(corridor: Corridor, now: MovedClock) -> None:
    async with corridor:
        await hear_whatsapp(corridor, whatsapp(1, "halo"))
        now.now += timedelta(days=100)
        await hear_whatsapp(corridor, whatsapp(2, "halo"))
        now.now += timedelta(days=100)
        await hear_whatsapp(corridor, whatsapp(3, "halo"))
    assert asked_as(corridor) == ["P-SITI"] * 3
    assert corridor.whatsapp.words == ["dengar: halo"] * 3


async def test_a_person_known_by_user_id_stays_bound_where_the_phone_is_missing(corridor: Corridor) -> None:
    async with corridor:
        await hear_whatsapp(corridor, whatsapp(1, "halo"), whatsapp(2, "halo", phone=None))
        await hear_whatsapp(corridor, whatsapp(3, "halo", user="ID.2", phone=None))
    assert asked_as(corridor) == ["P-SITI", "P-SITI", None]
    assert corridor.whatsapp.words == ["dengar: halo"] * 3


async def test_another_number_under_the_same_user_id_ends_the_binding(corridor: Corridor) -> None:
    async with corridor:
        await hear_whatsapp(corridor, whatsapp(1, "halo"), whatsapp(2, "halo", phone=NOBODYS))
    assert asked_as(corridor) == ["P-SITI", None]
    assert corridor.whatsapp.words[1].startswith(wording.binding_ended("whatsapp"))


@pytest.mark.parametrize(
    "told",
    [
        {"type": "system", "system": {"type": "user_changed_number", "wa_id": "6281277777777", "body": "S changed"}},
        {"type": "system", "system": {"type": "user_changed_user_id", "user_id": "ID.9", "body": "S changed"}},
    ],
    ids=["number", "user id"],
)
async def test_a_change_that_whatsapp_tells_of_ends_the_binding_and_says_so(
    corridor: Corridor, told: dict[str, Any]
) -> None:
    async with corridor:
        await hear_whatsapp(corridor, whatsapp(1, "halo"), whatsapp(2, "", **told))
    assert await who(corridor, "whatsapp") is None
    assert corridor.whatsapp.words[1] == wording.NUMBER_CHANGED


async def test_a_change_told_under_the_old_number_ends_the_binding_of_the_user_id(corridor: Corridor) -> None:
    changed = {
        "id": "wamid.2",
        "from": SITIS.lstrip("+"),
        "timestamp": "1598238002",
        "type": "system",
        "system": {"type": "user_changed_number", "wa_id": "6281277777777", "body": "S changed"},
    }
    async with corridor:
        await hear_whatsapp(corridor, whatsapp(1, "halo"))
        body = {"entry": [{"changes": [{"value": {"messages": [changed]}}]}]}
        await hear_whatsapp(corridor, orjson.dumps(body))
    assert await corridor.count("identities WHERE participant_id IS NOT NULL") == 0


async def test_the_digits_tell_two_on_one_telephone_apart_and_are_kept_nowhere(corridor: Corridor) -> None:
    async with corridor:
        await corridor.hear(contact(1, SHARED))
        await corridor.hear(update(2, "0002"))
        await corridor.hear(update(3, "saldo saya"))
    assert corridor.telegram.words[:2] == [wording.NIK_DIGITS, wording.BOUND]
    assert [button.title for button in corridor.telegram.sent[0].buttons] == ["Batal"]
    assert asked_as(corridor) == ["P-DIAN"]
    kept = await corridor.row(
        "SELECT text, sealed_text, sealed_event FROM messages JOIN inbox ON inbox.id = inbox_id"
        " WHERE text LIKE '%NIK4%'"
    )
    assert kept == {"text": "[NIK4]", "sealed_text": None, "sealed_event": None}


async def test_on_whatsapp_the_digits_are_asked_beside_a_general_answer_once(corridor: Corridor) -> None:
    async with corridor:
        await hear_whatsapp(corridor, whatsapp(1, "halo", phone=SHARED), whatsapp(2, "halo", phone=SHARED))
        await hear_whatsapp(corridor, whatsapp(3, "NIK saya 0001 kak", phone=SHARED))
    assert corridor.whatsapp.words[0] == f"dengar: halo\n\n{wording.NIK_DIGITS}"
    assert corridor.whatsapp.words[1:] == ["dengar: halo", wording.BOUND]
    assert await who(corridor, "whatsapp") == "P-DEWI"


async def test_wrong_digits_sound_like_a_stranger_and_may_be_tried_again(corridor: Corridor) -> None:
    async with corridor:
        await corridor.hear(contact(1, SHARED))
        await corridor.hear(update(2, "9999"))
        await corridor.hear(update(3, "0001"))
    assert corridor.telegram.words[1:] == [wording.CONTACT_NOT_BOUND, wording.BOUND]


async def test_four_digits_are_a_plain_message_for_everybody_else(corridor: Corridor) -> None:
    async with corridor:
        await corridor.hear(update(1, "2020"))
        await corridor.hear(contact(2, SHARED))
        await corridor.hear(update(3, "kelas tahun 2020 gimana"))
        await corridor.hear(update(4, "batal"))
        await corridor.hear(update(5, "0001"))
    assert [turn["text"] for turn in corridor.rasa.asked] == ["2020", "kelas tahun 2020 gimana", "0001"]
    assert corridor.telegram.words[3] == wording.DIGITS_CANCELLED


async def test_where_the_digits_are_alike_too_a_person_helps(corridor: Corridor, book: PhoneBook) -> None:
    book.nik_last4 = {"P-DEWI": "0001", "P-DIAN": "0001"}
    async with corridor:
        await corridor.hear(contact(1, SHARED))
        await corridor.hear(update(2, "0001"))
    assert await corridor.count("tickets WHERE queue = 'PMO_ACCOUNT' AND participant_id IS NULL") == 1
    assert "T-100001" in corridor.telegram.words[1]
    assert await who(corridor) is None


@pytest.mark.parametrize("asked", ["/putuskan", "putuskan data saya", "Lepas nomor!"])
async def test_letting_go_is_confirmed_and_says_what_remains(corridor: Corridor, asked: str) -> None:
    async with corridor:
        await corridor.hear(contact(1, SITIS))
        await corridor.hear(update(2, asked))
        assert await who(corridor) == "P-SITI"
        token = next(b.token for b in corridor.telegram.sent[1].buttons if b.title == "Ya, putuskan")
        await corridor.hear(press(3, token))
        await corridor.hear(update(4, "saldo saya"))
    assert corridor.telegram.words[1:3] == [wording.UNBIND_ASK, wording.UNBOUND["telegram"]]
    assert asked_as(corridor) == [None]


async def test_whoever_let_go_on_whatsapp_is_not_looked_up_until_they_ask(corridor: Corridor) -> None:
    async with corridor:
        await hear_whatsapp(corridor, whatsapp(1, "halo"), whatsapp(2, "/putuskan"), whatsapp(3, "Ya, putuskan"))
        await hear_whatsapp(corridor, whatsapp(4, "halo"), whatsapp(5, "/hubungkan"), whatsapp(6, "halo"))
    assert asked_as(corridor) == ["P-SITI", None, "P-SITI"]
    assert corridor.whatsapp.words[4] == wording.BOUND_ALREADY


async def test_five_failures_in_an_hour_lock_with_the_same_words_and_raise_one_alarm(
    corridor: Corridor, book: PhoneBook
) -> None:
    async with corridor:
        for number in range(1, 8):
            await corridor.hear(contact(number, f"+62812999999{number:02}", of=7777))
        await corridor.hear(contact(8, SITIS))
        await edit(corridor, "UPDATE lookup_counts SET locked_until = now(), failed_at = '{}'")
        await corridor.hear(contact(9, SITIS))
    assert set(corridor.telegram.words[:8]) == {wording.CONTACT_NOT_BOUND}
    assert corridor.telegram.words[8] == wording.BOUND
    alarm = await corridor.row("SELECT kind, channel, subject_kind, count, subject FROM alarms")
    assert (alarm["kind"], alarm["channel"], alarm["subject_kind"]) == ("contact", "telegram", "identity")
    assert alarm["count"] == 8
    assert len(alarm["subject"]) == 64


async def test_ten_failures_about_one_number_from_anywhere_raise_an_alarm(corridor: Corridor) -> None:
    async with corridor:
        for number in range(1, 11):
            await corridor.hear(contact(number, SITIS, of=1, chat=8000 + number))
        await corridor.hear(contact(20, SITIS))
    assert await corridor.count("alarms WHERE subject_kind = 'target' AND count = 10") == 1
    assert corridor.telegram.words[-1] == wording.BOUND


async def test_numbers_of_others_are_counted_once_each_and_change_no_answer(corridor: Corridor) -> None:
    async with corridor:
        for number in (100001, 100002, 100002, 100002, 100002, 100002):
            await corridor.hear(update(number, f"tiket T-{number} gimana, invoice TOKPED-XB9C89BXBJL7X"))
    assert await corridor.count("alarms") == 0
    async with corridor:
        for number in (100003, 100004):
            await corridor.hear(update(number, f"tiket T-{number} gimana"))
    assert await corridor.count("alarms WHERE kind = 'ticket' AND count = 5") == 1
    assert all(said.startswith("dengar: tiket T-") for said in corridor.telegram.words)


async def test_ones_own_ticket_is_no_guess(corridor: Corridor) -> None:
    from tests.bot.corridor import A_TICKET

    rasa = ScriptedRasa(lambda _: says("Laporan {ticket}.", proposals=[A_TICKET]))
    corridor.rasa.answer = rasa.answer
    async with corridor:
        await corridor.hear(update(1, "tolong"))
        await corridor.hear(update(2, "T-100001 gimana"))
        assert await corridor.count("lookup_counts") == 0
        await corridor.hear(update(3, "T-100001 gimana", chat=BUDI))
        assert await corridor.count("lookup_counts") == 3


async def test_help_lists_the_commands(corridor: Corridor) -> None:
    async with corridor:
        await corridor.hear(update(1, "/bantuan"))
    assert corridor.telegram.words[0].endswith(wording.COMMANDS)


async def test_codes_are_counted_where_they_belong_to_no_purchase_of_theirs(corridor: Corridor) -> None:
    not_theirs = {"check": "purchase", "verdict": "no", "summary": "…", "evidence": [], "advice": "redeem_not_theirs"}
    async with corridor:
        await corridor.hear(contact(1, SITIS))
        await corridor.hear(update(2, "kode redeem saya ABCD12345678 gagal"))
        assert await corridor.count("lookup_counts") == 0
        corridor.rasa.answer = lambda _: says("Kode itu tidak cocok.", findings=[not_theirs])
        await corridor.hear(update(3, "kode redeem saya ABCD12345678 gagal"))
        await corridor.hear(update(4, "kode redeem saya ABCD12345678 gagal"))
    assert await corridor.count("lookup_counts WHERE cardinality(failed_at) = 1") == 2
