"""Who is called so: people are looked up first, by the beginnings of the words of their names.

A name that very many have is narrowed to those whose cases are newest (`MOST`); the page says so.
"""

import re
from uuid import UUID

from sqlalchemy import func, select

from records.database import ReadSession
from records.models import Conversation, SearchPerson

WORD = re.compile(r"\w+")
MOST = 1000


def number_in(words: str) -> str:
    """Return the ticket number or its beginning that these words are, or nothing where they are a name."""
    number = words.strip().upper().removeprefix("T-")
    return f"T-{number}" if number.isascii() and number.isdecimal() else ""


async def chats_of(session: ReadSession, words: str) -> list[UUID]:
    """Return the conversations of people whose names have words that begin so."""
    parts = WORD.findall(words.lower())
    if not parts:
        return []
    query = func.to_tsquery("simple", " & ".join(f"{part}:*" for part in parts))
    newest = select(SearchPerson.id).where(SearchPerson.words.op("@@")(query)).order_by(SearchPerson.at.desc())
    people = newest.limit(MOST).subquery()
    return list(await session.scalars(select(Conversation.id).join(people, people.c.id == Conversation.identity_id)))
