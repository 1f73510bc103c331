"""Versions of one question in time: no two on one day, no silent hole between two, no id twice.

A hole that is meant (no source covers it) is declared by `gap_after` on the earlier version, with the reason.
"""

from collections import Counter, defaultdict
from datetime import timedelta
from itertools import pairwise

from knowledge_base.article import Article, Problem


def lineage_problems(articles: list[Article]) -> list[Problem]:
    """Find doubled ids and, for each key, overlaps and undeclared gaps."""
    problems = [
        Problem(f"{name}.md", "id", "is used twice; give one of the two another id")
        for name, count in Counter(article.id for article in articles).items()
        if count > 1
    ]
    versions: defaultdict[str, list[Article]] = defaultdict(list)
    for article in articles:
        versions[article.key].append(article)
    for lineage in versions.values():
        lineage.sort(key=lambda article: article.valid_from)
        for earlier, later in pairwise(lineage):
            problems += _between(earlier, later)
        problems += _after_last(lineage[-1])
    return problems


def _between(earlier: Article, later: Article) -> list[Problem]:
    file, day_before = f"{earlier.id}.md", later.valid_from - timedelta(days=1)
    if earlier.valid_to is None or earlier.valid_to > day_before:
        return [Problem(file, "valid_to", f"overlaps {later.id}, same key {later.key}; end it on {day_before}")]
    if earlier.valid_to < day_before and not earlier.gap_after:
        what = f"leaves a gap before {later.id}, same key; end it on {day_before} or say why in gap_after"
        return [Problem(file, "valid_to", what)]
    if earlier.valid_to == day_before and earlier.gap_after:
        return [Problem(file, "gap_after", f"there is no gap before {later.id}; remove it")]
    return []


def _after_last(last: Article) -> list[Problem]:
    if last.valid_to is not None and not last.gap_after:
        return [Problem(f"{last.id}.md", "valid_to", "nothing follows; write a next version or say why in gap_after")]
    return []
