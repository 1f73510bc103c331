"""What a provider tells about our own account: a template paused, the number's quality, a restriction."""

from datetime import datetime

from sqlalchemy import BigInteger, Identity, Index
from sqlalchemy.orm import Mapped, mapped_column

from records.models.base import Base


class ChannelNews(Base):
    """One piece of news; of each topic and subject the latest one holds. No participant is named in any."""

    __tablename__ = "channel_news"
    __table_args__ = (Index("ix_channel_news_latest", "channel", "topic", "subject", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    channel: Mapped[str]
    topic: Mapped[str]
    """The webhook's field (message_template_status_update, account_update …), or sending: what a send was told."""
    subject: Mapped[str]
    """What it is about: a template, a number; empty: the account."""
    event: Mapped[str]
    """The provider's own word: PAUSED, DOWNGRADE, ACCOUNT_RESTRICTION, or an error code."""
    trouble: Mapped[bool]
    """Whether an operator has to know; news that all is well again ends it."""
    words: Mapped[str]
    """What it means, for the operator."""
    at: Mapped[datetime]
    """By the injected clock."""
