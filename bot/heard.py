"""An event as the bot hears it: opened, masked, and with the choice it makes where it is a pressed or typed button."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

import orjson

from bot.events import InboundEvent, Kind
from bot.identity.words import without_tokens
from bot.masking import Masked, holds_secret, mask
from bot.wording import GREETING_TEXT

MODEL_LIMIT = 4096
TYPED_TITLE_LIMIT = 40
QUOTED_LIMIT = 300
GREETING = re.compile(r"/(start|bantuan|help)(?:@\w+)?(?:\s+(.*))?", re.IGNORECASE | re.DOTALL)
PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""What a deep link may carry after /start. It proves nothing: whoever made the link chose it."""


@dataclass(frozen=True)
class Heard:
    """What was said, without personal data."""

    event: InboundEvent
    masked: Masked
    choice: dict[str, Any] | None = None
    stale_press: bool = False
    unkept: bool = False
    """Nothing raw of it is kept, though it is no secret to warn of: what was asked for to know who speaks."""

    @property
    def forgotten(self) -> bool:
        """Whether the raw words are kept nowhere."""
        return self.unkept or self.masked.secret

    @property
    def context(self) -> dict[str, Any]:
        """What staff should see beside the words: what they answer to, and whether they were passed on."""
        context: dict[str, Any] = {"forwarded": True} if self.event.forwarded else {}
        if quoted := self.event.reply_to:
            words = without_tokens(mask(visible(quoted.text)).text)[:QUOTED_LIMIT]
            context["reply_to"] = {"text": words, "ours": quoted.ours}
        return context

    @property
    def asked(self) -> str:
        """The text the model gets."""
        return self.masked.text[:MODEL_LIMIT]

    @property
    def blank(self) -> bool:
        """Whether nothing in it can be read as words or numbers."""
        return not any(letter.isalnum() for letter in self.masked.text)


def hear(event: InboundEvent, offered: list[dict[str, Any]]) -> Heard:
    """Return the event as heard, given the buttons that were offered last."""
    said, opened = _opened(event, visible(event.text))
    masked = _masked(event, said)
    if event.kind is Kind.BUTTON:
        pressed = next((button for button in offered if event.token and button["token"] == event.token), None)
        if pressed is None:
            return Heard(event, masked, stale_press=True)
        return Heard(event, Masked(pressed["title"], masked.kinds if masked.secret else ()), choice=pressed["choice"])
    choice = None if event.forwarded else _typed(said, offered)
    return Heard(event, masked, choice=choice, unkept=opened)


def _opened(event: InboundEvent, said: str) -> tuple[str, bool]:
    """Return what is said after /start or /bantuan, a greeting where that is nothing, and whether a link was followed.

    What a deep link carries is neither read nor kept: only who made the link knows what it opens.
    """
    found = GREETING.fullmatch(said) if event.kind is Kind.TEXT else None
    if found is None:
        return said, False
    command, rest = found[1].lower(), (found[2] or "").strip()
    payload = command == "start" and PAYLOAD.fullmatch(rest) is not None
    return (GREETING_TEXT if payload or not rest else rest), payload


def _masked(event: InboundEvent, said: str) -> Masked:
    """Mask what was said; a secret anywhere else in the event (name, contact, file name, quote) counts too."""
    masked = mask(said)
    if masked.secret or not _secret_beside(event):
        return masked
    return Masked(masked.text, (*masked.kinds, "OTP"), masked.codes)


def _secret_beside(event: InboundEvent) -> bool:
    try:
        return holds_secret(orjson.loads(event.raw), besides=event.text)
    except orjson.JSONDecodeError:
        return False


def visible(text: str) -> str:
    """Return the text without characters that show nothing (zero-width, direction marks, NUL), line breaks kept."""
    kept = (
        letter for letter in text if letter in "\n\t" or unicodedata.category(letter) not in ("Cf", "Cc", "Cs", "Co")
    )
    return unicodedata.normalize("NFC", "".join(kept)).strip()


def _typed(said: str, offered: list[dict[str, Any]]) -> dict[str, Any] | None:
    if not offered or len(said) > TYPED_TITLE_LIMIT:
        return None
    wanted = said.casefold().strip(" .!")
    found = next((button for button in offered if button["title"].casefold() == wanted), None)
    return found["choice"] if found else None
