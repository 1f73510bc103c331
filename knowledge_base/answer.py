"""The one answer to a message on a day, or none: "belum ada jawabannya" is better than a guess.

An intent narrows the choice; the text decides between the articles of that intent. `default_for` in an article says
that it is a right answer to nearly any wording of that intent, so it may be given when the text decides nothing. Where
the text asks for something the articles do not know, the closest is given as what it is: near, not the answer.

`on` is the day the answer speaks of: today for a general question, the day a participant was declared
recipient for what they themselves are entitled to.
"""

from dataclasses import dataclass, replace
from datetime import date

from knowledge_base.article import Article
from knowledge_base.dates import in_indonesian
from knowledge_base.search import Hit, Index, default_index
from knowledge_base.words import stems

# Measured on tests/knowledge_base/queries.yml: below these the best hit is more often wrong than right.
ENOUGH_WITHOUT_INTENT, STRONG_SCORE = 0.5, 5.0
SURE_WITHIN_INTENT, KNOWN_WELL = 0.35, 0.45
ENOUGH_WITHIN_INTENT, STRONG_WITHIN_INTENT = 0.25, 6.0
ENOUGH_WITHIN_BROAD = 0.4
# With this share of words that stand in no article, the message asks for something else, or for more.
MOSTLY_FOREIGN, SOMEWHAT_FOREIGN = 0.5, 0.2
# In more words than this the unknown ones are the story, not the question.
STORY = 7

# What people may mean by these is too wide for any article to be right for nearly every wording.
BROAD_INTENTS = frozenset({"ask_programme"})

ONLY_NEAR = "Ini yang paling dekat di catatan saya, Kak; selebihnya belum ada jawabannya."
MAY_HAVE_CHANGED = (
    "Keterangan ini terakhir diperiksa per {as_of} dan bisa sudah berubah; cocokkan dulu dengan prakerja.go.id ya."
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What to say, the date it speaks of, its source, whether a review is overdue, and whether it is only near."""

    article_id: str
    title: str
    text: str
    as_of: date
    source_line: str
    overdue: bool
    detail: str
    score: float
    near: bool = False

    @property
    def message(self) -> str:
        """The whole reply: the answer, and in a last line a warning when it is old, and its source."""
        caution = MAY_HAVE_CHANGED.format(as_of=in_indonesian(self.as_of)) if self.overdue else ""
        said = f"{ONLY_NEAR} {self.text}" if self.near else self.text
        return f"{said}\n\n{f'{caution} {self.source_line}'.strip()}"


def best_answer(intent: str | None, text: str, on: date, *, index: Index | None = None) -> Answer | None:
    """Choose what may be said to a message on a day; none when no article is a sure enough answer."""
    index = index or default_index()
    if intent is None:
        hit = _by_text(index, text, on)
    else:
        hit = _within_intent(index, intent, text, on) or _default(index, intent, text, on)
    if hit is None:
        return None
    return replace(_answer(hit, on), near=intent is not None and _only_near(index, hit, text))


def _only_near(index: Index, hit: Hit, text: str) -> bool:
    told = len(set(stems(text)))
    return told <= STORY and hit.coverage < KNOWN_WELL and index.foreign_share(text) >= SOMEWHAT_FOREIGN


def _within_intent(index: Index, intent: str, text: str, on: date) -> Hit | None:
    hit = next(iter(index.search(text, on, limit=1, intent=intent)), None)
    if hit is None:
        return None
    if intent in BROAD_INTENTS:
        strong = hit.score >= STRONG_SCORE or hit.coverage == 1
        return hit if hit.coverage >= ENOUGH_WITHIN_BROAD and strong else None
    if hit.coverage >= SURE_WITHIN_INTENT:
        return hit
    partly = hit.coverage >= ENOUGH_WITHIN_INTENT and hit.score >= STRONG_WITHIN_INTENT
    return hit if partly and index.foreign_share(text) <= MOSTLY_FOREIGN else None


def _by_text(index: Index, text: str, on: date) -> Hit | None:
    hit = next(iter(index.search(text, on, limit=1)), None)
    if hit is None or hit.coverage < ENOUGH_WITHOUT_INTENT or hit.score < STRONG_SCORE:
        return None
    return hit if index.foreign_share(text) < SOMEWHAT_FOREIGN else None


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
