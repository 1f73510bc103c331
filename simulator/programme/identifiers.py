"""Identifiers of the right shape that cannot be anybody's.

NIK regions start with 99 (no such province), phones with +62 840 (084 is in no Indonesian numbering block),
cards with 0000 (no issuer), e-mails end in .example (RFC 2606), Telegram ids lie above nine billion.
"""

import hashlib
from datetime import date
from random import Random

CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def nik(number: int, born: date, woman: bool, *, before: int = 0) -> str:
    """Make a NIK: region, birth date (women: day + 40), serial, higher where others of that day came before."""
    serial, region = divmod(number, 9999)
    serial += before
    day = born.day + (40 if woman else 0)
    return f"99{region:04d}{day:02d}{born.month:02d}{born.year % 100:02d}{serial + 1:04d}"


def phone(number: int) -> str:
    """Make an E.164 number in the block nobody can hold."""
    return f"+62840{number:08d}"


def card_number(number: int, random: Random) -> str:
    """Make a 16-digit card number no issuer could have given."""
    return f"0000{random.randrange(10**5):05d}{number:07d}"


def telegram_id(number: int) -> int:
    """Make a Telegram user id beyond those handed out."""
    return 9_000_000_000 + number


def whatsapp_user_id(number: int) -> str:
    """Make a business-scoped WhatsApp user id."""
    return f"ID.{10**17 + number}"


def code(random: Random, length: int) -> str:
    """Draw letters and digits that cannot be misread."""
    return "".join(random.choices(CODE_LETTERS, k=length))


def redeem_code(letters: str) -> str:
    """Make a redeem code of twelve letters and digits, as the documents sample it, of at least six drawn letters."""
    return f"PRK{letters[:6]}{int(code_hash(letters), 16) % 1000:03d}"


def code_hash(value: str) -> str:
    """Hash a redeem code as the tables hand it over."""
    return hashlib.sha256(value.encode()).hexdigest()
