"""What is searched: the words of messages, cases and people, in tables of their own beside them.

The database keeps them by triggers from the views `searchable_…` (docs/decisions/0014-search-in-tables-of-its-own.md);
nobody writes to them. A row's marks say whose team it is (#), which channel (=) and which author (@).
"""

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, Index
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.schema import SchemaItem

from records.models.base import Base


def _indexes(name: str) -> tuple[SchemaItem, ...]:
    return (
        Index(f"ix_{name}_at_id", "at", "id"),
        Index(f"ix_{name}_words", "words", postgresql_using="gin", postgresql_with={"gin_pending_list_limit": "512"}),
    )


class SearchMessage(Base):
    """The words of a message in a conversation with a case; its id is the message's position."""

    __tablename__ = "search_messages"
    __table_args__ = _indexes("search_messages")

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    words: Mapped[str] = mapped_column(TSVECTOR)


class SearchTicket(Base):
    """The words of a case: number, summary, resolution, course, tags."""

    __tablename__ = "search_tickets"
    __table_args__ = _indexes("search_tickets")

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    words: Mapped[str] = mapped_column(TSVECTOR)


class SearchPerson(Base):
    """The name of somebody who has or had a case; its id is the identity's."""

    __tablename__ = "search_people"
    __table_args__ = _indexes("search_people")

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    """When their latest case was opened."""
    words: Mapped[str] = mapped_column(TSVECTOR)
