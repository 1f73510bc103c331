"""Writing down what a source answered, in one way for every check."""

from checks.finding import Evidence, Finding, Verdict
from records.spoken_time import spoken_moment
from registry.interface import Absent, Answer, CouldNotAsk

COULD_NOT_ASK = "belum bisa dicek"
NONE_RECORDED = "tidak ada catatan"


def evidence[T](label: str, answer: Answer[T], value: str, *, last: str = "") -> Evidence:
    """Return what was asked of whom.

    Args:
        label: What was asked.
        answer: What came back.
        value: How it is shown; used only where the source knew something.
        last: How the last known value is shown, where the source could not be asked.
    """
    if isinstance(answer, CouldNotAsk):
        failed = answer.reason if answer.offered else None
        return Evidence(label, _not_asked(answer, last), answer.source, None, answer.took_ms, failed)
    shown = NONE_RECORDED if isinstance(answer, Absent) else value
    return Evidence(label, shown, answer.source, answer.as_of, answer.took_ms)


def unknown[T](check: str, label: str, answer: Answer[T]) -> Finding:
    """Return the finding of a check whose source could not be asked: nothing is claimed."""
    return Finding(check, Verdict.UNKNOWN, f"{label}: {COULD_NOT_ASK}", (evidence(label, answer, ""),))


def _not_asked(answer: CouldNotAsk, last: str) -> str:
    said, known = f"{COULD_NOT_ASK} ({answer.reason})", answer.last_known
    if known is None:
        return said
    value = NONE_RECORDED if isinstance(known, Absent) else last
    return f"{said}; terakhir: {value}, per {spoken_moment(known.as_of)} ({known.source})"
