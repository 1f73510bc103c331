"""Links in what people write: only http and https, shown in full, never followed or loaded by themselves."""

import re

from markupsafe import Markup, escape

ADDRESS = re.compile(r"https?://[^\s<>\"'`\\]+", re.IGNORECASE)
ENDS = ".,;:!?)]}…”’"
DECEIVING = re.compile("[\u0000-\u001f\u007f-\u009f\u00ad\u034f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
"""Signs that are not seen, or turn what is read around: an address with one of them stays text."""
REL = "noopener noreferrer nofollow"


def linked(text: str) -> Markup:
    """Return the text, escaped, with its addresses as links that show where they lead."""
    made, at = Markup(), 0
    for found in ADDRESS.finditer(text):
        address = _whole(found.group())
        if DECEIVING.search(address):
            continue
        made += escape(text[at : found.start()])
        made += Markup('<a href="{0}" rel="{1}" target="_blank">{0}</a>').format(address, REL)
        at = found.start() + len(address)
    return made + escape(text[at:])


def _whole(address: str) -> str:
    """Return the address without what ends the sentence; a bracket stays where its pair stands inside."""
    while address and address[-1] in ENDS and not (address[-1] == ")" and address.count("(") >= address.count(")")):
        address = address[:-1]
    return address
