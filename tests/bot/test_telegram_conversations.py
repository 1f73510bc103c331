"""What people do on Telegram beside writing: albums, replies, forwards, groups, leaving and coming back."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import orjson
import pytest
from sqlalchemy import text

from bot import said_before, wording, worker
from bot.events import InboundEvent
from bot.identity.keys import IdentityKeys
from bot.sending import Moved, Unreachable
from bot.webhooks import telegram_arrival
from records.clock import Clock
from records.database import Database
from tests.bot.corridor import SITI, Corridor, PhoneBook, RememberingSender, ScriptedRasa, press, says, update
from tests.conftest import OPENING

type MakeCorridor = Callable[..., Corridor]
PHOTO = {"photo": [{"file_id": "p", "file_unique_id": "p", "width": 9, "height": 9}]}
BOT = {"id": 7_000_000_001, "is_bot": True, "first_name": "Bantuan"}
TETANGGA = {"type": "user", "sender_user": {"id": 5, "is_bot": False, "first_name": "Tetangga"}, "date": 1_598_230_000}
GROUP = {"id": -44, "type": "group", "title": "RT 03"}
MOVED = {"id": -1001, "type": "supergroup", "title": "RT 03"}
COMPLAINT_CHOICE = {"intent": "inform", "slots": {"platform": "sisnaker"}}


@pytest.fixture
def make(database: Database, clock: Clock, data_key: str) -> MakeCorridor:
    return lambda **parts: Corridor(database, parts.pop("clock", clock), data_key, **parts)


def album(*captions: str | None, first: int = 1) -> list[bytes]:
    return [
        update(first + n, None, media_group_id="77", **PHOTO, **({"caption": caption} if caption else {}))
        for n, caption in enumerate(captions)
    ]


def in_group(number: int, said: str | None, group: dict[str, Any] = GROUP, **message: Any) -> bytes:
    body = orjson.loads(update(number, said, **message))
    body["message"]["chat"] = group
    return orjson.dumps(body)


def membership(number: int, old: str, new: str, *, chat: int = SITI) -> bytes:
    body: dict[str, Any] = {"from": {"id": SITI, "is_bot": False, "first_name": "Siti"}, "date": 1_598_238_000 + number}
    body["chat"] = {"id": chat, "type": "private" if chat > 0 else "group", "title": "RT 03"}
    body |= {"old_chat_member": {"user": BOT, "status": old}, "new_chat_member": {"user": BOT, "status": new}}
    return orjson.dumps({"update_id": 900_000 + number, "my_chat_member": body})


async def test_ten_pictures_of_an_album_are_kept_one_by_one_and_answered_once(make: MakeCorridor) -> None:
    async with make() as corridor:
        await corridor.hear(*album(*[None] * 10))
    assert corridor.telegram.words == [wording.PHOTO]
    assert await corridor.count("messages WHERE kind = 'photo' AND direction = 'in'") == 10
    assert await corridor.count("media") == 10


@pytest.mark.parametrize("place", [0, 2, 4], ids=["first", "middle", "last"])
async def test_an_album_with_words_is_answered_by_its_words_wherever_they_stand(make: MakeCorridor, place: int) -> None:
    captions = ["saldo kepotong min" if n == place else None for n in range(5)]
    async with make() as corridor:
        await corridor.hear(*album(*captions))
    assert corridor.telegram.words == ["dengar: saldo kepotong min"]


async def test_pictures_that_come_one_by_one_wait_for_the_words_of_their_album(
    make: MakeCorridor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(said_before, "SETTLED", timedelta(seconds=60))
    async with make() as corridor:
        for body in album(None, None, "saldo kepotong min", None):
            await corridor.inbox.store([telegram_arrival(body)])
            await asyncio.sleep(0.25)
        await corridor.rest()
    assert corridor.telegram.words == ["dengar: saldo kepotong min"]


async def test_a_picture_of_an_album_that_comes_late_is_kept_without_another_answer(make: MakeCorridor) -> None:
    async with make() as corridor:
        await corridor.hear(*album(None, None))
        await corridor.hear(*album(None, first=5))
    assert corridor.telegram.words == [wording.PHOTO]
    assert await corridor.count("messages WHERE kind = 'photo'") == 3


async def test_words_that_come_late_with_a_picture_are_heard_all_the_same(make: MakeCorridor) -> None:
    async with make() as corridor:
        await corridor.hear(*album(None, None))
        await corridor.hear(*album("ini errornya", first=5))
    assert corridor.telegram.words == [wording.PHOTO, "dengar: ini errornya"]


async def test_two_albums_are_two_answers(make: MakeCorridor) -> None:
    other = [body.replace(b'"77"', b'"78"') for body in album(None, None, first=11)]
    async with make() as corridor:
        await corridor.hear(*album(None, None), *other)
    assert corridor.telegram.words == [wording.PHOTO] * 2


async def test_staff_see_what_a_reply_answers_and_the_model_only_the_new_words(make: MakeCorridor) -> None:
    replied = {
        "message_id": 3,
        "from": BOT,
        "chat": {"id": SITI, "type": "private"},
        "date": 1,
        "text": "Di mana, Kak?",
    }
    async with make() as corridor:
        await corridor.hear(update(1, "di tokopedia", reply_to_message=replied))
    assert corridor.rasa.asked[0]["text"] == "di tokopedia"
    kept = await corridor.row("SELECT text, context FROM messages WHERE direction = 'in'")
    assert kept == {"text": "di tokopedia", "context": {"reply_to": {"text": "Di mana, Kak?", "ours": True}}}


async def test_what_is_replied_to_is_masked_like_everything_else(make: MakeCorridor) -> None:
    link = "nik 3171234507900001, lihat https://bot.example/masuk/abcdefghijklmnopqrstuv"
    replied = {"message_id": 3, "from": BOT, "chat": {"id": SITI, "type": "private"}, "date": 1, "text": link}
    async with make() as corridor:
        await corridor.hear(update(1, "ini maksudnya apa", reply_to_message=replied))
    context = (await corridor.row("SELECT context FROM messages WHERE direction = 'in'"))["context"]
    assert context["reply_to"]["text"] == "nik [NIK], lihat https://bot.example/masuk/[TAUTAN]"


async def test_forwarded_words_are_a_complaint_like_any_other_and_marked_for_staff(make: MakeCorridor) -> None:
    async with make() as corridor:
        await corridor.hear(update(1, "saldo saya kepotong", forward_origin=TETANGGA))
    assert corridor.telegram.words == ["dengar: saldo saya kepotong"]
    assert (await corridor.row("SELECT context FROM messages WHERE direction = 'in'"))["context"] == {"forwarded": True}


async def test_forwarded_words_choose_nothing_and_command_nothing(make: MakeCorridor, data_key: str) -> None:
    button = {"title": "Sisnaker", "choice": COMPLAINT_CHOICE}
    rasa = ScriptedRasa(lambda asked: says("Di mana?", buttons=[button]))
    book = PhoneBook({"+6281200000001": ("P-1",)})
    book.keys = IdentityKeys(data_key)
    own = {"phone_number": "+6281200000001", "first_name": "Siti", "user_id": SITI}
    async with make(rasa=rasa, registry=book) as corridor:
        await corridor.hear(update(1, None, contact=own))
        await corridor.hear(update(2, "paket tidak ditemukan"))
        await corridor.hear(update(3, "Sisnaker", forward_origin=TETANGGA))
        await corridor.hear(update(4, "/putuskan", forward_origin=TETANGGA))
        await corridor.hear(update(5, "ya, putuskan", forward_origin=TETANGGA))
    assert [asked["choice"] for asked in corridor.rasa.asked] == [None] * 4
    assert await corridor.count("identities WHERE participant_id = 'P-1'") == 1


async def test_forwarded_digits_prove_nothing(make: MakeCorridor) -> None:
    book = PhoneBook({"+6281200000001": ("P-1", "P-2")})
    book.nik_last4 = {"P-1": "0001", "P-2": "0002"}
    own = {"phone_number": "+6281200000001", "first_name": "Siti", "user_id": SITI}
    async with make(registry=book) as corridor:
        await corridor.hear(update(1, None, contact=own))
        await corridor.hear(update(2, "0001", forward_origin=TETANGGA))
        assert await corridor.count("identities WHERE participant_id IS NOT NULL") == 0
        await corridor.hear(update(3, "0001"))
    assert await corridor.count("identities WHERE participant_id = 'P-1'") == 1


@pytest.mark.parametrize(
    "proof",
    [
        {"forward_origin": TETANGGA},
        {"forward_date": 1},
        {"via_bot": {"id": 4, "is_bot": True, "first_name": "Kartu"}},
        {"contact": {"phone_number": "+6281200000001", "first_name": "Siti", "user_id": str(SITI)}},
        {"contact": {"phone_number": "+6281200000001", "first_name": "Siti", "user_id": True}},
        {"sender_chat": GROUP},
    ],
    ids=["forwarded", "once forwarded", "through a bot", "a written id", "no id", "for a chat"],
)
async def test_a_contact_that_is_not_surely_ones_own_binds_nobody(make: MakeCorridor, proof: dict[str, Any]) -> None:
    own = {"contact": {"phone_number": "+6281200000001", "first_name": "Siti", "user_id": SITI}}
    async with make(registry=PhoneBook({"+6281200000001": ("P-1",)})) as corridor:
        await corridor.hear(update(1, None, **(own | proof)))
        await corridor.hear(update(2, None, **own).replace(b'"message":', b'"edited_message":'))
        await corridor.hear(in_group(3, None, **own))
    assert await corridor.count("identities WHERE participant_id IS NOT NULL") == 0


async def test_a_group_is_told_once_in_a_while_where_it_is_private(make: MakeCorridor) -> None:
    moment = [OPENING]
    async with make(clock=lambda: moment[0]) as corridor:
        await corridor.hear(membership(1, "left", "member", chat=-44))
        await corridor.hear(*[in_group(n, f"min {n}") for n in range(2, 20)])
        assert corridor.telegram.words == [wording.GROUP]
        moment[0] += timedelta(hours=7)
        await corridor.hear(in_group(20, "min"))
    assert corridor.telegram.words == [wording.GROUP] * 2
    assert {message.chat for message in corridor.telegram.sent} == {"-44"}
    assert corridor.rasa.asked == []


async def test_a_bound_person_is_nobody_in_a_group(make: MakeCorridor) -> None:
    own = {"phone_number": "+6281200000001", "first_name": "Siti", "user_id": SITI}
    async with make(registry=PhoneBook({"+6281200000001": ("P-1",)})) as corridor:
        await corridor.hear(update(1, None, contact=own))
        await corridor.hear(*[in_group(n, said) for n, said in enumerate(("saldo saya", "/web", "/putuskan"), 2)])
    assert corridor.telegram.words == [wording.BOUND, wording.GROUP]
    assert await corridor.count("identities WHERE participant_id = 'P-1'") == 1
    assert corridor.rasa.asked == []


async def test_who_blocks_gets_nothing_and_who_returns_is_served_and_gets_nothing_old(make: MakeCorridor) -> None:
    async with make() as corridor:
        await corridor.hear(update(1, "halo"))
        await corridor.hear(membership(2, "member", "kicked"))
        assert await corridor.count("conversations WHERE unreachable IS NOT NULL") == 1
        corridor.telegram.script.append(Unreachable("Forbidden: bot was blocked by the user"))
        async with corridor.database.write() as session:
            await session.execute(text("UPDATE outbox SET status = 'due'"))
        corridor.outbox._said.set()
        await corridor.rest()
        await corridor.hear(membership(3, "kicked", "member"))
        assert await corridor.count("conversations WHERE unreachable IS NULL") == 1
        assert corridor.telegram.words == ["dengar: halo"]
        await corridor.hear(update(4, "/start"))
    assert corridor.telegram.words == ["dengar: halo", "dengar: halo"]
    assert await corridor.count("outbox WHERE status = 'refused'") == 1


async def test_a_group_that_moves_keeps_its_conversation_whoever_says_it_first(make: MakeCorridor) -> None:
    async with make() as corridor:
        await corridor.hear(in_group(1, "min"))
        await corridor.hear(in_group(2, None, MOVED, migrate_from_chat_id=-44))
        await corridor.hear(in_group(3, None, migrate_to_chat_id=-1001))
        await corridor.hear(in_group(4, "min", MOVED))
    assert corridor.telegram.words == [wording.GROUP]
    assert await corridor.count("conversations WHERE external_id = '-1001'") == 1
    kept = (
        "conversations WHERE id IN (SELECT conversation_id FROM inbox WHERE kind = 'group') AND external_id = '-1001'"
    )
    assert await corridor.count(kept) == 1


async def test_a_send_to_a_moved_group_goes_on_under_its_new_id(make: MakeCorridor) -> None:
    corridor = make()
    corridor.telegram.script.append(Moved("-1001"))
    async with corridor:
        await corridor.hear(in_group(1, "min"))
    assert [(message.chat, message.text) for message in corridor.telegram.sent] == [("-1001", wording.GROUP)]
    assert await corridor.count("outbox WHERE status = 'sent'") == 1


async def test_a_group_that_says_it_moved_for_ever_is_given_up(make: MakeCorridor) -> None:
    corridor = make()
    corridor.telegram.script += [Moved("-1001") for _ in range(9)]
    async with corridor:
        await corridor.hear(in_group(1, "min"))
    assert await corridor.count("outbox WHERE status = 'refused'") == 1
    assert 1 < 9 - len(corridor.telegram.script) < 6


@pytest.mark.parametrize(
    "said", ["/start", "/start@prakerja_bot", "/START", "/start q83nGx5_kL0pTz1wVb7d-A", "/bantuan"]
)
async def test_a_link_into_the_chat_is_a_greeting_and_what_it_carries_is_kept_nowhere(
    make: MakeCorridor, said: str
) -> None:
    async with make() as corridor:
        await corridor.hear(update(1, said))
    assert corridor.rasa.asked[0]["text"] == "halo"
    if " " in said:
        kept = await corridor.row("SELECT sealed_text, sealed_event FROM messages JOIN inbox ON inbox.id = inbox_id")
        assert kept == {"sealed_text": None, "sealed_event": None}


async def test_lower_and_random_update_ids_after_a_silence_are_taken_and_told_apart(make: MakeCorridor) -> None:
    numbers = [987_654_321, 12, 13, 2**31 + 5, 12, 987_654_321]
    bodies = [orjson.dumps(orjson.loads(update(n, f"ke-{n}")) | {"update_id": id_}) for n, id_ in enumerate(numbers)]
    async with make() as corridor:
        for body in bodies:
            await corridor.hear(body)
    assert corridor.telegram.words == [f"dengar: ke-{n}" for n in range(4)]


@dataclass
class Typist(RememberingSender):
    """A sender that shows that it is typing, or cannot."""

    shown: list[str] = field(default_factory=list)
    problem: Exception | None = None

    async def typing(self, event: InboundEvent) -> None:
        self.shown.append(event.chat)
        if self.problem:
            raise self.problem


@pytest.mark.parametrize(
    ("after", "problem", "shown"),
    [(3600.0, None, []), (0.8, None, [str(SITI)]), (0.8, RuntimeError("refused"), [str(SITI)])],
    ids=["at once", "slow", "slow and refused"],
)
async def test_a_turn_that_takes_long_shows_that_somebody_is_typing(
    make: MakeCorridor, monkeypatch: pytest.MonkeyPatch, after: float, problem: Exception | None, shown: list[str]
) -> None:
    monkeypatch.setattr(worker, "TYPING_AFTER_SECONDS", after)
    typist = Typist(problem=problem)
    corridor = make(channel=typist)

    async def think() -> None:
        while typist.shown != shown:  # noqa: ASYNC110 - as long as it takes until somebody sees it
            await asyncio.sleep(0.02)

    corridor.rasa.meanwhile = think
    async with corridor:
        await corridor.hear(update(1, "halo"))
    assert (typist.words, typist.shown) == (["dengar: halo"], shown)


async def test_a_press_of_a_used_or_foreign_button_changes_nothing_of_what_is_open(make: MakeCorridor) -> None:
    button = {"title": "Sisnaker", "choice": COMPLAINT_CHOICE}
    rasa = ScriptedRasa(lambda asked: says("Baik.") if asked["choice"] else says("Di mana?", buttons=[button]))
    async with make(rasa=rasa) as corridor:
        await corridor.hear(update(1, "paket tidak ditemukan"))
        token = corridor.telegram.sent[0].buttons[0].token
        await corridor.hear(press(2, "dari-obrolan-lain"))
        assert len(corridor.rasa.asked) == 1
        await corridor.hear(press(3, token))
    assert corridor.telegram.words == ["Di mana?", wording.STALE_BUTTON, "Baik."]


async def test_a_repeated_unknown_update_is_kept_once(make: MakeCorridor) -> None:
    async with make() as corridor:
        await corridor.inbox.store([telegram_arrival(b'{"update_id": 5, "neutrino": {"a": 1}}')])
        await corridor.inbox.store([telegram_arrival(b'{"neutrino": {"a": 1}, "update_id": 5}')])
    assert await corridor.count("inbox WHERE status = 'ignored' AND external_id = 'update:5'") == 1
