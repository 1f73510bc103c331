"""When a channel could last bring us what people do: what tells an outage afterwards."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from records.models.base import Base


class Presence(Base):
    """One channel; an outage stays written here until its open questions were asked again."""

    __tablename__ = "presences"

    channel: Mapped[str] = mapped_column(primary_key=True)
    present_at: Mapped[datetime]
    away_from: Mapped[datetime | None]
    """Since when the channel was away, in an outage that ended."""
    back_at: Mapped[datetime | None]
    """When it was back."""
