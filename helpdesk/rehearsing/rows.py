"""Lines for COPY: what a message, an answer and a case leave in the tables, as text."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache
from random import Random

from helpdesk.rehearsing.loading import Batch

NONE = r"\N"
TABLES: dict[str, str] = {
    "programme.participants": "id, name, email_masked, phone_hash, phone_masked, birth_year, education,"
    " account_status, verified_email, verified_ktp, verified_face, verified_nik_kk, registered_at, recipient_wave,"
    " province",
    "programme.wave_applications": "id, participant_id, wave, status, applied_at, decided_at",
    "programme.cards": "id, participant_id, number_hash, last4, status, recipient_since, first_purchase_due",
    "programme.payout_accounts": "id, participant_id, partner_id, last4, nik_matches, kyc, status, linked_at,"
    " checked_at",
    "programme.purchases": "id, participant_id, course_code, platform_id, price, state, platform_status,"
    " invoice_code, selected_at, paid_at, code_issued_at, closed_at, failure_reason",
    "programme.ledger_entries": "id, participant_id, kind, amount, purchase_id, at",
    "identities": "id, channel, external_id, display_name, participant_id, bound_by, bound_at, phone_hash",
    "conversations": "id, channel, external_id, identity_id, opened_at, last_inbound_at, window_until, owner,"
    " owner_version, staff_id",
    "inbox": "id, channel, external_id, conversation_id, kind, order_key, received_at, stored_at, status, done_at",
    "turns": "id, inbox_id, conversation_id, channel, participant_id, intent, corrected_intent, confidence, ranking,"
    " platform, findings, outcome, model, took_ms, created_at",
    "messages": "id, position, conversation_id, direction, author, text, kind, inbox_id, turn_id, staff_id, created_at",
    "outbox": "id, position, conversation_id, message_id, channel, payload, author, owner_version, status, created_at,"
    " due_at, sent_at, status_at",
    "tickets": "id, number, conversation_id, channel, participant_id, intent, platform, course, summary, reason, queue,"
    " priority, status, version, staff_id, evidence, opened_by_turn, opened_at, promised_at, first_reply_at,"
    " resolved_at, resolution, team_id, wave, tags, waiting_since, resolve_by, reopened",
    "hand_overs": "id, conversation_id, ticket_id, from_owner, to_owner, staff_id, version, reason, at",
    "case_spells": "ticket_id, times, promised_at, first_reply_at, resolved_at",
    "ratings": "ticket_id, times, score, at, team_id, staff_id, intent, queue, channel",
}
"""By table, in the order they are filled, the columns of a line."""
CHUNK = 10_000


class Rows:
    """The lines of one batch, and the numbers that go on from batch to batch."""

    def __init__(self, random: Random, *, position: int = 0, inbox: int = 0, outbox: int = 0, ticket: int = 0) -> None:
        self.position, self.inbox, self.outbox, self.ticket = position, inbox, outbox, ticket
        self.began = position
        self.turns = 0
        self._ids = _ids(random)
        self.batch: Batch = {name: [] for name in TABLES}

    def new_id(self) -> str:
        """Return the next id."""
        return next(self._ids)

    def take(self) -> Batch:
        """Return the lines so far and begin anew."""
        batch, self.batch = self.batch, {name: [] for name in TABLES}
        return batch

    @property
    def messages(self) -> int:
        """How many messages there are so far."""
        return self.position - self.began

    def add(self, table: str, *values: object) -> None:
        """Write a line of a table that has few."""
        self.batch[table].append("\t".join([NONE if value is None else str(value) for value in values]))


def _ids(random: Random) -> Iterator[str]:
    """Yield random ids without end, as the real ones are: their rows lie scattered over the indexes."""
    while True:
        digits = random.randbytes(16 * CHUNK).hex()
        yield from (digits[start : start + 32] for start in range(0, len(digits), 32))


@lru_cache(maxsize=64)
def _date(day: int) -> str:
    return datetime.fromtimestamp(day * 86_400, UTC).date().isoformat()


def moment(at: float) -> str:
    """Write a time, told as seconds since 1970, as the database reads it."""
    day, second = divmod(int(at), 86_400)
    part = int(at % 1 * 1000)
    return f"{_date(day)} {second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}.{part:03d}+00"
