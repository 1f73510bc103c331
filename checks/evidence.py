"""Writing down what a source answered, in one way for every check."""

from checks.finding import Evidence, Finding, Verdict
from registry.interface import Absent, Answer, CouldNotAsk

COULD_NOT_ASK = "belum bisa dicek"
NONE_RECORDED = "tidak ada catatan"


def evidence[T](label: str, answer: Answer[T], value: str) -> Evidence:
    """Return what was asked of whom; `value` is used only where the source knew something."""
    if isinstance(answer, CouldNotAsk):
        return Evidence(label, f"{COULD_NOT_ASK} ({answer.reason})", answer.source, None, answer.took_ms)
    shown = NONE_RECORDED if isinstance(answer, Absent) else value
    return Evidence(label, shown, answer.source, answer.as_of, answer.took_ms)


def unknown[T](check: str, label: str, answer: Answer[T]) -> Finding:
    """Return the finding of a check whose source could not be asked: nothing is claimed."""
    return Finding(check, Verdict.UNKNOWN, f"{label}: {COULD_NOT_ASK}", (evidence(label, answer, ""),))
