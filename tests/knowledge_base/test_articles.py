"""What the articles say: figures that agree with the facts, a warm tone, nothing forbidden, an answer every day."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml

from knowledge_base.article import Article
from knowledge_base.dates import MONTHS
from knowledge_base.intents import ANSWERED_FROM_KNOWLEDGE, EXPLAINED_FROM_KNOWLEDGE
from knowledge_base.search import Index

FACTS = yaml.safe_load((Path(__file__).parent / "facts.yml").read_text(encoding="utf-8"))
REHEARSAL_DAY = date(2020, 8, 24)
DAY = re.compile(rf"\d{{1,2}} (?:{'|'.join(MONTHS)})(?: \d{{4}})?|(?:{'|'.join(MONTHS)}) \d{{4}}")
STEP = re.compile(r"^\d\. ", re.MULTILINE)
FIGURE = re.compile(r"\d[\d.,]*\d|\d")
FOUNDING = re.compile(r"00[0-4]_[0-9a-f]{16}\.txt")


def article(index: Index, name: str) -> Article:
    return next(it for it in index.articles if it.id == name)


def figures(text: str) -> set[str]:
    return set(FIGURE.findall(STEP.sub("", DAY.sub(" ", text))))


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact["key"])
def test_a_fact_is_stated_by_every_article_that_names_it(index: Index, fact: dict[str, str]) -> None:
    for name in fact["articles"]:
        assert fact["value"].lower() in article(index, name).answer.lower(), name


def test_no_answer_states_a_figure_that_is_not_a_fact(index: Index) -> None:
    for it in index.articles:
        covered = " ".join(fact["value"] for fact in FACTS if it.id in fact["articles"])
        assert figures(it.answer) <= figures(covered), it.id


def test_the_amounts_of_the_2020_scheme_add_up(index: Index) -> None:
    priced = [(fact["key"], re.search(r"Rp[\d.]+", fact["value"])) for fact in FACTS]
    amounts = {key: int(re.sub(r"\D", "", found[0])) for key, found in priced if found}
    assert amounts["job-search incentive"] * 4 == amounts["job-search incentive in all"]
    assert amounts["one survey 2020"] * 3 == amounts["surveys 2020 in all"]
    assert amounts["job-search incentive in all"] + amounts["surveys 2020 in all"] == amounts["most cash 2020"]
    assert amounts["most cash 2020"] + amounts["training balance 2020"] == amounts["value in all 2020"]
    assert amounts["most cash 2023"] + amounts["training balance 2023"] == amounts["value in all 2023"]


FORBIDDEN = {
    "blame": r"salah (kamu|anda|sendiri)(?<!bukan salahmu)|kesalahan (kamu|anda)|kamu (lalai|ceroboh)|makanya",
    "denial": r"tidak ada masalah|semua (normal|lancar)",
    "stiffness": r"\banda\b|dimohon|diharapkan|harap\b|wajib|silahkan",
    "jargon": r"\b(user|error|backend|server|input|submit|klik|redirect)\b",
    "promise": r"pasti (lolos|cair|dikembalikan|selesai)(?!\")|dijamin|kami jamin|akan diperpanjang",
    "asking for secrets": r"(kirim|sebutkan|tulis)(kan)? (otp|pin|nik|kata sandi|nomor kartu)(mu)? (ke|di) (sini|saya)",
    "cash that is none": r"(insentif|tunai|uang)[^.]{0,30}(total\w*|sebesar) rp3\.550\.000",
    "politics": r"konflik kepentingan|belva",
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


def test_there_are_enough_articles_and_the_news_is_attributed(index: Index) -> None:
    assert len(index.articles) >= 30
    founding = {source.name for it in index.articles for source in it.sources if FOUNDING.fullmatch(source.name)}
    assert len(founding) == 5


@pytest.mark.parametrize("intent", sorted(ANSWERED_FROM_KNOWLEDGE | EXPLAINED_FROM_KNOWLEDGE))
def test_every_intent_of_this_room_has_an_article_on_the_rehearsal_day(index: Index, intent: str) -> None:
    assert index.for_intent(intent, REHEARSAL_DAY)


@pytest.mark.parametrize("intent", sorted(ANSWERED_FROM_KNOWLEDGE))
def test_no_day_since_is_without_an_article(index: Index, intent: str) -> None:
    days = [REHEARSAL_DAY + timedelta(days=number) for number in range(2000)]
    assert [day for day in days if not index.for_intent(intent, day)] == []
