"""What Telegram says when it refuses, in its own words.

TelegramRefusal
├── bad_request   400, retrying does not help
├── forbidden     403, the person or group cannot be reached
├── conflict      409, polling against a webhook or another poller
└── flood         429, wait retry_after seconds
"""

from typing import Any


class TelegramRefusal(Exception):
    """An answer with ok=false."""

    def __init__(self, error_code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.error_code, self.description, self.parameters = error_code, description, parameters

    def body(self) -> dict[str, Any]:
        """Give the body Telegram sends."""
        body: dict[str, Any] = {"ok": False, "error_code": self.error_code, "description": self.description}
        return body | ({"parameters": self.parameters} if self.parameters else {})


def bad_request(why: str, **parameters: int) -> TelegramRefusal:
    """Refuse a request that can never succeed as it is."""
    return TelegramRefusal(400, f"Bad Request: {why}", **parameters)


def forbidden(why: str) -> TelegramRefusal:
    """Refuse because the chat is closed to the bot."""
    return TelegramRefusal(403, f"Forbidden: {why}")


def conflict(why: str) -> TelegramRefusal:
    """Refuse one of two that exclude each other."""
    return TelegramRefusal(409, f"Conflict: {why}")


def flood(retry_after: int) -> TelegramRefusal:
    """Refuse because too much was sent."""
    return TelegramRefusal(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)
