"""Titles that fit where the channel has little room, and still tell one choice from another."""

from collections import Counter
from collections.abc import Sequence

MORE = "…"


def short_titles(titles: Sequence[str], limit: int) -> list[str]:
    """Return the titles cut to the limit, no two of them equal."""
    given = [" ".join(title.split()) or MORE for title in titles]
    cut = [_head(title, limit) for title in given]
    for keep in range(limit // 3, limit - 2):
        twins = _twins(cut)
        if not twins:
            return cut
        # what they have in common stands at their beginning: show more of the end
        cut = [_both_ends(title, limit, keep) if n in twins else cut[n] for n, title in enumerate(given)]
    return _numbered(cut, limit)


def _twins(cut: Sequence[str]) -> set[int]:
    counts = Counter(title.casefold() for title in cut)
    return {n for n, title in enumerate(cut) if counts[title.casefold()] > 1}


def _head(title: str, limit: int) -> str:
    return title if len(title) <= limit else title[: limit - 1].rstrip() + MORE


def _both_ends(title: str, limit: int, keep: int) -> str:
    if len(title) <= limit:
        return title
    return title[: limit - 1 - keep].rstrip() + MORE + title[-keep:].lstrip()


def _numbered(cut: Sequence[str], limit: int) -> list[str]:
    used: set[str] = set()
    titles = []
    for title in cut:
        number, shown = 1, title
        while shown.casefold() in used:
            number += 1
            shown = _head(title, limit - len(f" {number}")) + f" {number}"
        used.add(shown.casefold())
        titles.append(shown)
    return titles
