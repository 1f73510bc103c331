"""How an event's id is kept: hashed, because WhatsApp's holds the sender's number and the web's a visitor's cookie.

A hash still tells a repeated delivery, also after the person it came from was erased. Telegram's update numbers name
nobody and stay.
"""

import hashlib


def stored_id(channel: str, external_id: str) -> str:
    """Return what the inbox keeps of a provider's event id."""
    return external_id if channel == "telegram" else hashlib.sha256(external_id.encode()).hexdigest()
