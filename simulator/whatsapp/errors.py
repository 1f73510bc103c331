"""What Meta says when it refuses: codes count, titles may change.

MetaRefusal carries the code; the functions below name the ones a help desk meets.
"""

import secrets
from typing import Any

TITLES = {
    100: "Invalid parameter",
    190: "Invalid OAuth access token - Cannot parse access token",
    130429: "Rate limit hit",
    131000: "Something went wrong",
    131008: "Required parameter is missing",
    131009: "Parameter value is not valid",
    131026: "Message undeliverable",
    131047: "Re-engagement message",
    131048: "Spam rate limit hit",
    131049: "This message was not delivered to maintain healthy ecosystem engagement.",
    131051: "Unsupported message type",
    131056: "(Business Account, Consumer Account) pair rate limit hit",
    132000: "Number of parameters does not match the expected number of params",
    132001: "Template name does not exist in the translation",
    132015: "Template is Paused",
    132016: "Template is Disabled",
    132018: "Invalid template parameter",
}


class MetaRefusal(Exception):
    """An error answer of the Graph API."""

    def __init__(self, code: int, details: str, status: int = 400) -> None:
        super().__init__(details)
        self.code, self.details, self.status = code, details, status

    def body(self) -> dict[str, Any]:
        """Give the body Meta sends."""
        title = TITLES.get(self.code, "Something went wrong")
        error: dict[str, Any] = {"message": f"(#{self.code}) {title}", "type": "OAuthException", "code": self.code}
        error["error_data"] = {"messaging_product": "whatsapp", "details": self.details}
        return {"error": error | {"fbtrace_id": f"A{secrets.token_urlsafe(16)}"}}


def status_error(code: int, details: str) -> dict[str, Any]:
    """Describe an error as a failed status carries it."""
    title = TITLES.get(code, "Something went wrong")
    return {"code": code, "title": title, "message": title, "error_data": {"details": details}}


def bad_token() -> MetaRefusal:
    """Refuse a wrong or missing bearer token."""
    return MetaRefusal(190, "The access token is invalid or has expired.", 401)


def missing(name: str) -> MetaRefusal:
    """Refuse a body without a required parameter."""
    return MetaRefusal(131008, f"Required parameter is missing: {name}")


def invalid(details: str) -> MetaRefusal:
    """Refuse a parameter that is not as documented."""
    return MetaRefusal(131009, details)


def window_closed() -> MetaRefusal:
    """Refuse a free-form message outside the 24 hours."""
    why = (
        "Message failed to send because more than 24 hours have passed since the customer last replied to this number."
    )
    return MetaRefusal(131047, why)


def too_fast() -> MetaRefusal:
    """Refuse what exceeds the throughput of the number."""
    return MetaRefusal(
        130429, "Message failed to send because there were too many messages sent from this phone number."
    )


def too_many_to_one() -> MetaRefusal:
    """Refuse what exceeds the pair rate."""
    why = "Message failed to send because there were too many messages sent to this recipient in a short time."
    return MetaRefusal(131056, why)
