"""The index over the real articles, read once, and a way to write an article of one's own."""

from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge_base.search import Index, default_index

SOUND = """---
id: tea
key: tea
title: Waktu minum teh
intents: [ask_programme]
valid_from: 2020-05-01
valid_to: none
as_of: 2020-05-01
sources: [{name: warung.txt, outlet: Warung, date: 2020-05-01}]
owner: Tim konten
review_by: 2020-12-31
keywords: [teh, minum]
---

## answer

Per 1 Mei 2020 teh diminum sore hari.
"""

type WriteArticle = Callable[..., Path]


@pytest.fixture(scope="session")
def index() -> Index:
    return default_index()


@pytest.fixture
def write_article(tmp_path: Path) -> WriteArticle:
    """Write the sound article with some of its text replaced, and return its folder."""

    def write(*replacements: tuple[str, str], name: str = "tea") -> Path:
        text = SOUND
        for old, new in replacements:
            assert old in text, f"{old!r} is not in the sound article"
            text = text.replace(old, new)
        (tmp_path / f"{name}.md").write_text(text, encoding="utf-8")
        return tmp_path

    return write
