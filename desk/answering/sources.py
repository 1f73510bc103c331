"""Where a reply came from: findings, articles and prepared words an agent began with, kept with what was sent."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import cache
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from checks.table import CHECKS
from desk.findings import Checked
from desk.wording_checks import BY_FINDING, check_name
from knowledge_base.article import Article
from knowledge_base.search import default_index
from records.models import CannedReply, ReplySource

FINDING, ARTICLE, CANNED = "finding", "article", "canned"
MOST = 9


@dataclass(frozen=True)
class Source:
    """One source of a reply, as a form names it: kind:reference."""

    kind: str
    reference: str
    as_of: datetime | None = None

    @property
    def said(self) -> str:
        """How a form names it."""
        return f"{self.kind}:{self.reference}"


def named(words: Iterable[str]) -> tuple[Source, ...]:
    """Return the sources a form names; what is no source of ours is left out."""
    parts = (word.partition(":") for word in dict.fromkeys(words))
    sources = (Source(kind, reference) for kind, _, reference in parts)
    return tuple(source for source in sources if _is_ours(source))[:MOST]


def dated(sources: Iterable[Source], findings: Iterable[Checked]) -> tuple[Source, ...]:
    """Return them with how old they are: articles and what was found of the case."""
    ages = {found.run or found.check: found.as_of for found in findings}
    return tuple(Source(it.kind, it.reference, _age(it, ages)) for it in sources)


async def keep_sources(session: AsyncSession, message_id: UUID, sources: Iterable[Source]) -> None:
    """Write down what a message was made from, and count the prepared words that were used."""
    for source in sources:
        session.add(
            ReplySource(message_id=message_id, kind=source.kind, reference=source.reference, as_of=source.as_of)
        )
        if source.kind == CANNED:
            used = update(CannedReply).where(CannedReply.id == UUID(source.reference))
            await session.execute(used.values(used=CannedReply.used + 1))


def source_name(kind: str, reference: str) -> str:
    """Return how staff read a source."""
    if kind == FINDING:
        return f"cek “{check_name(reference)}”"
    if kind == ARTICLE:
        article = articles().get(reference)
        return f"artikel “{article.title}”" if article else "artikel yang sudah tidak ada"
    return "balasan siap pakai"


@cache
def articles() -> dict[str, Article]:
    """Return every article by its id."""
    return {article.id: article for article in default_index().articles}


def _age(source: Source, findings: dict[str, datetime | None]) -> datetime | None:
    if source.kind == FINDING:
        return findings.get(source.reference)
    article = articles().get(source.reference) if source.kind == ARTICLE else None
    return datetime.combine(article.as_of, time(5), UTC) if article else None


def _is_ours(source: Source) -> bool:
    if source.kind == FINDING:
        return source.reference in CHECKS or source.reference in BY_FINDING
    if source.kind == ARTICLE:
        return source.reference in articles()
    return source.kind == CANNED and _is_id(source.reference)


def _is_id(word: str) -> bool:
    try:
        return str(UUID(word)) == word
    except ValueError:
        return False
