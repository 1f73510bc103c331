"""C: can this course be bought now, at this platform? Names the condition that fails."""

from checks.evidence import evidence, unknown
from checks.finding import Finding, Verdict
from checks.indonesian import listed, moment, rupiah
from checks.purchase.choosing import PENDING, subject
from checks.situation import Situation, known
from registry.buying import Buying, Guard, failing, is_open
from registry.facts import Course, Offer
from registry.interface import Absent, CouldNotAsk, Known

NAME = "course"
LABEL = "Katalog pelatihan"
SURE = 84.0
"""From this likeness on, the best title is the one that was meant, if no other is nearly as like: it is that of a title
which holds every word that was said."""
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
    return not any(guard in CATALOGUE for guard in failing(_buying(course, situation)))


def active_course(situation: Situation) -> bool:
    """Whether the catalogue was asked and has the meant course on sale."""
    meant = meant_course(situation)
    return meant is not None and buyable(meant, situation)


def meant_course(situation: Situation) -> Course | None:
    """Return the catalogue's best match of what was named, or none."""
    return next((course for course in known(situation.courses) or () if course.match >= FITS), None)


def hindered(situation: Situation) -> bool:
    """Whether anything known stands in the way of buying: card, catalogue, platform, age, education, balance."""
    return bool(failing(_buying(meant_course(situation), situation)))


def _several(fitting: list[Course], situation: Situation) -> list[Course] | None:
    clear = len(fitting) == 1 or fitting[1].match < fitting[0].match - AHEAD
    if fitting[0].match >= SURE and clear:
        return None
    titles = {course.title: course for course in reversed(fitting)}
    return sorted(titles.values(), key=lambda it: (not buyable(it, situation), -it.match)) if len(titles) > 1 else None


def _candidates(courses: list[Course], situation: Situation, answer: Known[tuple[Course, ...]]) -> Finding:
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


def _one(course: Course, situation: Situation, answer: Known[tuple[Course, ...]]) -> Finding:
    refusal = _refusal(course, situation)
    here = _offer_here(course, situation)
    others = [o for o in course.offers if o.platform_id != situation.platform and is_open(o, situation.now)]
    elsewhere = list(dict.fromkeys(offer.platform_name for offer in others))
    price = here.price if here else min((offer.price for offer in course.offers), default=0)
    words = {
        "course": course.title,
        "institution": course.institution_name,
        "platform": here.platform_name if here else "",
        "price": rupiah(price),
        "elsewhere": listed(elsewhere[:3]),
        "start": moment(here.starts_at) if here and here.starts_at else "",
        "note": f" ({course.status_note})" if course.status_note else "",
        "min_age": str(course.min_age or ""),
        "min_education": EDUCATION.get(course.min_education or "", course.min_education or ""),
    }
    if refusal is None:
        advice = "course_active_here" if here and situation.platform else "course_active"
        summary = f"“{course.title}” aktif{f' di {here.platform_name}' if here else ''}"
        return Finding(NAME, Verdict.YES, summary, (evidence(LABEL, answer, summary),), advice, words=words)
    advice = refusal + ("_elsewhere" if elsewhere and refusal in ELSEWHERE else "")
    summary = f"“{course.title}” tidak bisa dibeli: {REASONS[refusal]}"
    return Finding(NAME, Verdict.NO, summary, (evidence(LABEL, answer, summary),), advice, words=words)


REFUSALS = {
    Guard.COURSE_ON_SALE: "course_suspended",
    Guard.NO_BUNDLE: "course_bundle",
    Guard.PLATFORM_ACTIVE: "course_platform_left",
    Guard.SOLD_HERE: "course_not_here",
    Guard.SEATS_LEFT: "course_full",
    Guard.BEFORE_START: "course_started",
    Guard.OLD_ENOUGH: "course_too_young",
    Guard.EDUCATED_ENOUGH: "course_education",
    Guard.ENOUGH_BALANCE: "course_too_dear",
}
"""What is said of a guard that fails; the card and an unfinished training have checks of their own."""
PERSONAL = (Guard.CARD_ACTIVE, Guard.NOTHING_UNFINISHED, Guard.OLD_ENOUGH, Guard.EDUCATED_ENOUGH, Guard.ENOUGH_BALANCE)
CATALOGUE = frozenset(Guard) - frozenset(PERSONAL)
FIRST = (Guard.NO_BUNDLE,)
"""A package that is no longer sold is that first of all, whatever its state."""
REASONS = {
    "course_bundle": "paket bundling, penjualannya dihentikan",
    "course_withdrawn": "ditarik dari katalog",
    "course_suspended": "ditangguhkan",
    "course_platform_left": "bukan platform lagi",
    "course_not_here": "tidak dijual di platform ini",
    "course_full": "kuota habis",
    "course_started": "jadwal sudah mulai",
    "course_too_young": "umur belum cukup",
    "course_education": "pendidikan tidak sesuai syarat",
    "course_too_dear": "saldo kartu kurang dari harganya",
}
ELSEWHERE = ("course_platform_left", "course_not_here", "course_full", "course_started")
EDUCATION = {"sd": "SD", "smp": "SMP", "sma": "SMA", "diploma": "diploma", "sarjana": "sarjana"}


def _buying(course: Course | None, situation: Situation) -> Buying:
    return Buying(
        now=situation.now,
        course=course,
        platform_id=situation.platform,
        platforms=situation.platforms,
        card=situation.card,
        participant=situation.participant,
        purchases=situation.purchases,
        held=_held(situation),
    )


def _held(situation: Situation) -> int:
    """Return what the pending purchase in question already holds of the balance."""
    card, meant = known(situation.card), subject(situation)
    return min(card.open_holds, meant.amount) if card and meant and meant.state in PENDING else 0


def _refusal(course: Course, situation: Situation) -> str | None:
    """Return what is wrong: first what the catalogue says, then what the person lacks."""
    found = [guard for guard in failing(_buying(course, situation)) if guard in REFUSALS]
    refused = next(iter(sorted(found, key=lambda guard: guard not in FIRST)), None)
    if refused is Guard.COURSE_ON_SALE and course.status == "withdrawn":
        return "course_withdrawn"
    # a card that is not active has said enough of the balance
    card = known(situation.card)
    if refused is Guard.ENOUGH_BALANCE and (card is None or card.status != "active"):
        return None
    return REFUSALS[refused] if refused else None


def _offer_here(course: Course, situation: Situation) -> Offer | None:
    here = [offer for offer in course.offers if situation.platform in (None, offer.platform_id)]
    return min(here, key=lambda offer: not is_open(offer, situation.now), default=None)
