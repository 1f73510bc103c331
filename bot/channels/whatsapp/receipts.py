"""What a status of a webhook says of a message we sent."""

from datetime import UTC, datetime
from typing import Any

import orjson

from bot.channels.whatsapp.reading import CHANNEL, moment_of
from bot.events import DeliveryStatus, Unreadable

STATUSES = {"sent": "sent", "delivered": "delivered", "read": "read", "played": "read", "failed": "refused"}
LARGEST_CODE = 2**31 - 1


def parse_status(raw: bytes) -> DeliveryStatus:
    """Return what became of a message we sent; raises Unreadable."""
    try:
        body = orjson.loads(raw)
        errors = body.get("errors") or []
        moment = moment_of(body)
        return DeliveryStatus(
            channel=CHANNEL,
            external_id=f"status:{body['id']}:{body['status']}:{moment}",
            provider_message_id=_named(body["id"]),
            outbox_id=ours if isinstance(ours := body.get("biz_opaque_callback_data"), str) else None,
            status=STATUSES[body["status"]],
            error="; ".join(_said(error) for error in errors).replace("\0", "") or None,
            raw=raw,
            at=datetime.fromtimestamp(moment, UTC) if moment else None,
            code=_code(errors[0]) if errors else None,
        )
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as problem:
        raise Unreadable(f"status WhatsApp yang rusak: {type(problem).__name__}") from problem


def _said(error: dict[str, Any]) -> str:
    # titles are to go; the details are what Meta tells to build on
    details = (error.get("error_data") or {}).get("details")
    return f"{error.get('code')}: {details or error.get('message') or error.get('title')}"


def _code(error: dict[str, Any]) -> int | None:
    code = error.get("code")
    return int(code) if code is not None and 0 <= int(code) <= LARGEST_CODE else None


def _named(value: Any) -> str:
    if not isinstance(value, str) or not value or "\0" in value:
        raise ValueError("a status of no message")
    return value
