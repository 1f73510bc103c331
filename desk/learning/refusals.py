"""Why a mark or a decision about an example was refused, in words staff can act on."""

from desk.refusals import Refusal


class NoSuchExample(Refusal):
    """The example is not there, or was taken back."""

    status = 404

    def __init__(self) -> None:
        super().__init__("Contoh ini tidak ada (lagi).")


class AlreadyReviewed(Refusal):
    """A reviewer has decided; the mark is theirs now."""

    def __init__(self) -> None:
        super().__init__("Pesan ini sudah ditinjau di halaman Belajar. Mintalah peninjau kalau keputusannya keliru.")


class DecidedMeanwhile(Refusal):
    """Another reviewer was quicker."""

    def __init__(self, what: str, by: str | None) -> None:
        super().__init__(f"Contoh ini baru saja {what}{f' oleh {by}' if by else ''}. Lihat keadaan terbarunya.")


class NotLearnable(Refusal):
    """The words cannot be taught as they stand; the text says what to change."""

    status = 422
