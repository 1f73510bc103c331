"""How the articles say it: short, warm, dated, nothing forbidden, and an answer to every question on every day."""

import re
from datetime import date, timedelta

import pytest

from knowledge_base.answer import best_answer
from knowledge_base.article import ANSWER_LIMIT
from knowledge_base.dates import MONTHS
from knowledge_base.intents import ANSWERED_FROM_KNOWLEDGE, EXPLAINED_FROM_KNOWLEDGE
from knowledge_base.search import Index

REHEARSAL_DAY = date(2020, 8, 24)
DAY = re.compile(rf"\d{{1,2}} (?:{'|'.join(MONTHS)})(?: \d{{4}})?|(?:{'|'.join(MONTHS)}) \d{{4}}")
FIRST_DAY, TODAY = date(2020, 4, 11), date(2026, 12, 31)


FORBIDDEN = {
    "blame": r"salah (kamu|anda|sendiri)(?<!bukan salahmu)|kesalahan (kamu|anda)|kamu (lalai|ceroboh)|makanya",
    "denial": r"tidak ada masalah|semua (normal|lancar)",
    "stiffness": r"\banda\b|dimohon|diharapkan|harap\b|wajib|silahkan",
    "jargon": r"\b(user|error|backend|server|input|submit|klik|redirect)\b",
    "promise": r"pasti (lolos|cair|dikembalikan|selesai)(?!\")|dijamin|kami jamin|akan diperpanjang",
    "asking for secrets": r"(kirim|sebutkan|tulis)(kan)? (otp|pin|nik|kata sandi|nomor kartu)(mu)? (ke|di) (sini|saya)",
    "cash that is none": r"(insentif|tunai|uang)[^.]{0,30}(total\w*|sebesar) rp3\.550\.000",
    "politics": r"konflik kepentingan|belva",
    "two ways of speaking": r"(?<!“)\bkamu\b|\w-mu\b",
}


@pytest.mark.parametrize("pattern", FORBIDDEN.values(), ids=FORBIDDEN.keys())
def test_no_answer_carries(index: Index, pattern: str) -> None:
    assert [it.id for it in index.articles if re.search(pattern, it.answer.lower())] == []


def test_answers_speak_to_a_person(index: Index) -> None:
    """Short sentences and "kamu": a tired reader on a small phone."""
    for it in index.articles:
        prose = " ".join(line for line in it.answer.splitlines() if not re.match(r"- |\d\. ", line))
        for sentence in re.split(r"(?<=[.!?]) ", DAY.sub("tanggal", prose)):
            assert len(sentence.split()) <= 36, (it.id, sentence)


def test_no_two_articles_share_an_answer(index: Index) -> None:
    answers = [it.answer for it in index.articles]
    assert len(set(answers)) == len(answers)


def test_there_are_enough_articles(index: Index) -> None:
    assert len(index.articles) >= 80


def test_a_whole_reply_fits_a_small_phone(index: Index) -> None:
    """With its source, and with the warning when it is old: three paragraphs, and short."""
    for it in index.articles:
        for day in (it.valid_from, it.valid_to or TODAY):
            reply = best_answer(it.intents[0], it.title, day, index=Index([it]))
            assert reply is not None, it.id
            assert len(reply.message.split("\n\n")) <= 3, it.id
            assert len(reply.message) <= ANSWER_LIMIT + (len(reply.message) - len(reply.text) if reply.overdue else 0)


def test_what_is_our_own_rule_was_looked_at_lately(index: Index) -> None:
    own = [it for it in index.articles if it.sources[0].name.startswith("docs/") and it.valid_to is None]
    assert own
    assert [it.id for it in own if it.overdue_on(date(2026, 12, 31))] == []


def days() -> list[date]:
    return [FIRST_DAY + timedelta(days=number) for number in range((TODAY - FIRST_DAY).days)]


@pytest.mark.parametrize("intent", sorted(ANSWERED_FROM_KNOWLEDGE | EXPLAINED_FROM_KNOWLEDGE))
def test_every_question_has_an_article_on_every_day(index: Index, intent: str) -> None:
    assert [day for day in days() if not index.for_intent(intent, day)] == []


@pytest.mark.parametrize("intent", sorted((ANSWERED_FROM_KNOWLEDGE | EXPLAINED_FROM_KNOWLEDGE) - {"ask_programme"}))
def test_every_question_has_something_to_say_when_words_decide_nothing(index: Index, intent: str) -> None:
    silent = [day for day in days()[::7] if not any(intent in it.default_for for it in index.for_intent(intent, day))]
    assert silent == []


def test_only_one_article_a_day_is_the_default_of_a_question(index: Index) -> None:
    for intent in sorted(ANSWERED_FROM_KNOWLEDGE):
        for day in days()[::7]:
            meant = [it.id for it in index.for_intent(intent, day) if intent in it.default_for]
            assert len(meant) <= 1, (intent, day, meant)
