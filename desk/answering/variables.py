"""Variables of prepared words, {nama}, {nomor}, {janji} …: filled from the case; the rest must be filled by hand."""

import re
from collections.abc import Mapping
from datetime import datetime

from desk.looking import View
from desk.refusals import NotWellSaid
from desk.sessions import Person
from desk.wording import day, moment, shown_name
from trends.labels import channel_label, intent_label, platform_label

VARIABLE = re.compile(r"\{([a-z][a-z_]{1,29})\}")
MEANINGS = {
    "nama": "nama peserta",
    "nomor": "nomor laporan",
    "janji": "waktu yang dijanjikan",
    "keluhan": "keluhan menurut tiket",
    "platform": "platform",
    "kursus": "nama kelas",
    "kanal": "kanal percakapan",
    "hari": "hari ini",
    "petugas": "nama Anda",
}
"""What each variable stands for; any other is for the agent to fill."""
NAMELESS = "Tanpa nama"


def values_of(view: View, person: Person, now: datetime) -> dict[str, str]:
    """Return what is known of this case, by variable; what is not known is left out."""
    ticket = view.ticket
    name = shown_name(view.identity.display_name if view.identity else None)
    known = {
        "nama": "" if name == NAMELESS or "•" in name else name.split()[0],
        "kanal": channel_label(view.conversation.channel),
        "hari": day(now, now),
        "petugas": person.name.split()[0],
    }
    if ticket:
        known |= {"nomor": ticket.number, "janji": moment(ticket.promised_at, now)}
        known |= {"keluhan": intent_label(ticket.intent).lower(), "kursus": ticket.course or ""}
        known |= {"platform": platform_label(ticket.platform) if ticket.platform else ""}
    return {key: value for key, value in known.items() if value}


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return the text with what is known put in; the rest stays in braces, to be seen and filled."""
    return VARIABLE.sub(lambda found: values.get(found[1], found[0]), text)


def unfilled(text: str) -> tuple[str, ...]:
    """Return the variables that still stand in a text."""
    return tuple(dict.fromkeys(VARIABLE.findall(text)))


def must_be_filled(text: str) -> None:
    """Raise NotWellSaid while a variable still stands in words that are to be sent."""
    if still := unfilled(text):
        named = ", ".join(f"{{{name}}}" for name in still)
        raise NotWellSaid(f"Masih ada yang harus diisi sebelum dikirim: {named}.")
