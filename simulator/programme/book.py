"""The book all people are written into: participants, applications, cards and what hangs on them.

Purchases and their ledger lines are written by purchasing.py, incentives by payouts.py.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random
from typing import Any

from simulator.programme import identifiers
from simulator.programme.catalogue import Catalogue
from simulator.programme.moment import NOW, first_purchase_due
from simulator.programme.partners import WAVES
from simulator.programme.provinces import province
from simulator.programme.tables import Row, Tables

TRAINING_AMOUNT = 1_000_000


@dataclass(frozen=True)
class Person:
    """What later rows of a participant need to know of them."""

    number: int
    participant_id: str
    name: str


@dataclass
class Book:
    """Collects rows table by table."""

    random: Random
    catalogue: Catalogue
    tables: Tables = field(default_factory=lambda: defaultdict(list))

    def add(self, table: str, id_column: str, prefix: str, row: Row) -> str:
        """Append a row under the next id of its table and give that id."""
        rows = self.tables[table]
        key = f"{prefix}{len(rows) + 1:06d}"
        rows.append({id_column: key} | row)
        return key

    def participant(self, name: str, *, woman: bool, born: date, email: str, **more: Any) -> Person:
        """Register a participant, verified unless told otherwise."""
        number = len(self.tables["participants"]) + 1
        row: Row = {
            "nik": identifiers.nik(number, born, woman),
            "name": name,
            "email": email,
            "phone": identifiers.phone(number),
            "birth_year": born.year,
            "education": "sma",
            "account_status": "verified",
            "registered_at": NOW,
            "province": province(number),
        }
        row |= dict.fromkeys(("email_verified", "ktp_verified", "face_verified", "nik_kk_verified"), True)
        return Person(number, self.add("participants", "participant_id", "P", row | more), name)

    def applied(
        self, person: Person, wave: int, status: str, *, decided: datetime | None = None, reason: str = ""
    ) -> None:
        """Write down an application to a wave."""
        dates = WAVES[wave][0]
        opens, closes = dates["opens_at"], dates["closes_at"]
        if not isinstance(opens, datetime) or not isinstance(closes, datetime):
            raise TypeError(f"wave {wave} has no dates")
        self.add(
            "wave_applications",
            "application_id",
            "A",
            {
                **{"participant_id": person.participant_id, "wave": wave, "status": status, "reason": reason or None},
                "applied_at": opens + (closes - opens) * self.random.random(),
                "decided_at": decided or (dates.get("decided_at") if status != "joined" else None),
            },
        )

    def card(self, person: Person, since: datetime, status: str = "active", **more: Any) -> None:
        """Give a card and the training balance on it."""
        number = identifiers.card_number(person.number, self.random)
        row: Row = {"participant_id": person.participant_id, "number": number, "last4": number[-4:], "status": status}
        row |= {"recipient_since": since, "first_purchase_due": first_purchase_due(since)}
        self.add("cards", "card_id", "C", row | more)
        self.ledger(person, [("grant", TRAINING_AMOUNT, None, since)])

    def ledger(self, person: Person, entries: Iterable[tuple[str, int, str | None, datetime]], note: str = "") -> None:
        """Append ledger lines: kind, amount, purchase, moment."""
        for kind, amount, purchase_id, at in entries:
            row: Row = {"participant_id": person.participant_id, "kind": kind, "amount": amount}
            self.add(
                "ledger_entries", "entry_id", "L", row | {"purchase_id": purchase_id, "at": at, "note": note or None}
            )

    def bind(self, person: Person, channel: str, at: datetime) -> None:
        """Bind a channel identity before the first message."""
        telegram = channel == "telegram"
        self.tables["identities"].append(
            {
                "channel": channel,
                "external_id": str(identifiers.telegram_id(person.number))
                if telegram
                else identifiers.whatsapp_user_id(person.number),
                "wa_id": None if telegram else identifiers.phone(person.number)[1:],
                "participant_id": person.participant_id,
                "bound_at": at,
                "method": "own_contact" if telegram else "channel_number",
            }
        )
