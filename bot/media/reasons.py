"""Why a file is not kept, or not yet: one word each, said in Indonesian by the corridor and by the desk.

Unkept
├── Refuse   never: the file itself is at fault
├── Gone     the provider says it has no such file
└── Later    nobody is at fault: try again
"""

TOO_LARGE = "too_large"
TYPE = "type"
PIXELS = "pixels"
BROKEN = "broken"
INFECTED = "infected"
FOREIGN = "foreign_host"
"""The provider pointed somewhere we do not go."""
GONE = "not_there"
AWAY = "away"
"""The provider could not be asked, or did not answer in time."""
EXPIRED_LINK = "expired_link"
DIGEST = "digest"
"""The bytes are not those the provider announced."""
SCANNER_AWAY = "scanner_away"
TROUBLE = "trouble"
"""Something nobody foresaw; the log says what."""


class Unkept(Exception):
    """The file is not kept, or not yet."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(detail or reason)
        self.reason = reason


class Refuse(Unkept):
    """This file is never kept."""


class Gone(Unkept):
    """The provider has no such file; asked a few times, then believed."""


class Later(Unkept):
    """Try again after a while."""
