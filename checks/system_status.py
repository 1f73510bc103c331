"""S: is the system running for this problem, at this platform, now? Yes means no incident is recorded."""

from datetime import datetime

from checks.evidence import evidence, unknown
from checks.finding import Finding, Verdict
from checks.incidents import SUSPECTED, OpenIncident, relevant
from checks.indonesian import about, day, listed
from checks.situation import Situation, known
from registry.interface import CouldNotAsk, Known

NAME = "system_status"
LABEL = "Status sistem"

EVERYTHING = ("purchase", "otp", "redeem", "login", "incentive", "payout_account", "catalogue")
BUYING = ("purchase", "catalogue")
COMPONENTS: dict[str, tuple[str, ...]] = {
    "package_not_found": BUYING,
    "payment_failed": BUYING,
    "purchase_otp": ("otp", "purchase"),
    "paid_no_code": ("purchase", "redeem"),
    "purchase_deadline": BUYING,
    "participation_revoked": BUYING,
    "redeem_failed": ("redeem",),
    "incentive_not_received": ("incentive", "payout_account"),
    "payout_account_failed": ("payout_account",),
    "login_otp": ("login",),
    "login_failed": ("login",),
    "identity_verification_failed": ("login",),
    "join_wave_failed": ("login",),
    "system_outage": EVERYTHING,
}
COMPONENT_LABELS = {
    "purchase": "pembelian",
    "otp": "OTP",
    "redeem": "penukaran kode",
    "login": "masuk akun",
    "incentive": "insentif",
    "payout_account": "rekening",
    "catalogue": "katalog pelatihan",
}


def incident_for(situation: Situation, components: tuple[str, ...] | None = None) -> OpenIncident | None:
    """Return the open incident that touches this problem, or none."""
    touched = components or COMPONENTS.get(situation.intent, EVERYTHING)
    return relevant(known(situation.incidents) or (), touched, situation.now, situation.platform, situation.partner)


def clear(situation: Situation, components: tuple[str, ...] | None = None) -> bool:
    """Whether the records were asked and know of no open incident for this problem."""
    asked = situation.incidents is not None and not isinstance(situation.incidents, CouldNotAsk)
    return asked and incident_for(situation, components) is None


def check(situation: Situation) -> Finding | None:
    """Say whether an incident is open for the components this problem depends on."""
    answer = situation.incidents
    if answer is None:
        return None
    if isinstance(answer, CouldNotAsk):
        return unknown(NAME, LABEL, answer)
    incident = incident_for(situation)
    if incident is None:
        nothing = (evidence(LABEL, answer, "tidak ada gangguan tercatat"),)
        return Finding(NAME, Verdict.YES, "Tidak ada gangguan tercatat", nothing, advice="system_clear")
    return _open(situation, incident)


def _open(situation: Situation, incident: OpenIncident) -> Finding:
    parts = listed([COMPONENT_LABELS.get(it, it) for it in incident.components])
    overdue = incident.overdue_at(situation.now)
    estimate = about(incident.estimated_end_at) if incident.estimated_end_at else "belum diketahui"
    state = f"perkiraan {estimate}" + (", sudah lewat" if overdue else "")
    shown = Known(
        incident, incident.source, incident.as_of, situation.incidents.took_ms if situation.incidents else 0.0
    )
    return Finding(
        NAME,
        Verdict.NO,
        f"Gangguan {incident.id} terbuka ({parts}; {state})",
        (
            evidence(
                LABEL, shown, f"{incident.id}: {incident.status}, {parts}, sejak {day(incident.started_at)}, {state}"
            ),
        ),
        advice=_advice(incident, situation.now),
        words={
            "as_of": day(incident.as_of),
            "message": incident.public_message,
            "parts": parts,
            "since": day(incident.started_at),
            "estimate": estimate,
        },
    )


def _advice(incident: OpenIncident, now: datetime) -> str:
    if incident.overdue_at(now):
        return "incident_overdue_news" if incident.words_hold_at(now) else "incident_overdue"
    return "incident_suspected" if incident.status == SUSPECTED else "incident_open"
