"""What a run can be found guilty of, and what is only counted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

LOST, DUPLICATE, ORDER = "lost", "duplicate", "out of order"
CROSSED, OVER, STUCK = "cross-delivered", "bot after take-over", "stuck"
KINDS: Mapping[str, str] = {
    LOST: "acknowledged to the provider, or marked as sent, and yet gone",
    DUPLICATE: "reached a phone more often than it was written, and nobody says so",
    ORDER: "answered or shown in another order than it was said",
    CROSSED: "reached somebody it was not meant for, or came from nowhere",
    OVER: "words of the bot after the desk had told an agent that the conversation is theirs",
    STUCK: "claimed, waiting or set aside without a ticket when everything had come to rest",
}
"""Each allowed exactly never."""


@dataclass(frozen=True)
class Finding:
    """One thing that must not be."""

    kind: str
    where: str
    told: str


@dataclass(frozen=True)
class Verdict:
    """What the checker says of a run."""

    findings: Sequence[Finding] = ()
    counted: Mapping[str, int] = field(default_factory=dict)
    listed: Sequence[str] = ()
    """Every message whose fate the provider could not tell, or that was sent again: counted, shown, no finding."""

    def of(self, kind: str) -> list[Finding]:
        """Return the findings of one kind."""
        return [finding for finding in self.findings if finding.kind == kind]
