"""What was imported when: the age of every answer, and whether a table may be asked at all."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Identity
from sqlalchemy.orm import Mapped, mapped_column

from records.models.base import Base


class ImportRunRow(Base):
    """One import of a folder with its report."""

    __tablename__ = "import_runs"
    __table_args__ = ({"schema": "programme"},)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    at: Mapped[datetime]
    report: Mapped[dict[str, Any]]


class LoadedFileRow(Base):
    """The last run that loaded a file whole; a file without a row here was never loaded, so nothing is known of it."""

    __tablename__ = "loaded_files"
    __table_args__ = ({"schema": "programme"},)

    file: Mapped[str] = mapped_column(primary_key=True)
    """File name without extension, as `participants`."""
    run_id: Mapped[int] = mapped_column(ForeignKey("programme.import_runs.id"))
    at: Mapped[datetime]
    rows: Mapped[int]
