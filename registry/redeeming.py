"""What the own tables say of a redeem code, found by its keyed hash, and of the seats of a schedule."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import bindparam, select

from registry.facts import Quota, RedeemStatus
from registry.questions import Question, Row, fact, one, question
from registry.refusals import TRANSACTION_CANCELLED
from registry.tables import CourseRow, OfferRow, OrganisationRow, PurchaseRow

NOT_KEPT = "kehadiran per sesi tidak ada di tabel program"
FIRST_SESSION, POST_TEST = 1, 999
CANCELLED = ("cancelling", "refunded")


_code = (
    select(
        PurchaseRow.state,
        PurchaseRow.redeemed_at.label("redeem_at"),
        PurchaseRow.completed_at,
        PurchaseRow.course_code,
        PurchaseRow.invoice_code,
        PurchaseRow.schedule_code,
        OrganisationRow.platform_name.label("dp_platform"),
        CourseRow.type.label("course_type"),
    )
    .join(OrganisationRow, OrganisationRow.id == PurchaseRow.platform_id)
    .join(CourseRow, CourseRow.code == PurchaseRow.course_code)
    .where(PurchaseRow.redeem_code_hash == bindparam("redeem_code_hash"))
)


def _of_code(sequence: int) -> Question[RedeemStatus]:
    def read(rows: Sequence[Row]) -> RedeemStatus:
        row = rows[0]
        known = fact(RedeemStatus, row)
        if row["state"] in CANCELLED:
            return replace(known, sequence=sequence, refusal=TRANSACTION_CANCELLED)
        done = row["redeem_at"] if sequence == FIRST_SESSION else row["completed_at"]
        return replace(known, sequence=sequence, attendance_status=int(done is not None))

    return question(("purchases", "courses"), _code, read)


BY_SEQUENCE = {sequence: _of_code(sequence) for sequence in (FIRST_SESSION, POST_TEST)}
"""The sessions the tables speak of: redeeming, and the completion that the post-test stands for."""

QUOTA = question(
    ("offers",),
    select(OfferRow.course_code, OfferRow.schedule_code, OfferRow.quota_left.label("left")).where(
        OfferRow.course_code == bindparam("course_code"), OfferRow.schedule_code == bindparam("schedule_code")
    ),
    one(Quota),
)
