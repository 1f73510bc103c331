"""What the articles say is what the sources say: every founding fact is in one, and no figure is without a fact."""

import re
from pathlib import Path

import pytest
import yaml

from knowledge_base.article import Article
from knowledge_base.dates import MONTHS
from knowledge_base.search import Index

TABLE = yaml.safe_load((Path(__file__).parent / "facts.yml").read_text(encoding="utf-8"))
FOUNDING, FIGURES = TABLE["founding"], TABLE["figures"]
DAY = re.compile(rf"\d{{1,2}} (?:{'|'.join(MONTHS)})(?: \d{{4}})?|(?:{'|'.join(MONTHS)}) \d{{4}}")
STEP = re.compile(r"^\d\. ", re.MULTILINE)
FIGURE = re.compile(r"\d[\d.,]*\d|\d")
FILES = {
    "000_f8f1719fe64417ce.txt",
    "001_3adcc787c5dcdd88.txt",
    "002_9ec77fc2c40d680e.txt",
    "003_bb901a50a5788761.txt",
    "004_d00573e517ef4ffb.txt",
}
# Counted when the five articles were gone through line by line; a fact may be added, none may be dropped.
FACTS_OF_THE_FIVE = 76


def article(index: Index, name: str) -> Article:
    return next(it for it in index.articles if it.id == name)


def figures(text: str) -> set[str]:
    return set(FIGURE.findall(STEP.sub("", DAY.sub(" ", text))))


def test_the_table_holds_the_facts_of_all_five_articles() -> None:
    assert len({fact["fact"] for fact in FOUNDING}) >= FACTS_OF_THE_FIVE
    assert {fact["source"] for fact in FOUNDING} == FILES


@pytest.mark.parametrize("fact", FOUNDING, ids=lambda fact: fact["fact"])
def test_a_founding_fact_is_stated_with_its_file_and_date(index: Index, fact: dict[str, object]) -> None:
    for name in fact["articles"]:  # type: ignore[attr-defined]
        it = article(index, name)
        said = it.detail if fact.get("part") == "detail" else it.answer
        assert str(fact["says"]).lower() in said.lower(), name
        assert (fact["source"], fact["date"]) in {(source.name, source.date) for source in it.sources}, name


def test_what_only_agents_may_read_is_in_no_answer(index: Index) -> None:
    kept_back = [fact["says"].lower() for fact in FOUNDING if fact.get("part") == "detail"]
    assert [it.id for it in index.articles for says in kept_back if says in it.answer.lower()] == []


@pytest.mark.parametrize("fact", FIGURES, ids=lambda fact: fact["key"])
def test_a_figure_is_stated_by_every_article_that_names_it(index: Index, fact: dict[str, str]) -> None:
    for name in fact["articles"]:
        assert fact["value"].lower() in article(index, name).answer.lower(), name


def test_no_answer_states_a_figure_that_is_not_a_fact(index: Index) -> None:
    for it in index.articles:
        stated = [fact["value"] for fact in FIGURES if it.id in fact["articles"]]
        stated += [fact["says"] for fact in FOUNDING if it.id in fact["articles"]]
        assert figures(it.answer) <= figures(" ".join(stated)), it.id


def test_the_amounts_of_the_2020_scheme_add_up() -> None:
    priced = [(fact["key"], re.search(r"Rp[\d.]+", fact["value"])) for fact in FIGURES]
    amounts = {key: int(re.sub(r"\D", "", found[0])) for key, found in priced if found}
    assert amounts["job-search incentive"] * 4 == amounts["job-search incentive in all"]
    assert amounts["one survey 2020"] * 3 == amounts["surveys 2020 in all"]
    assert amounts["job-search incentive in all"] + amounts["surveys 2020 in all"] == amounts["most cash 2020"]
    assert amounts["most cash 2020"] + amounts["training balance 2020"] == amounts["value in all 2020"]
    assert amounts["most cash 2023"] + amounts["training balance 2023"] == amounts["value in all 2023"]


def test_the_sunday_is_never_called_a_saturday(index: Index) -> None:
    """One source dates a quote “Sabtu (23/8/2020)”; that day was a Sunday."""
    assert [it.id for it in index.articles if re.search(r"sabtu[^.]{0,10}23", it.answer.lower())] == []
