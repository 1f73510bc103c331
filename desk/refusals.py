"""Why an act was refused, in words staff can act on.

Refusal
├── NoSuchCase          404  nothing there, or nothing any more
├── NeedsPermit         403  somebody else's case: say why first
├── NotOpened           403  open the page first: looking is audited
├── LeadOnly            403  a lead decides this
├── TakenByOther        409  somebody else claimed it first
├── HeldByOther         409  a colleague decides about it
├── NotHeldByYou        409  claim it before you write
├── AlreadyResolved     409  the case is closed
├── ChangedMeanwhile    409  look again, then decide
├── CannotReach         409  the channel lets nothing through (blocked, WhatsApp window)
├── TooMuch             413  more rows than one file holds
└── NotWellSaid         422  the words themselves (empty, too long)
"""

from uuid import UUID


class Refusal(Exception):
    """An act that was not done, and why; its text is shown as it is."""

    status = 409


class NoSuchCase(Refusal):
    """There is no such ticket or conversation."""

    status = 404

    def __init__(self) -> None:
        super().__init__("Tiket atau percakapan ini tidak ada.")


class NotOpened(Refusal):
    """The live part of a page that this sign-in has not opened."""

    status = 403

    def __init__(self) -> None:
        super().__init__("Muat ulang percakapan ini untuk melihat perubahan terbaru.")


class NeedsPermit(Refusal):
    """A conversation this person has no part in: it opens with a permit."""

    status = 403

    def __init__(self, conversation_id: UUID) -> None:
        super().__init__("Tiket ini bukan milik tim Anda. Buka dulu dengan izin, beserta alasannya.")
        self.conversation_id = conversation_id


class TakenByOther(Refusal):
    """Somebody else holds the case."""

    def __init__(self, name: str) -> None:
        super().__init__(f"Tiket ini sudah diambil {name}. Pilih tiket lain dari antrean.")
        self.name = name


class HeldByOther(Refusal):
    """A colleague holds the case and decides about it."""

    def __init__(self, name: str) -> None:
        super().__init__(f"Tiket ini dipegang {name}. Minta {name} atau ketua tim.")


class LeadOnly(Refusal):
    """A lead decides this."""

    status = 403

    def __init__(self) -> None:
        super().__init__("Ini keputusan ketua tim. Minta ketua tim melakukannya.")


class NotHeldByYou(Refusal):
    """Only who holds the case may do this."""

    def __init__(self) -> None:
        super().__init__("Tiket ini tidak (lagi) Anda pegang. Ambil dulu tiketnya, baru membalas atau menyelesaikan.")


class AlreadyResolved(Refusal):
    """The case is closed."""

    def __init__(self) -> None:
        super().__init__("Tiket ini sudah selesai. Percakapannya kembali ke bot.")


class ChangedMeanwhile(Refusal):
    """Somebody wrote in between."""

    def __init__(self) -> None:
        super().__init__("Tiket ini baru saja berubah. Lihat keadaan terbarunya, lalu coba lagi.")


class CannotReach(Refusal):
    """Nothing can be sent to this participant now."""


class NotWellSaid(Refusal):
    """The words cannot be sent or kept as they are."""

    status = 422


class TooMuch(Refusal):
    """More rows than one file holds."""

    status = 413

    def __init__(self, rows: int, most: int) -> None:
        super().__init__(
            f"Daftar ini {_dotted(rows)} baris; satu berkas memuat paling banyak {_dotted(most)}. Persempit rentang "
            "tanggal atau saringannya, lalu unduh sebagian demi sebagian."
        )


def _dotted(number: int) -> str:
    return f"{number:,}".replace(",", ".")
