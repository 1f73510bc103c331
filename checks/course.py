"""C: can this course be bought now, at this platform? Names the condition that fails."""

from checks.evidence import evidence, unknown
from checks.finding import Finding, Verdict
from checks.indonesian import day, listed, moment, rupiah
from checks.situation import Situation, known
from registry.facts import Course, Offer
from registry.interface import Absent, Answer, CouldNotAsk

NAME = "course"
LABEL = "Katalog pelatihan"
SURE = 85.0
"""From this likeness on, the best title is the one that was meant; below it there are only candidates."""
FITS = 60.0
AHEAD = 5.0


def check(situation: Situation) -> Finding | None:
    """Say whether the named course is active, sold here, with seats and before its start."""
    answer = situation.courses
    if answer is None:
        return None
    if isinstance(answer, CouldNotAsk):
        return unknown(NAME, LABEL, answer)
    fitting = [course for course in known(answer) or () if course.match >= FITS]
    if isinstance(answer, Absent) or not fitting:
        nothing = (evidence(LABEL, answer, "judul tidak ada yang cocok"),)
        return Finding(NAME, Verdict.NO, "Judul tidak cocok dengan katalog", nothing, advice="course_no_match")
    if (several := _several(fitting, situation)) is not None:
        return _candidates(several, situation, answer)
    return _one(fitting[0], situation, answer)


def buyable(course: Course, situation: Situation) -> bool:
    """Whether nothing in the catalogue stands against buying it where the person tries."""
    return _refusal(course, situation) is None


def active_course(situation: Situation) -> bool:
    """Whether the catalogue was asked and has the meant course on sale."""
    fitting = [course for course in known(situation.courses) or () if course.match >= FITS]
    return any(buyable(course, situation) for course in fitting[:1])


def _several(fitting: list[Course], situation: Situation) -> list[Course] | None:
    clear = len(fitting) == 1 or fitting[1].match < fitting[0].match - AHEAD
    if fitting[0].match >= SURE and clear:
        return None
    titles = {course.title: course for course in reversed(fitting)}
    return sorted(titles.values(), key=lambda it: (not buyable(it, situation), -it.match)) if len(titles) > 1 else None


def _candidates(courses: list[Course], situation: Situation, answer: Answer[tuple[Course, ...]]) -> Finding:
    open_now = [course for course in courses if buyable(course, situation)]
    titles = listed([f"“{course.title}”" for course in (open_now or courses)[:3]])
    return Finding(
        NAME,
        Verdict.YES if open_now else Verdict.NO,
        f"Beberapa kelas cocok: {titles}",
        (evidence(LABEL, answer, f"beberapa cocok: {titles}"),),
        advice="course_candidates" if open_now else "course_candidates_closed",
        words={"titles": titles},
    )


def _one(course: Course, situation: Situation, answer: Answer[tuple[Course, ...]]) -> Finding:
    refusal = _refusal(course, situation)
    here = _offer_here(course, situation)
    elsewhere = [o.platform_name for o in course.offers if o.platform_id != situation.platform and _open(o, situation)]
    price = here.price if here else min((offer.price for offer in course.offers), default=0)
    words = {
        "course": course.title,
        "institution": course.institution_name,
        "platform": here.platform_name if here else "",
        "price": rupiah(price),
        "elsewhere": listed(elsewhere[:3]),
        "start": moment(here.starts_at) if here and here.starts_at else "",
        "sell_until": day(course.sell_until) if course.sell_until else "",
    }
    if refusal is None:
        advice = "course_active_here" if here and situation.platform else "course_active"
        summary = f"“{course.title}” aktif{f' di {here.platform_name}' if here else ''}"
        return Finding(NAME, Verdict.YES, summary, (evidence(LABEL, answer, summary),), advice, words=words)
    advice = refusal + ("_elsewhere" if elsewhere and refusal in ELSEWHERE else "")
    summary = f"“{course.title}” tidak bisa dibeli: {REASONS[refusal]}"
    return Finding(NAME, Verdict.NO, summary, (evidence(LABEL, answer, summary),), advice, words=words)


REASONS = {
    "course_bundle": "paket bundling, penjualannya dihentikan",
    "course_withdrawn": "ditarik dari katalog",
    "course_suspended": "ditangguhkan",
    "course_not_here": "tidak dijual di platform ini",
    "course_full": "kuota habis",
    "course_started": "jadwal sudah mulai",
    "course_too_dear": "saldo kartu kurang dari harganya",
}
ELSEWHERE = ("course_not_here", "course_full", "course_started")


def _refusal(course: Course, situation: Situation) -> str | None:
    if course.is_bundle and (course.sell_until is None or course.sell_until < situation.now.date()):
        return "course_bundle"
    if course.status in ("withdrawn", "suspended"):
        return f"course_{course.status}"
    offers = [o for o in course.offers if situation.platform in (None, o.platform_id)]
    if not offers:
        return "course_not_here"
    if any(_open(offer, situation) for offer in offers):
        return "course_too_dear" if _too_dear(offers, situation) else None
    return "course_full" if any(offer.quota_left == 0 for offer in offers) else "course_started"


def _too_dear(offers: list[Offer], situation: Situation) -> bool:
    card = known(situation.card)
    return card is not None and card.status == "active" and min(it.price for it in offers) > card.available_balance


def _open(offer: Offer, situation: Situation) -> bool:
    return offer.quota_left != 0 and (offer.starts_at is None or offer.starts_at > situation.now)


def _offer_here(course: Course, situation: Situation) -> Offer | None:
    here = [offer for offer in course.offers if situation.platform in (None, offer.platform_id)]
    return min(here, key=lambda offer: not _open(offer, situation), default=None)
