"""Tokens and keys of a system that has none of its own: made once, kept in var/secrets.env, readable by its owner only.

What the environment or .env gives comes before these; they serve the rehearsal and the walls between our own parts.
"""

import secrets
from collections.abc import Callable
from pathlib import Path

from cryptography.fernet import Fernet

from helpdesk.places import write_whole

OWNER_ONLY = 0o600


def _token() -> str:
    return secrets.token_urlsafe(32)


def _number(digits: int) -> str:
    return str(secrets.randbelow(9 * 10 ** (digits - 1)) + 10 ** (digits - 1))


MAKERS: dict[str, Callable[[], str]] = {
    "HELPDESK_DATA_KEY": lambda: Fernet.generate_key().decode(),
    "RASA_TURN_TOKEN": _token,
    "BOT_CONSOLE_TOKEN": _token,
    "BOT_METRICS_TOKEN": _token,
    "DESK_SETUP_CODE": lambda: secrets.token_urlsafe(12),
    "TELEGRAM_TOKEN": lambda: f"{_number(10)}:AA{secrets.token_urlsafe(32)[:33]}",
    "TELEGRAM_SECRET": _token,
    "WHATSAPP_TOKEN": lambda: "EAA" + secrets.token_hex(40),
    "WHATSAPP_PHONE_NUMBER_ID": lambda: _number(15),
    "WHATSAPP_APP_SECRET": lambda: secrets.token_hex(16),
    "WHATSAPP_VERIFY_TOKEN": _token,
    "PROGRAMME_CLIENT_CODE": lambda: "HELPDESK-" + _number(6),
    "PROGRAMME_SIGN_KEY": lambda: secrets.token_hex(32),
}


def keep(path: Path) -> dict[str, str]:
    """Return the secrets of this folder, making those that are not there yet."""
    kept = read(path)
    missing = {name: make() for name, make in MAKERS.items() if not kept.get(name)}
    if missing:
        kept |= missing
        write_whole(path, "".join(f"{name}={value}\n" for name, value in kept.items()), OWNER_ONLY)
    path.chmod(OWNER_ONLY)
    return kept


def read(path: Path) -> dict[str, str]:
    """Return the secrets that are there."""
    if not path.exists():
        return {}
    lines = [line for line in path.read_text().splitlines() if "=" in line and not line.startswith("#")]
    return {name: value for name, _, value in (line.partition("=") for line in lines)}
