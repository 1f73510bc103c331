"""How far the records are: a number that only rises, kept in one row and noted beside the database as well."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from records.models.base import Base


class Epoch(Base):
    """The one row."""

    __tablename__ = "epoch"
    __table_args__ = (CheckConstraint("only_row", name="only_row"),)

    only_row: Mapped[bool] = mapped_column(primary_key=True, server_default=text("true"))
    lineage: Mapped[uuid.UUID] = mapped_column(server_default=text("gen_random_uuid()"))
    """Made with the tables and kept by every copy of them: which records these are."""
    number: Mapped[int] = mapped_column(BigInteger, server_default="1")
    """Raised by every restoration."""
    tide: Mapped[int] = mapped_column(BigInteger, server_default="0")
    """Rises while bots run; records whose tide is below one that was seen are older than what was lost."""
    moved_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    """Real time of the last rise."""
    restored_at: Mapped[datetime | None]
    report: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"))
    """What the last restoration set aside, and the gap it found."""
