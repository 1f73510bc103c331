"""A message's way: stored once, answered once, in order, whatever happens around it."""

import asyncio
from collections.abc import Callable

import httpx
import pytest
from sqlalchemy import text

from bot import wording
from bot.sending import Ambiguous, OutboundMessage, RetryLater, Unreachable
from bot.webhooks import telegram_arrival
from records.clock import Clock
from records.database import Database
from tests.bot.corridor import A_TICKET, BUDI, SITI, Corridor, PhoneBook, ScriptedRasa, press, says, update

type MakeCorridor = Callable[..., Corridor]


@pytest.fixture
def make(database: Database, clock: Clock, data_key: str) -> MakeCorridor:
    return lambda **parts: Corridor(database, clock, data_key, **parts)


async def test_a_message_is_answered(make: MakeCorridor) -> None:
    async with make() as corridor:
        await corridor.hear(update(1, "paket kursus tidak ditemukan min"))
    assert corridor.telegram.words == ["dengar: paket kursus tidak ditemukan min"]
    assert await corridor.count("turns WHERE outcome = 'answered' AND intent = 'greet'") == 1


async def test_fifty_copies_at_once_are_one_message_one_turn_one_reply(make: MakeCorridor) -> None:
    async with make() as corridor:
        await corridor.hear(*[update(1, "halo")] * 50)
    assert await corridor.count("inbox") == 1
    assert len(corridor.rasa.asked) == 1
    assert corridor.telegram.words == ["dengar: halo"]


async def test_a_burst_is_answered_in_the_order_it_was_said(make: MakeCorridor) -> None:
    async with make() as corridor:
        await corridor.hear(*[update(n, f"pesan {n}") for n in range(1, 21)])
    assert corridor.telegram.words == [f"dengar: pesan {n}" for n in range(1, 21)]


async def test_many_conversations_do_not_mix(make: MakeCorridor) -> None:
    async with make() as corridor:
        await corridor.hear(*[update(n, f"dari {n}", chat=8000 + n) for n in range(1, 31)])
    assert sorted((message.chat, message.text) for message in corridor.telegram.sent) == sorted(
        (str(8000 + n), f"dengar: dari {n}") for n in range(1, 31)
    )


async def test_personal_data_does_not_reach_the_model(make: MakeCorridor) -> None:
    async with make() as corridor:
        await corridor.hear(update(1, "nik 3171234507900001 hp 081234567890 ditolak"))
    assert corridor.rasa.asked[0]["text"] == "nik [NIK] hp [TELEPON] ditolak"
    message = await corridor.row("SELECT text, sealed_text FROM messages WHERE direction = 'in'")
    assert message["text"] == "nik [NIK] hp [TELEPON] ditolak"
    assert b"3171234507900001" not in bytes(message["sealed_text"])


async def test_an_otp_is_forgotten_and_the_sender_warned(make: MakeCorridor) -> None:
    async with make() as corridor:
        await corridor.hear(update(1, "otp saya 482913 ditolak"))
    assert corridor.telegram.words[0].startswith(wording.SHARED_CODE_WARNING)
    kept = await corridor.row("SELECT sealed_text, sealed_event FROM messages JOIN inbox ON inbox.id = inbox_id")
    assert kept == {"sealed_text": None, "sealed_event": None}


@pytest.mark.parametrize("said", ["", "   ", "😭😭😭", "\u200b\u200d\u2060", "\u202e\u200f", "!!!???"])
async def test_what_cannot_be_read_gets_a_clear_answer_without_the_model(make: MakeCorridor, said: str) -> None:
    async with make() as corridor:
        await corridor.hear(update(1, said))
    assert corridor.telegram.words == [wording.BLANK]
    assert corridor.rasa.asked == []


async def test_a_very_long_message_is_kept_whole_and_its_beginning_read(make: MakeCorridor) -> None:
    async with make() as corridor:
        await corridor.hear(update(1, "gagal bayar " * 3400))
    assert len(corridor.rasa.asked[0]["text"]) == 4096
    assert corridor.telegram.words[0].startswith(wording.TOO_LONG)
    assert len((await corridor.row("SELECT text FROM messages WHERE direction = 'in'"))["text"]) > 40_000


@pytest.mark.parametrize(
    ("media", "answer"),
    [
        ({"voice": {"file_id": "v", "file_unique_id": "v", "duration": 3}}, wording.VOICE),
        (
            {
                "sticker": {
                    "file_id": "s",
                    "file_unique_id": "s",
                    "width": 9,
                    "height": 9,
                    "is_animated": False,
                    "is_video": False,
                    "type": "regular",
                }
            },
            wording.STICKER,
        ),
        ({"photo": [{"file_id": "p", "file_unique_id": "p", "width": 9, "height": 9}]}, wording.PHOTO),
        ({"location": {"latitude": -6.2, "longitude": 106.8}}, wording.LOCATION),
        ({"story": {"chat": {"id": 1, "type": "private"}, "id": 4}}, wording.UNSUPPORTED),
    ],
)
async def test_what_is_no_text_is_kept_and_answered_politely(
    make: MakeCorridor, media: dict[str, object], answer: str
) -> None:
    async with make() as corridor:
        await corridor.hear(update(1, None, **media))
    assert corridor.telegram.words == [answer]


async def test_an_unknown_update_is_kept_and_stops_nothing(make: MakeCorridor) -> None:
    async with make() as corridor:
        await corridor.hear(b'{"update_id": 5, "message_reaction_count": {}}', b"{broken", update(1, "halo"))
    assert corridor.telegram.words == ["dengar: halo"]
    assert await corridor.count("inbox WHERE status = 'ignored' AND sealed_event IS NOT NULL") == 2


async def test_an_edited_message_is_shown_to_staff_and_never_run(make: MakeCorridor) -> None:
    edited = update(2, "bayar gagal").replace(b'"message":', b'"edited_message":')
    async with make() as corridor:
        await corridor.hear(update(1, "halo"), edited)
    assert len(corridor.rasa.asked) == 1
    assert await corridor.count("messages WHERE kind = 'edited'") == 1


async def test_a_pressed_button_is_a_choice_and_works_once(make: MakeCorridor) -> None:
    choice = {"intent": "inform", "slots": {"platform": "sisnaker"}}
    rasa = ScriptedRasa(
        lambda asked: (
            says("Baik.") if asked["choice"] else says("Di mana?", buttons=[{"title": "Sisnaker", "choice": choice}])
        )
    )
    async with make(rasa=rasa) as corridor:
        await corridor.hear(update(1, "paket tidak ditemukan"))
        token = corridor.telegram.sent[0].buttons[0].token
        await corridor.hear(press(2, token))
        await corridor.hear(press(3, token))
        await corridor.hear(press(4, "karangan", chat=BUDI))
    assert rasa.asked[1]["choice"] == choice
    assert corridor.telegram.words[1:] == ["Baik.", wording.STALE_BUTTON, wording.STALE_BUTTON]


async def test_a_typed_title_is_the_same_choice(make: MakeCorridor) -> None:
    choice = {"intent": "inform", "slots": {"platform": "sisnaker"}}
    rasa = ScriptedRasa(lambda _: says("Di mana?", buttons=[{"title": "Sisnaker", "choice": choice}]))
    async with make(rasa=rasa) as corridor:
        await corridor.hear(update(1, "paket tidak ditemukan"))
        await corridor.hear(update(2, "sisnaker."))
    assert rasa.asked[1]["choice"] == choice


async def test_a_proposed_ticket_is_opened_once_and_named_in_the_reply(make: MakeCorridor) -> None:
    finding = {"check": "system_status", "verdict": "yes", "summary": "Ada gangguan", "evidence": []}
    rasa = ScriptedRasa(lambda _: says("Laporan {ticket}, {promise}.", proposals=[A_TICKET], findings=[finding]))
    async with make(rasa=rasa) as corridor:
        await corridor.hear(update(1, "sudah 3 hari"))
        await corridor.hear(update(2, "masih belum bisa"))
    assert corridor.telegram.words[0] == "Laporan T-100001, Rabu, 26 Agustus 2020 pukul 10.00 WIB. Kakak urutan ke-1."
    assert corridor.telegram.words[1] == corridor.telegram.words[0]
    assert await corridor.count("tickets") == 1
    assert (await corridor.row("SELECT jsonb_array_length(evidence) AS n FROM tickets"))["n"] == 2


async def test_a_hand_over_gives_the_conversation_to_staff_and_the_bot_is_silent(make: MakeCorridor) -> None:
    rasa = ScriptedRasa(
        lambda _: says(
            "Saya sambungkan, nomor {ticket}.", proposals=[A_TICKET, {"kind": "hand_over", "reason": "diminta"}]
        )
    )
    async with make(rasa=rasa) as corridor:
        await corridor.hear(update(1, "mana adminnya"))
        await corridor.hear(update(2, "halo?"), update(3, "woi"))
    assert len(rasa.asked) == 1
    assert corridor.telegram.words == [
        "Saya sambungkan, nomor T-100001.",
        wording.JOINED.replace("{ticket}", "T-100001"),
    ]
    assert await corridor.count("turns WHERE outcome = 'joined'") == 2
    assert await corridor.count("hand_overs WHERE to_owner = 'human' AND version = 1") == 1


async def test_words_thought_of_before_a_take_over_become_a_note(make: MakeCorridor) -> None:
    corridor = make(rasa=ScriptedRasa(lambda _: says("Terlambat.")))

    async def take_over() -> None:
        async with corridor.database.write() as session:
            await session.execute(text("UPDATE conversations SET owner = 'human', owner_version = owner_version + 1"))

    corridor.rasa.meanwhile = take_over
    async with corridor:
        await corridor.hear(update(1, "halo"))
    assert corridor.telegram.words == []
    assert await corridor.count("messages WHERE direction = 'note' AND text = 'Terlambat.'") == 1


async def test_a_reply_written_before_a_take_over_and_not_yet_sent_is_withheld(make: MakeCorridor) -> None:
    corridor = make()
    corridor.telegram.script += [RetryLater(0.2, "429")] * 1000
    async with corridor:
        await corridor.inbox.store([telegram_arrival(update(1, "halo"))])
        while not await corridor.count("outbox WHERE error = '429' AND status = 'due'"):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        async with corridor.database.write() as session:
            await session.execute(text("UPDATE conversations SET owner = 'human', owner_version = owner_version + 1"))
        await corridor.rest()
    assert corridor.telegram.words == []
    assert await corridor.count("outbox WHERE status = 'withheld'") == 1


async def test_rasa_away_means_later_not_never(make: MakeCorridor) -> None:
    down = [True]
    rasa = ScriptedRasa(lambda asked: httpx.ConnectError("down") if down[0] else says("Sudah pulih."))
    async with make(rasa=rasa) as corridor:
        corridor.worker._waiting_since[1] = -100.0
        await corridor.inbox.store([telegram_arrival(update(1, "halo"))])
        while not corridor.telegram.sent:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
        down[0] = False
        async with corridor.database.write() as session:
            await session.execute(text("UPDATE lanes SET due_at = now()"))
        await corridor.rest()
    assert corridor.telegram.words == [wording.WAITING, "Sudah pulih."]


async def test_a_message_that_always_fails_is_parked_with_a_ticket_and_blocks_nobody(make: MakeCorridor) -> None:
    rasa = ScriptedRasa(lambda asked: 500 if "racun" in asked["text"] else says("Baik."))
    async with make(rasa=rasa) as corridor:
        await corridor.hear(update(1, "racun"), update(2, "halo"), update(3, "halo", chat=BUDI))
    assert sorted(corridor.telegram.words) == sorted(
        [
            "Baik.",
            "Baik.",
            wording.PARKED.replace("{ticket}", "T-100001").replace(
                "{promise}.", "Rabu, 26 Agustus 2020 pukul 10.00 WIB. Kakak urutan ke-1."
            ),
        ]
    )
    assert await corridor.count("inbox WHERE status = 'parked'") == 1


async def test_silence_from_rasa_counts_as_failure(make: MakeCorridor) -> None:
    async with make(rasa=ScriptedRasa(lambda _: says(""))) as corridor:
        await corridor.hear(update(1, "halo"))
    assert await corridor.count("tickets") == 1


async def test_an_ambiguous_send_is_unknown_and_not_repeated(make: MakeCorridor) -> None:
    corridor = make()
    corridor.telegram.script.append(Ambiguous("reset"))
    async with corridor:
        await corridor.hear(update(1, "halo"))
    assert corridor.telegram.words == []
    assert await corridor.count("outbox WHERE status = 'unknown' AND attempts = 1") == 1


async def test_a_blocked_bot_stops_writing_and_keeps_the_conversation(make: MakeCorridor) -> None:
    corridor = make()
    corridor.telegram.script.append(Unreachable("bot was blocked by the user"))
    async with corridor:
        await corridor.hear(update(1, "halo"))
    assert await corridor.count("outbox WHERE status = 'refused'") == 1
    assert await corridor.count("conversations WHERE unreachable LIKE '%blocked%'") == 1


@pytest.mark.parametrize(
    ("contact_of", "bound"), [(7001, True), (7009, False), (None, False)], ids=["own", "another's", "nobody's"]
)
async def test_only_an_own_contact_binds(make: MakeCorridor, contact_of: int | None, bound: bool) -> None:
    shared = {"phone_number": "+6281200000001", "first_name": "Siti"} | ({"user_id": contact_of} if contact_of else {})
    async with make(registry=PhoneBook({"+6281200000001": ("P-1",)})) as corridor:
        await corridor.hear(update(1, None, contact=shared))
    assert await corridor.count("identities WHERE participant_id = 'P-1'") == int(bound)
    assert corridor.telegram.words == [wording.BOUND if bound else wording.CONTACT_NOT_BOUND]


async def test_unknown_shared_and_foreign_numbers_sound_the_same(make: MakeCorridor) -> None:
    book = PhoneBook({"+62812000000012": ("P-1",)})
    contacts = [
        {"phone_number": "+6281299999999", "first_name": "S", "user_id": 7001},
        {"phone_number": "+62812000000012", "first_name": "S", "user_id": 7777},
        {"phone_number": "+62812000000012", "first_name": "S"},
        {"phone_number": "+6281299999999", "first_name": "S", "user_id": 7777},
    ]
    async with make(registry=book) as corridor:
        await corridor.hear(*[update(n, None, contact=contact) for n, contact in enumerate(contacts)])
    assert set(corridor.telegram.words) == {wording.CONTACT_NOT_BOUND}


async def test_a_registry_that_is_away_is_not_a_no(make: MakeCorridor) -> None:
    shared = {"phone_number": "+6281200000001", "first_name": "Siti", "user_id": 7001}
    async with make(registry=PhoneBook(away=True)) as corridor:
        await corridor.hear(update(1, None, contact=shared))
    assert corridor.telegram.words == [wording.CONTACT_LATER]


async def test_a_reply_goes_straight_out_unless_an_earlier_one_waits(make: MakeCorridor) -> None:
    corridor = make(rasa=ScriptedRasa(lambda asked: says(f"jawab {asked['text']}")))
    let_go = asyncio.Event()

    async def watch(message: OutboundMessage) -> None:
        if message.chat == str(SITI) and not let_go.is_set():
            raise RetryLater(0.2, "429")

    corridor.telegram.watch = watch
    async with corridor:
        await corridor.inbox.store([telegram_arrival(update(1, "satu"))])
        while not await corridor.count("outbox WHERE error = '429' AND status = 'due'"):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        await corridor.inbox.store([telegram_arrival(update(2, "dua")), telegram_arrival(update(3, "lain", chat=BUDI))])
        while await corridor.count("outbox") < 3 or not corridor.telegram.sent:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        let_go.set()
        await corridor.rest()
    assert corridor.telegram.words == ["jawab lain", "jawab satu", "jawab dua"]
    assert await corridor.count("outbox WHERE status = 'sent' AND attempts = 1") == 2


async def test_in_a_backlog_who_comes_last_does_not_wait_for_all_of_it(make: MakeCorridor) -> None:
    corridor = make()
    early = [telegram_arrival(update(n, f"antre {n}", chat=8000 + n)) for n in range(1, 151)]
    await corridor.store_only(*early)
    await corridor.store_only(telegram_arrival(update(900, "baru datang", chat=BUDI)))
    async with corridor:
        await corridor.rest()
    heard = [asked["text"] for asked in corridor.rasa.asked]
    assert heard.index("baru datang") < 75
    assert len(heard) == 151


async def test_a_long_queue_of_one_chat_is_heard_in_the_order_everybody_came(make: MakeCorridor) -> None:
    corridor = make()
    await corridor.store_only(*[telegram_arrival(update(n, f"siti {n}")) for n in range(1, 21)])
    await corridor.store_only(*[telegram_arrival(update(100 + n, "lain", chat=8000 + n)) for n in range(1, 41)])
    async with corridor:
        await corridor.rest()
    heard = [asked["text"] for asked in corridor.rasa.asked]
    assert [said for said in heard if said.startswith("siti")] == [f"siti {n}" for n in range(1, 21)]
