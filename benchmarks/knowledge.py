"""`bench knowledge`: reading and searching a knowledge base of 2,000 articles and more, grown from the real ones.

A grown article is a real one about another matter: its own key, title and keywords, and words nobody else has, as a
second programme's articles would. The messages are the ones of tests/knowledge_base; finding the right article among
2,000 is counted too, since a search may be quick because it finds nothing. A search waits for nothing, so its time is
the processor's: on a busy machine the clock would measure the others.
"""

import random
import shutil
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import yaml

from benchmarks.figures import quantile
from helpdesk.settings import ROOT
from knowledge_base.articles import ARTICLES_FOLDER, load_articles
from knowledge_base.search import Index

QUERIES = ROOT / "tests" / "knowledge_base"
REHEARSAL_DAY = date(2020, 8, 24)
SYLLABLES = ("ba", "ce", "di", "go", "hu", "ja", "ke", "li", "mo", "nu", "pa", "re", "si", "to", "wu")
OWN_WORDS = 3


def measure(bench: Path, *, count: int, rounds: int) -> dict[str, object]:
    """Return the figures of the real articles and of so many."""
    folder = grown(bench / "articles", count)
    return {"as it is": _figures(ARTICLES_FOLDER, rounds), "grown": _figures(folder, rounds)}


def grown(folder: Path, count: int) -> Path:
    """Write a folder of at least so many articles: the real ones, and whole sets of their kind about other matters."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    real = sorted(ARTICLES_FOLDER.glob("*.md"))
    chance = random.Random(count)
    for copy in range(-(-count // len(real))):
        for source in real:
            text = source.read_text(encoding="utf-8")
            text, name = (
                (_about_another_matter(text, copy, chance), f"{source.stem}-x{copy}") if copy else (text, source.stem)
            )
            (folder / f"{name}.md").write_text(text, encoding="utf-8")
    return folder


def _about_another_matter(text: str, copy: int, chance: random.Random) -> str:
    words = ["".join(chance.choices(SYLLABLES, k=4)) for _ in range(OWN_WORDS)]
    lines = text.splitlines()
    for number, line in enumerate(lines):
        if line.startswith(("id: ", "key: ")):
            lines[number] = f"{line}-x{copy}"
        elif line.startswith('title: "'):
            lines[number] = f'{line[:-1]} {words[0]}"'
        elif line.startswith("keywords:"):
            lines[number] = "\n".join([line, *(f"  - {word}" for word in words)])
    return "\n".join(lines) + "\n"


def _figures(folder: Path, rounds: int) -> dict[str, object]:
    began = time.perf_counter()
    articles = load_articles(folder)
    read = time.perf_counter()
    Index(articles)
    ready = time.perf_counter()
    messages = list(_messages())
    took, right = [], 0
    for _ in range(rounds):
        index = Index(articles)  # a new one each time: it remembers corrected words
        index.search("pemanasan", REHEARSAL_DAY)
        for text, wanted, day in messages:
            asked = time.thread_time()
            hits = index.search(text, day)
            took.append(time.thread_time() - asked)
            right += bool(hits) and hits[0].article.id.split("-x")[0] in wanted
    return {
        "articles": len(articles),
        "read_s": round(read - began, 2),
        "index_s": round(ready - read, 2),
        "p50_ms": round(quantile(took, 0.5) * 1000, 2),
        "p95_ms": round(quantile(took, 0.95) * 1000, 2),
        "p99_ms": round(quantile(took, 0.99) * 1000, 2),
        "right": f"{right / len(took):.1%}",
        "messages": len(took),
    }


def _messages() -> Iterator[tuple[str, list[str], date]]:
    for name in ("queries.yml", "hard_queries.yml"):
        for line in yaml.safe_load((QUERIES / name).read_text(encoding="utf-8"))["found"]:
            wanted = line["article"]
            yield line["text"], [wanted] if isinstance(wanted, str) else wanted, line.get("day", REHEARSAL_DAY)
