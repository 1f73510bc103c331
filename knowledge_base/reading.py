"""From the text of one .md file to an Article, collecting every problem instead of stopping at the first."""

import re
from collections.abc import Callable
from datetime import date, datetime

import yaml

from knowledge_base.article import ANSWER_LIMIT, ANSWER_PARAGRAPHS, Article, Problem, Source
from knowledge_base.dates import in_indonesian
from knowledge_base.intents import ANSWERABLE_INTENTS

FRONT_MATTER = re.compile(r"\A---\n(.*?)\n---\n(.*)\Z", re.DOTALL)
SECTION = re.compile(r"^## (answer|detail)\s*$", re.MULTILINE)
ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
# libyaml where it is there: it reads some eight times as fast
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
FIELDS = frozenset(Article.__dataclass_fields__) - {"answer", "detail"}

type Complain = Callable[[str, str], None]


def read_article(file: str, text: str) -> tuple[Article | None, list[Problem]]:
    """Read one file; the article is missing when it cannot be understood at all."""
    problems: list[Problem] = []

    def complain(field: str, what_to_do: str) -> None:
        problems.append(Problem(file, field, what_to_do))

    front, sections = _split(text, complain)
    if front is None:
        return None, problems
    article = _build(front, sections, complain)
    if article is not None:
        _check(file, article, complain)
    return article, problems


def _split(text: str, complain: Complain) -> tuple[dict[str, object] | None, dict[str, str]]:
    match = FRONT_MATTER.match(text)
    if match is None:
        complain("front matter", "begin the file with a block between two lines of ---")
        return None, {}
    try:
        front = LOADER(match[1]).get_single_data()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        complain("front matter", f"mend the YAML{f' at line {mark.line + 2}' if mark else ''}")
        return None, {}
    if not isinstance(front, dict):
        complain("front matter", "write it as `field: value` lines")
        return None, {}
    parts = SECTION.split(match[2])
    return front, {name: body.strip() for name, body in zip(parts[1::2], parts[2::2], strict=True)}


def _build(front: dict[str, object], sections: dict[str, str], complain: Complain) -> Article | None:
    for field in sorted(front.keys() - FIELDS):
        complain(str(field), f"unknown field; known are {', '.join(sorted(FIELDS))}")
    words = {field: _word(front, field, complain) for field in ("id", "key", "title", "owner")}
    days = {field: _day(front, field, complain) for field in ("valid_from", "as_of", "review_by")}
    valid_to = None if front.get("valid_to") in (None, "none") else _day(front, "valid_to", complain)
    sources = _sources(front.get("sources"), complain)
    if None in words.values() or None in days.values():
        return None
    gap = front.get("gap_after")
    return Article(
        id=words["id"] or "",
        key=words["key"] or "",
        title=words["title"] or "",
        intents=_words(front, "intents", complain),
        default_for=_words(front, "default_for", complain, needed=False),
        valid_from=days["valid_from"] or date.min,
        valid_to=valid_to,
        as_of=days["as_of"] or date.min,
        sources=sources,
        owner=words["owner"] or "",
        review_by=days["review_by"] or date.min,
        keywords=_words(front, "keywords", complain),
        gap_after=str(gap) if gap else None,
        answer=sections.get("answer", ""),
        detail=sections.get("detail", ""),
    )


def _word(front: dict[str, object], field: str, complain: Complain) -> str | None:
    value = front.get(field)
    if isinstance(value, str) and value.strip():
        return value.strip()
    complain(field, "missing; write one line of text")
    return None


def _words(front: dict[str, object], field: str, complain: Complain, *, needed: bool = True) -> tuple[str, ...]:
    value = front.get(field)
    if value is None and not needed:
        return ()
    if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
        return tuple(value)
    complain(field, "write a list of at least one text, as in [satu, dua]; quote what YAML reads as a number")
    return ()


def _day(front: dict[str, object], field: str, complain: Complain) -> date | None:
    value = front.get(field)
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    complain(field, "missing or no date; write it as 2020-09-04")
    return None


def _sources(value: object, complain: Complain) -> tuple[Source, ...]:
    if not isinstance(value, list) or not value:
        complain("sources", "name at least one source with name, outlet and date (or `date: none`)")
        return ()
    sources = []
    for entry in value:
        if not isinstance(entry, dict) or not entry.get("name") or not entry.get("outlet") or "date" not in entry:
            complain("sources", "every source needs name, outlet and date (`date: none` when it carries none)")
            continue
        day = None if entry["date"] in (None, "none") else _day(entry, "date", complain)
        sources.append(Source(str(entry["name"]), str(entry["outlet"]), day))
    return tuple(sources)


def _check(file: str, article: Article, complain: Complain) -> None:
    if not ID.fullmatch(article.id) or file != f"{article.id}.md":
        complain("id", f"use small letters, digits and hyphens, and name the file {article.id}.md")
    for intent in (*article.intents, *article.default_for):
        if intent not in ANSWERABLE_INTENTS:
            complain("intents", f"{intent} is no question or complaint of the taxonomy; see knowledge_base/intents.py")
    for intent in set(article.default_for) - set(article.intents):
        complain("default_for", f"{intent} must also stand in intents")
    _check_days(article, complain)
    _check_answer(article, complain)


def _check_days(article: Article, complain: Complain) -> None:
    if article.valid_to is not None and article.valid_to < article.valid_from:
        complain("valid_to", "ends before valid_from; swap or correct the two dates")
    if article.as_of > article.valid_from:
        complain("as_of", "is later than valid_from: nothing is said before it was known; move valid_from to as_of")
    if article.review_by <= article.as_of:
        complain("review_by", "must be later than as_of")
    first = article.sources[0].date if article.sources else None
    if first is not None and first > article.as_of:
        complain("sources", "the first source is the one quoted; its date cannot be later than as_of")


def _check_answer(article: Article, complain: Complain) -> None:
    if not article.answer:
        complain("answer", "missing; write it under a line `## answer`")
        return
    if len(article.answer) > ANSWER_LIMIT:
        too_long = f"has {len(article.answer)} characters; shorten it to {ANSWER_LIMIT}, move the rest to detail"
        complain("answer", too_long)
    if len(re.split(r"\n\s*\n", article.answer)) > ANSWER_PARAGRAPHS:
        complain("answer", f"has more than {ANSWER_PARAGRAPHS} paragraphs; join or move some to detail")
    if in_indonesian(article.as_of) not in article.answer:
        complain("answer", f"must carry its date: write “per {in_indonesian(article.as_of)}” in the text")
