"""The checker of `helpdesk chaos` is given truths with one lie in each: it finds that lie and nothing else."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from helpdesk.chaos.checker import check
from helpdesk.chaos.evidence import TELEGRAM, WEB, WHATSAPP, Evidence, Heard, Said, Seen, Sent, TakenOver
from helpdesk.chaos.findings import CROSSED, DUPLICATE, KINDS, LOST, ORDER, OVER, STUCK

SITI, BUDI, RINA = "chat of siti", "chat of budi", "chat of rina"


def said(channel: str, chat: str, number: int) -> Said:
    at = 100.0 + number
    return Said(channel, chat, f"{chat} {number}", number, at, "taken", taken_at=at)


def heard(id_: int, channel: str, chat: str, number: int, conversation: str) -> Heard:
    at = 100.0 + number
    return Heard(
        id_, channel, f"{chat} {number}", conversation, "text", "done", at, id_ * 10, at + 1, "answered", replies=1
    )


def sent(id_: str, position: int, conversation: str, channel: str, text: str) -> Sent:
    return Sent(id_, position, conversation, channel, text, "bot", "sent", f"message {position}")


def seen(channel: str, chat: str, row: Sent, number: int) -> Seen:
    told = None if channel == TELEGRAM else row.id
    return Seen(channel, chat, number, 100.0 + number, row.text, row.provider_message_id or "", told)


S1, S2 = sent("s1", 1, "siti", TELEGRAM, "Halo Kak."), sent("s2", 3, "siti", TELEGRAM, "Laporan T-100001 dicatat.")
B1, R1 = sent("b1", 2, "budi", WHATSAPP, "Halo Kak."), sent("r1", 4, "rina", WEB, "Halo Kak.")
QUIET = Evidence(
    said=(said(TELEGRAM, SITI, 1), said(WHATSAPP, BUDI, 2), said(TELEGRAM, SITI, 3), said(WEB, RINA, 4)),
    heard=(
        heard(1, TELEGRAM, SITI, 1, "siti"),
        heard(2, WHATSAPP, BUDI, 2, "budi"),
        heard(3, TELEGRAM, SITI, 3, "siti"),
        heard(4, WEB, RINA, 4, "rina"),
    ),
    sent=(S1, B1, S2, R1),
    seen=(
        seen(TELEGRAM, SITI, S1, 2),
        seen(TELEGRAM, SITI, S2, 4),
        seen(WHATSAPP, BUDI, B1, 2),
        seen(WEB, RINA, R1, 2),
    ),
    conversations={"siti": (TELEGRAM, SITI), "budi": (WHATSAPP, BUDI), "rina": (WEB, RINA)},
    tickets={"T-100001": "siti"},
    open_tickets={"siti": 1},
    taken_over=(TakenOver("siti", at=150.0),),
)
"""Everybody answered once, in order; Siti's case taken over after her last answer."""


def with_row(row: Sent, **values: object) -> Evidence:
    """The same run with one row of the outbox told otherwise."""
    changed = replace(row, **values)  # type: ignore[arg-type]
    return replace(QUIET, sent=tuple(changed if one is row else one for one in QUIET.sent))


def with_event(number: int, **values: object) -> Evidence:
    """The same run with one row of the inbox told otherwise."""
    return replace(
        QUIET,
        heard=tuple(replace(one, **values) if one.id == number else one for one in QUIET.heard),  # type: ignore[arg-type]
    )


def without_event(number: int) -> Evidence:
    return replace(QUIET, heard=tuple(one for one in QUIET.heard if one.id != number))


def unseen(row: Sent) -> Evidence:
    return replace(QUIET, seen=tuple(one for one in QUIET.seen if (one.chat, one.text) != (chat_of(row), row.text)))


def seen_also(*more: Seen) -> Evidence:
    return replace(QUIET, seen=(*QUIET.seen, *more))


def chat_of(row: Sent) -> str:
    return QUIET.conversations[row.conversation][1]


LIES: dict[str, tuple[str, Callable[[], Evidence]]] = {
    "a message is acknowledged and not in the inbox": (
        LOST,
        lambda: replace(QUIET, said=(*QUIET.said, said(WHATSAPP, BUDI, 9))),
    ),
    "a message is done without an answer": (LOST, lambda: with_event(2, replies=0)),
    "a reply on WhatsApp is marked as sent and never arrived": (LOST, lambda: unseen(B1)),
    "a reply on Telegram is marked as sent and never arrived": (LOST, lambda: unseen(S1)),
    "a reply on the web is marked as sent and cannot be fetched": (LOST, lambda: unseen(R1)),
    "a reply is given up": (
        LOST,
        lambda: replace(unseen(B1), sent=with_row(B1, status="refused", error="menyerah setelah 12 kali: 502").sent),
    ),
    "a reply reaches a phone twice on WhatsApp": (DUPLICATE, lambda: seen_also(seen(WHATSAPP, BUDI, B1, 9))),
    "a reply reaches a phone twice on Telegram": (
        DUPLICATE,
        lambda: seen_also(replace(seen(TELEGRAM, SITI, S1, 9), message_id="message 99", at=110.0)),
    ),
    "a reply reaches a phone three times and was sent again once": (
        DUPLICATE,
        lambda: replace(
            seen_also(seen(WHATSAPP, BUDI, B1, 8), seen(WHATSAPP, BUDI, B1, 9)), sent=with_row(B1, repeats=1).sent
        ),
    ),
    "two cases are open for one conversation": (DUPLICATE, lambda: replace(QUIET, open_tickets={"siti": 2})),
    "the second message is answered first": (
        ORDER,
        lambda: replace(
            QUIET,
            heard=tuple(replace(one, position=5) if one.id == 3 else one for one in QUIET.heard),
        ),
    ),
    "of two messages of one delivery the second is answered first": (
        ORDER,
        lambda: replace(
            QUIET,
            heard=tuple(
                replace(one, position=5 if one.id == 3 else one.position, received_at=104.0, began=104.1)
                if one.id in (1, 3)
                else one
                for one in QUIET.heard
            ),
        ),
    ),
    "a message that came late but in time is answered last": (
        ORDER,
        # stored after the other and acknowledged long before the other was begun
        lambda: replace(
            QUIET,
            said=(replace(QUIET.said[0], taken_at=104.0), *QUIET.said[1:]),
            heard=(
                replace(QUIET.heard[0], id=8, position=80, received_at=104.0),
                QUIET.heard[1],
                replace(QUIET.heard[2], position=30, began=109.0),
                QUIET.heard[3],
            ),
        ),
    ),
    "the second answer is shown first": (
        ORDER,
        lambda: replace(
            QUIET,
            seen=tuple(replace(one, number=1) if one.message_id == "message 3" else one for one in QUIET.seen),
        ),
    ),
    "Budi's answer reaches Siti": (
        CROSSED,
        lambda: replace(
            QUIET,
            seen=(
                *QUIET.seen[:2],
                replace(QUIET.seen[2], chat=SITI, channel=WHATSAPP),
                QUIET.seen[3],
            ),
        ),
    ),
    "Budi reads the number of Siti's ticket": (
        CROSSED,
        lambda: replace(
            with_row(B1, text="Laporan T-100001 dicatat."),
            seen=tuple(
                replace(one, text="Laporan T-100001 dicatat.") if one.chat == BUDI else one for one in QUIET.seen
            ),
        ),
    ),
    "words come from nowhere": (
        CROSSED,
        lambda: seen_also(Seen(TELEGRAM, SITI, 9, 110.0, "Saldo Kakak Rp600.000.", "message 98")),
    ),
    "the bot speaks after the take-over": (
        OVER,
        lambda: replace(QUIET, taken_over=(TakenOver("siti", at=103.0),)),
    ),
    "a message still waits": (STUCK, lambda: with_event(4, status="pending", position=None)),
    "a message is set aside and nobody is told": (STUCK, lambda: with_event(2, status="parked")),
    "a reply is still being sent": (
        STUCK,
        lambda: replace(unseen(B1), sent=with_row(B1, status="sending", provider_message_id=None).sent),
    ),
    "a reply is still due": (STUCK, lambda: replace(unseen(R1), sent=with_row(R1, status="due").sent)),
    "what WhatsApp told of a reply was not heeded": (STUCK, lambda: with_row(B1, status="unknown")),
    "a worker never let a conversation go": (STUCK, lambda: replace(QUIET, held_lanes=("budi",))),
}


def test_a_run_without_fault_has_no_findings() -> None:
    verdict = check(QUIET)
    assert list(verdict.findings) == []
    assert verdict.counted["acknowledged"] == 4
    assert verdict.counted["reached a phone"] == 4


@pytest.mark.parametrize("lie", LIES)
def test_the_planted_finding_is_found_and_nothing_else(lie: str) -> None:
    kind, evidence = LIES[lie]
    assert [finding.kind for finding in check(evidence()).findings] == [kind]


def test_there_is_a_lie_of_every_kind() -> None:
    assert {kind for kind, _ in LIES.values()} == set(KINDS)


def test_a_crash_that_repeats_one_message_is_listed_and_no_finding() -> None:
    again = replace(seen(TELEGRAM, SITI, S1, 9), message_id="message 99", at=110.0)
    verdict = check(replace(seen_also(again), sent=with_row(S1, repeats=1).sent))
    assert list(verdict.findings) == []
    assert verdict.counted["seen twice, and listed"] == 1
    assert [line for line in verdict.listed if "s1" in line] == list(verdict.listed)


@pytest.mark.parametrize("arrived", [True, False])
def test_a_send_without_an_answer_is_unknown_whether_it_arrived_or_not(arrived: bool) -> None:
    lost = unseen(S1)
    phone = (*lost.seen, replace(seen(TELEGRAM, SITI, S1, 2), message_id="message 97")) if arrived else lost.seen
    verdict = check(replace(lost, seen=phone, sent=with_row(S1, status="unknown", provider_message_id=None).sent))
    assert list(verdict.findings) == []
    assert len(verdict.listed) == 1


def test_what_was_never_acknowledged_was_never_promised() -> None:
    lost = replace(said(TELEGRAM, SITI, 9), outcome="expired")
    verdict = check(replace(QUIET, said=(*QUIET.said, lost)))
    assert list(verdict.findings) == []
    assert verdict.counted["expired at the provider"] == 1


def test_a_message_that_came_after_the_later_one_was_begun_is_no_inversion() -> None:
    late = (
        replace(QUIET.heard[0], id=8, position=80, received_at=110.0),
        QUIET.heard[1],
        replace(QUIET.heard[2], position=30, began=104.0),
        QUIET.heard[3],
    )
    came = (replace(QUIET.said[0], taken_at=110.0), *QUIET.said[1:])
    assert list(check(replace(QUIET, said=came, heard=late)).findings) == []


def test_a_message_that_was_asked_for_again_may_come_out_of_order() -> None:
    again = replace(B1, asked_again=True, repeats=1)
    later = replace(B1, id="b2", position=9, text="Baik, Kak.", provider_message_id="message 9")
    phone = (seen(WHATSAPP, BUDI, later, 3), seen(WHATSAPP, BUDI, again, 4))
    others = tuple(one for one in QUIET.seen if one.chat != BUDI)
    sent_rows = (*(row for row in QUIET.sent if row is not B1), again, later)
    pressed = replace(QUIET.heard[1], id=7, key="a press", kind="button", replies=0, position=70)
    run = replace(QUIET, sent=sent_rows, seen=(*others, *phone), heard=(*QUIET.heard, pressed))
    assert list(check(run).findings) == []


def test_what_whatsapp_could_not_tell_us_yet_may_be_unknown() -> None:
    phone = tuple(replace(one, settled=False) if one.chat == BUDI else one for one in QUIET.seen)
    verdict = check(replace(with_row(B1, status="unknown"), seen=phone))
    assert list(verdict.findings) == []
    assert len(verdict.listed) == 1


def test_an_address_that_is_filled_in_when_it_is_sent_makes_no_other_message_of_it() -> None:
    told = "Lanjut di sini: "
    phone = tuple(replace(one, text=f"{told}https://t.me/x") if one.text == S1.text else one for one in QUIET.seen)
    again = replace(phone[0], message_id="message 99", number=9, at=110.0)
    run = replace(with_row(S1, text=f"{told}[TAUTAN]", repeats=1), seen=(*phone, again))
    assert list(check(run).findings) == []


def test_the_bot_may_speak_again_once_the_case_is_given_back() -> None:
    assert list(check(replace(QUIET, taken_over=(TakenOver("siti", at=101.5, until=101.9),))).findings) == []


def test_an_agent_may_speak_after_the_take_over() -> None:
    agent = replace(with_row(S2, author="agent"), taken_over=(TakenOver("siti", at=103.0),))
    assert list(check(agent).findings) == []
