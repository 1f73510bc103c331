"""C: what the catalogue says of the course they bought: a class that was withdrawn explains much."""

from checks.evidence import evidence, unknown
from checks.finding import Finding, Verdict
from checks.situation import Situation, known
from registry.interface import CouldNotAsk

NAME = "own_course"
LABEL = "Katalog pelatihan"
STATUS = {"active": "aktif", "suspended": "ditangguhkan", "withdrawn": "ditarik"}


def check(situation: Situation) -> Finding | None:
    """Say whether the course they bought is still in the catalogue; nothing is said of one that is."""
    answer = situation.own_course
    if answer is None:
        return None
    if isinstance(answer, CouldNotAsk):
        return unknown(NAME, LABEL, answer)
    course = known(answer)
    if course is None:
        return Finding(NAME, Verdict.NO, "Kelasnya tidak ada di katalog", (evidence(LABEL, answer, ""),))
    status = STATUS.get(course.status, course.status)
    summary = f"“{course.title}” {status}" + (f": {course.status_note}" if course.status_note else "")
    shown = (evidence(LABEL, answer, summary),)
    if course.status == "active":
        return Finding(NAME, Verdict.YES, summary, shown)
    note = f" ({course.status_note})" if course.status_note else ""
    words = {"course": course.title, "status": status, "note": note}
    return Finding(NAME, Verdict.NO, summary, shown, "own_course_not_active", words=words)
