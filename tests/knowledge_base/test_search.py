"""Informal, misspelt messages find the right article of the day, quickly."""

from datetime import date
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

import pytest
import yaml

from knowledge_base.search import Index
from knowledge_base.words import stems

QUERIES = yaml.safe_load((Path(__file__).parent / "queries.yml").read_text(encoding="utf-8"))
REHEARSAL_DAY = date(2020, 8, 24)


class Query(NamedTuple):
    text: str
    article: str
    day: date = REHEARSAL_DAY


FOUND = [Query(**query) for query in QUERIES["found"]]


def test_nine_in_ten_find_the_right_article_first(index: Index) -> None:
    assert len(FOUND) >= 60
    missed = [query for query in FOUND if _first(index, query) != query.article]
    assert len(missed) <= len(FOUND) * 0.1, missed


def test_every_article_is_found_by_some_message_or_is_a_version_of_one_that_is(index: Index) -> None:
    found = {it.key for it in index.articles if it.id in {query.article for query in FOUND}}
    assert {it.key for it in index.articles} - found <= {"who-runs", "legal-basis", "receive-once"}


def test_only_articles_valid_on_the_day_are_found(index: Index) -> None:
    for query in FOUND:
        assert all(hit.article.valid_on(query.day) for hit in index.search(query.text, query.day, limit=50))


def test_nothing_is_found_before_the_programme_began(index: Index) -> None:
    assert [hit for query in FOUND for hit in index.search(query.text, date(2020, 1, 1))] == []


def test_the_95th_percentile_stays_well_under_ten_milliseconds(index: Index) -> None:
    times = sorted(_milliseconds(index, query) for query in FOUND * 3)
    assert times[int(len(times) * 0.95)] < 10


def test_a_pasted_page_costs_no_more_than_a_message(index: Index) -> None:
    page = Query(" ".join(f"katapanjang{number:x}" for number in range(4000)), "")
    index.search("pemanasan", REHEARSAL_DAY)
    assert _milliseconds(index, page) < 200


@pytest.mark.parametrize(
    ("typed", "standard"),
    [
        ("duit cair2", "uang cair"),
        ("3,55jt", "3550000"),
        ("600 rb", "Rp600.000"),
        ("tokped", "Tokopedia"),
        ("PELATIHANNYA yaaaa", "pelatihan"),
        ("gel 7", "gelombang 7"),
        ("min kak dong sih", ""),
        ("\u200bjoki\u200b", "joki"),
    ],
)
def test_what_people_type_becomes_what_articles_say(typed: str, standard: str) -> None:
    assert stems(typed) == stems(standard)


@pytest.mark.parametrize("odd", ["", "   ", "😀", "\x00", "؟ مرحبا", "<b>", "2", "...", "-", "a" * 5000])
def test_odd_input_is_no_crash(index: Index, odd: str) -> None:
    assert isinstance(index.search(odd, REHEARSAL_DAY), list)


def _first(index: Index, query: Query) -> str | None:
    hits = index.search(query.text, query.day, limit=1)
    return hits[0].article.id if hits else None


def _milliseconds(index: Index, query: Query) -> float:
    started = perf_counter()
    index.search(query.text, query.day)
    return (perf_counter() - started) * 1000
