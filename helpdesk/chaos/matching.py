"""Which row of the outbox each thing on a phone stems from.

WhatsApp and the web chat tell us our own id. Telegram tells its message id to whoever got the answer to a send: what a
crashed or unanswered send left on a phone has no row that names it, and is explained only by a row of that chat with
the same words that is `unknown` or was sent again. What nothing explains is a finding.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from helpdesk.chaos.evidence import TELEGRAM, Evidence, Seen, Sent

PLACE = re.compile(r"\[|https?://")
ARRIVED = ("sent", "delivered", "read")


@dataclass
class Matched:
    """Everything on the phones, with its row; what is left over has none."""

    of: list[tuple[Seen, Sent]] = field(default_factory=list)
    """By row, in the order it was seen."""
    strays: list[Seen] = field(default_factory=list)

    def times(self) -> Counter[str]:
        """Return how often each row reached a phone."""
        return Counter(row.id for _, row in self.of)


def match(evidence: Evidence) -> Matched:
    """Find the row of everything seen."""
    by_id = {row.id: row for row in evidence.sent}
    by_message = {row.provider_message_id: row for row in evidence.sent if row.channel == TELEGRAM}
    matched, loose = Matched(), []
    for seen in evidence.seen:
        row = by_message.get(seen.message_id) if seen.channel == TELEGRAM else by_id.get(seen.outbox_id or "")
        if row:
            matched.of.append((seen, row))
        elif seen.channel == TELEGRAM:
            loose.append(seen)
        else:
            matched.strays.append(seen)
    _explain(evidence, loose, matched)
    return matched


def _explain(evidence: Evidence, loose: Sequence[Seen], matched: Matched) -> None:
    """Give what no row names to the rows of its chat that may have left it."""
    spare: dict[tuple[str, str], list[Sent]] = defaultdict(list)
    for row in evidence.sent:
        chat = evidence.conversations.get(row.conversation)
        if chat and row.channel == TELEGRAM:
            spare[chat[1], words(row.text)] += [row] * _may_have_left(row)
    for seen in loose:
        rows = spare[seen.chat, words(seen.text)]
        if rows:
            matched.of.append((seen, rows.pop(0)))
        else:
            matched.strays.append(seen)


def words(text: str) -> str:
    """Return the words up to the first place or address: what stands there is filled in when it is sent."""
    return PLACE.split(text)[0].strip()


def _may_have_left(row: Sent) -> int:
    """Return how many messages without a name a row may have left on a phone."""
    return row.repeats + (row.provider_message_id is None and row.status in ("unknown", *ARRIVED))
