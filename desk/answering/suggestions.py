"""Suggested answers: what the bot would say of each finding that holds now, and articles that are valid today.

Each comes with its source and its age, to be edited and sent by a person. What could not be asked suggests nothing, and
what is no longer valid is not offered.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from desk.answering.sources import ARTICLE, FINDING
from desk.findings import Checked
from desk.wording import moment
from knowledge_base.article import Article
from knowledge_base.dates import in_indonesian
from knowledge_base.search import Hit, for_intent, search
from records.clock import WIB, wib

MOST, MOST_ARTICLES = 9, 4
FITS = 0.35
"""Below this share of known words an article is no answer to what was said."""
ALREADY = "Bot sudah mengatakan ini."


@dataclass(frozen=True)
class Suggestion:
    """Words to begin with, and what they rest on."""

    kind: str
    reference: str
    title: str
    text: str
    source: str
    as_of: datetime | None
    words: str
    """The same without its date or source."""
    caution: str = ""
    """What to look at before sending."""

    @property
    def told(self) -> bool:
        """Whether the bot said it already."""
        return self.caution == ALREADY

    @property
    def named(self) -> str:
        """How a form names its source."""
        return f"{self.kind}:{self.reference}"


def suggested(
    findings: Sequence[Checked], said: str, intents: Sequence[str], now: datetime, told: Sequence[str] = ()
) -> tuple[Suggestion, ...]:
    """Return what there is to suggest: of the case's findings, then of the knowledge base, last what was told already.

    Args:
        findings: Of the case.
        said: What the participant said last.
        intents: What the case is about.
        now: Articles are valid on this day.
        told: What the bot said last.
    """
    offered = [*_of_findings(findings, now), *_of_articles(said, intents, wib(now).date())]
    known = [it for it in offered if any(it.words in text for text in told)]
    fresh = [it for it in offered if it not in known]
    return tuple([*fresh, *(replace(it, caution=ALREADY) for it in known)][:MOST])


def _of_findings(findings: Sequence[Checked], now: datetime) -> Iterator[Suggestion]:
    told: set[str] = set()
    for found in findings:
        holds = found.now
        gone = found.again is not None and found.again.state == "gone"
        if gone or holds.verdict == "unknown" or not holds.said or "{" in holds.said or holds.said in told:
            continue
        told.add(holds.said)
        newest = holds.rows[0].source if holds.rows else ""
        caution = "Cek ulang terakhir belum bisa ditanyakan." if found.failed else ""
        dated = f"{holds.said} (Data per {moment(found.as_of, now)}.)" if found.as_of else holds.said
        reference = found.run or found.check
        yield Suggestion(
            FINDING, reference, found.topic or found.label, dated, newest, found.as_of, holds.said, caution
        )


def _of_articles(said: str, intents: Sequence[str], today: date) -> list[Suggestion]:
    """Return articles valid today: those that fit what was said, then those of the case's meanings."""
    hits = [hit for hit in search(said, today, limit=MOST_ARTICLES * 2) if _fits(hit, intents)] if said else []
    meant = [it for intent in intents for it in for_intent(intent, today) if intent in it.default_for]
    chosen = dict.fromkeys([*(hit.article for hit in hits), *meant])
    return [_of_article(article, today) for article in list(chosen)[:MOST_ARTICLES]]


def _fits(hit: Hit, intents: Sequence[str]) -> bool:
    meant = any(intent in hit.article.intents for intent in intents)
    return hit.coverage >= (FITS if meant else 2 * FITS)


def _of_article(article: Article, today: date) -> Suggestion:
    until = f", berlaku sampai {in_indonesian(article.valid_to)}" if article.valid_to else ""
    return Suggestion(
        kind=ARTICLE,
        reference=article.id,
        title=article.title,
        text=f"{article.answer}\n\nSumber: {article.sources[0].line}",
        source=f"{article.sources[0].line}{until}",
        as_of=datetime.combine(article.as_of, time(12), WIB),
        words=article.answer,
        caution="Peninjauannya sudah lewat; cocokkan dulu." if article.overdue_on(today) else "",
    )
