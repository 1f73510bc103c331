"""How a purchase is told: course, platform, state, days; of an invoice only the last four; of a code nothing."""

from checks.evidence import COULD_NOT_ASK, evidence, unknown
from checks.finding import Evidence, Finding, Verdict
from checks.indonesian import STATES, day, moment, rupiah
from checks.situation import Situation
from registry.facts import PaymentStatus, Purchase
from registry.interface import Answer, CouldNotAsk, Known

NAME = "purchase"
LABEL = "Pembelian"


def not_asked(situation: Situation) -> bool:
    """Whether there is nothing to read: the person is not bound or purchases were not needed."""
    return situation.purchases is None


def failed(situation: Situation) -> Finding | None:
    """Return the finding of a source that could not be asked, or none."""
    answer = situation.purchases
    return unknown(NAME, LABEL, answer) if isinstance(answer, CouldNotAsk) else None


def told(purchase: Purchase) -> dict[str, str]:
    """Return the words every wording about a purchase may use."""
    started = purchase.class_starts_at
    return {
        "course": purchase.course_title,
        "platform": purchase.platform_name,
        "institution": purchase.institution_name,
        "amount": rupiah(purchase.amount),
        "state": STATES.get(purchase.state, purchase.state),
        "bought": day(purchase.created_at),
        "paid": day(purchase.paid_at or purchase.created_at),
        "issued": day(purchase.code_issued_at or purchase.created_at),
        "redeemed": moment(purchase.redeemed_at) if purchase.redeemed_at else "waktu yang tidak tercatat",
        "completed": day(purchase.completed_at) if purchase.completed_at else "tanggal yang tidak tercatat",
        "start": moment(started) if started else "jadwal yang tidak tercatat",
        "starting": f", mulai {moment(started)}" if started else "",
        "begins": f" Kelasnya mulai {moment(started)}." if started else "",
        "expires": moment(purchase.expires_at) if purchase.expires_at else "waktu yang tidak tercatat",
        "reason": purchase.failure_reason or "alasannya tidak tercatat",
        "invoice": f" (pesanan …{purchase.invoice_code[-4:]})" if purchase.invoice_code else "",
    }


def shown(purchase: Purchase, situation: Situation) -> tuple[Evidence, ...]:
    """Return the purchase as evidence for the desk, with what the programme says of its payment where it was asked."""
    words = told(purchase)
    value = f"{words['course']}, {words['platform']}, {words['amount']}: {words['state']}{words['invoice']}"
    if purchase.failure_reason:
        value += f"; pesan: {purchase.failure_reason}"
    if purchase.platform_status:
        value += f"; menurut platform: {purchase.platform_status}"
    lines = [evidence(LABEL, situation.purchases, value)] if situation.purchases is not None else []
    if situation.payment is not None:
        said = programme_says(situation.payment)
        last = situation.payment.last_known if isinstance(situation.payment, CouldNotAsk) else None
        lines.append(evidence("payment/status", situation.payment, said, last=programme_says(last)))
    return tuple(lines)


def programme_says(payment: Answer[PaymentStatus] | None) -> str:
    """Return the programme's word on a payment as staff read it."""
    if payment is None:
        return "tidak ditanya"
    if isinstance(payment, CouldNotAsk):
        return COULD_NOT_ASK
    return payment.value.status if isinstance(payment, Known) else "tidak mengenal pesanan ini"


def none_recorded(situation: Situation, advice: str) -> Finding:
    """Return the finding that the records, which were asked, hold no such purchase."""
    answer = situation.purchases
    nothing = (evidence(LABEL, answer, "tidak ada yang cocok"),) if answer is not None else ()
    return Finding(NAME, Verdict.NO, "Tidak ada pembelian yang cocok di catatan", nothing, advice)
