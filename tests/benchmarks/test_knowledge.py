"""The knowledge base grown for the figures is sound, and as easy to find the right article in."""

from pathlib import Path

from benchmarks.knowledge import grown, measure
from knowledge_base.articles import load_articles


def test_grown_articles_pass_every_check_and_are_about_other_matters(tmp_path: Path) -> None:
    articles = load_articles(grown(tmp_path / "articles", 200))
    assert len(articles) >= 200
    assert len({it.key for it in articles}) >= 100
    titles = [it.title for it in articles if it.id.startswith("platforms-2020-04")]
    assert len(set(titles)) == len(titles) >= 2


def test_the_right_article_is_found_among_more_of_them(tmp_path: Path) -> None:
    sides = measure(tmp_path, count=200, rounds=1)
    as_it_is, more = ({key: side[key] for key in ("right", "messages")} for side in sides.values())  # type: ignore[index]
    assert as_it_is["messages"] == more["messages"] > 150
    assert float(more["right"].rstrip("%")) > float(as_it_is["right"].rstrip("%")) - 3
