"""The one answer to a message on a day, or none: "belum ada jawabannya" is better than a guess.

An intent narrows the choice; the text decides between the articles of that intent. `default_for` in an article says
that it is a right answer to nearly any wording of that intent, so it may be given when the text decides nothing.

`on` is the day the answer speaks of: today for a general question, the day a participant was declared
recipient for what they themselves are entitled to.
"""

from dataclasses import dataclass
from datetime import date

from knowledge_base.article import Article
from knowledge_base.dates import in_indonesian
from knowledge_base.search import Hit, Index, default_index
from knowledge_base.words import stems

# Measured on tests/knowledge_base/queries.yml: below these the best hit is more often wrong than right.
ENOUGH_WITHOUT_INTENT, STRONG_SCORE = 0.5, 5.0
ENOUGH_WITHIN_INTENT, STRONG_WITHIN_INTENT = 0.25, 6.0
ENOUGH_WITHIN_BROAD = 0.4

# What people may mean by these is too wide for any article to be right for nearly every wording.
BROAD_INTENTS = frozenset({"ask_programme"})


@dataclass(frozen=True, slots=True)
class Answer:
    """What to say, the date it speaks of, where it comes from, and whether a review is overdue."""

    article_id: str
    title: str
    text: str
    as_of: date
    source_line: str
    overdue: bool
    detail: str
    score: float

    @property
    def message(self) -> str:
        """The whole reply: the answer, a warning when it is old, and its source."""
        caution = f"Keterangan ini terakhir diperiksa per {in_indonesian(self.as_of)} dan bisa sudah berubah. "
        caution += "Cocokkan dulu dengan prakerja.go.id ya."
        return "\n\n".join(part for part in (self.text, caution if self.overdue else "", self.source_line) if part)


def best_answer(intent: str | None, text: str, on: date, *, index: Index | None = None) -> Answer | None:
    """Choose what may be said to a message on a day; none when no article is a sure enough answer."""
    index = index or default_index()
    if intent is None:
        hit = _by_text(index, text, on)
    else:
        hit = _within_intent(index, intent, text, on) or _default(index, intent, text, on)
    return _answer(hit, on) if hit else None


def _within_intent(index: Index, intent: str, text: str, on: date) -> Hit | None:
    hit = next(iter(index.search(text, on, limit=1, intent=intent)), None)
    if hit is None:
        return None
    if intent in BROAD_INTENTS:
        return hit if hit.coverage >= ENOUGH_WITHIN_BROAD and hit.score >= STRONG_SCORE else None
    return hit if hit.coverage >= ENOUGH_WITHIN_INTENT or hit.score >= STRONG_WITHIN_INTENT else None


def _by_text(index: Index, text: str, on: date) -> Hit | None:
    hit = next(iter(index.search(text, on, limit=1)), None)
    return hit if hit and hit.coverage >= ENOUGH_WITHOUT_INTENT and hit.score >= STRONG_SCORE else None


def _default(index: Index, intent: str, text: str, on: date) -> Hit | None:
    if intent in BROAD_INTENTS and stems(text):
        return None
    return next((Hit(it, 0.0, 0.0) for it in index.for_intent(intent, on) if intent in it.default_for), None)


def _answer(hit: Hit, on: date) -> Answer:
    article = hit.article
    return Answer(
        article_id=article.id,
        title=article.title,
        text=article.answer,
        as_of=article.as_of,
        source_line=_source_line(article),
        overdue=article.overdue_on(on),
        detail=article.detail,
        score=hit.score,
    )


def _source_line(article: Article) -> str:
    return f"Sumber: {article.sources[0].line}"
