"""What a person types about who they are: a few fixed commands, four digits that were asked for, a one-time link.

Read before the model, in the raw text, and only here.
"""

import re
from enum import StrEnum

OWN_BINDING = "own_binding"
"""What the corridor's own buttons choose instead of an intent; the model knows no such thing."""
LINK_PATH = "/masuk/"


class Command(StrEnum):
    """What can be asked about one's own binding."""

    WEB = "web"
    BIND = "bind"
    UNBIND = "unbind"
    UNBIND_SURELY = "unbind_surely"
    KEEP = "keep"


TYPED = {
    Command.WEB: (
        *("/web", "lanjut di web", "lanjut web", "tautan web", "link web", "minta tautan web", "minta link web"),
        *("buka di web", "mau tautan web", "mau link web"),
    ),
    Command.BIND: (
        *("/hubungkan", "hubungkan", "hubungkan nomor", "hubungkan nomor saya", "hubungkan data saya"),
        *("hubungkan lagi", "sambungkan nomor saya"),
    ),
    Command.UNBIND: (
        *("/putuskan", "putuskan", "putuskan data saya", "putuskan nomor saya", "putuskan hubungan", "putuskan nomor"),
        *("lepas nomor", "lepas nomor saya", "lepaskan nomor saya", "lepas data saya", "lepaskan data saya"),
    ),
}
COMMANDS = {words: command for command, typed in TYPED.items() for words in typed}
FOUR_DIGITS = re.compile(r"(?<!\d)(\d{4})(?!\d)")
WHOLE_NIK = re.compile(r"(?<!\d)(?:\d[\s.\-]?){12}(\d{4})(?!\d)")
BESIDE_DIGITS = re.compile(
    r"\b(?:nik|ktp|angka|digit|nomor|no|terakhir|akhir|belakang|nya|saya|sy|punya|itu|ini|adalah|yaitu|kak|min|4|empat|ya)\b"
    r"|[\s.,:;=!?\-]"
)
SHORT = 60
TOKEN_IN_TEXT = re.compile(r"/masuk/[A-Za-z0-9_\-]{16,}")


def command(text: str) -> Command | None:
    """Return the command a message is, if it is nothing else."""
    words = " ".join(text.casefold().split()).strip(" .!")
    if words.startswith("/"):
        words = words.split("@")[0]
    return COMMANDS.get(words)


def last_digits(text: str) -> str | None:
    """Return the four digits a message consists of (or the last four of a whole NIK); words around them may be few."""
    said = text.casefold()[: SHORT + 1]
    if len(said) > SHORT:
        return None
    whole = WHOLE_NIK.search(said)
    found = whole or FOUR_DIGITS.search(said)
    if found is None or BESIDE_DIGITS.sub("", said.replace(found.group(), " ", 1)):
        return None
    return found[1]


def link_token(text: str) -> str | None:
    """Return the token of a one-time link in a message."""
    found = TOKEN_IN_TEXT.search(text)
    return found.group().removeprefix(LINK_PATH) if found else None


def without_tokens(text: str) -> str:
    """Return a text whose one-time links cannot be used."""
    return TOKEN_IN_TEXT.sub(LINK_PATH + "[TAUTAN]", text)
