"""What proves that a call is Meta's: the signature over the raw bytes, and the token of the set-up call."""

import hashlib
import hmac

from bot.settings import WhatsAppSettings


def genuine(settings: WhatsAppSettings, header: str | None, body: bytes) -> bool:
    """Return whether X-Hub-Signature-256 is Meta's over these very bytes."""
    secret = settings.whatsapp_app_secret.get_secret_value()
    proper = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return bool(secret) and hmac.compare_digest((header or "").encode(), proper.encode())


def challenge(settings: WhatsAppSettings, mode: str | None, token: str | None) -> bool:
    """Return whether Meta's set-up call presents our verify token."""
    wanted = settings.whatsapp_verify_token.get_secret_value()
    return mode == "subscribe" and bool(wanted) and hmac.compare_digest((token or "").encode(), wanted.encode())
