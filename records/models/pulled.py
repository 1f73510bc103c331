"""What a chat that fetches its messages has been shown, numbered in the order in which it became visible."""

import uuid

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from records.models.base import Base


class PulledEntry(Base):
    """The place of a message in a web or console chat: 1, 2, 3 … without a gap.

    A message's own position is given before its transaction ends and before it may be shown, so a reader who goes by it
    can miss one that was written earlier and seen later. This number is given when a message is first seen.
    """

    __tablename__ = "pulled_entries"

    conversation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("conversations.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    message_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("messages.id"), unique=True)
