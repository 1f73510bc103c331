"""One thing looked at by `helpdesk doctor`."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Look:
    """Well or ill, what was seen, how to mend it."""

    what: str
    well: bool
    seen: str
    mend: str = ""
