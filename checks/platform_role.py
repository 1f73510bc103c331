"""C by date: who is a platform today, and is the one that was named among them?"""

from checks.course import meant_course
from checks.evidence import evidence, unknown
from checks.finding import Evidence, Finding, Verdict
from checks.indonesian import day, listed
from checks.situation import Situation, known
from checks.system_status import BUYING, incident_for
from records.clock import wib
from registry.buying import is_open
from registry.facts import Course, Organisation
from registry.interface import CouldNotAsk, Known

NAME = "platform_role"
LABEL = "Platform resmi"


def check(situation: Situation) -> Finding | None:
    """Say whether the named organisation is a platform on this day; with no name, list those that are."""
    answer = situation.platforms
    if answer is None:
        return None
    if isinstance(answer, CouldNotAsk):
        return unknown(NAME, LABEL, answer)
    official = known(answer) or ()
    names = listed([it.name for it in official])
    words = {"platforms": names, "count": str(len(official)), "today": day(situation.now)}
    shown = (evidence(LABEL, answer, f"{len(official)}: {names}"),)
    if situation.platform is None or situation.platform in {it.id for it in official}:
        named = next((it.name for it in official if it.id == situation.platform), "")
        advice = "platform_official" if named else "platforms_today"
        return Finding(NAME, Verdict.YES, f"Platform: {names}", shown, advice, words={**words, "platform": named})
    return _not_official(situation, shown, words)


def healthy(situation: Situation) -> Finding | None:
    """Say which platforms an open purchase incident leaves alone; nothing where there is none or it touches all."""
    incident = incident_for(situation, BUYING)
    answer = situation.platforms
    if incident is None or answer is None or isinstance(answer, CouldNotAsk):
        return None
    untouched = {it.id: it.name for it in known(answer) or () if incident.platforms and it.id not in incident.platforms}
    if not untouched:
        return None
    course = known(situation.own_course) or meant_course(situation)
    if course is not None and course.status == "active":
        here = [it for it in course.offers if it.platform_id in untouched and is_open(it, situation.now)]
        return _same_course(course, list(dict.fromkeys(it.platform_name for it in here)), situation)
    words = {"platforms": listed(list(untouched.values())), "as_of": day(incident.as_of)}
    shown = (evidence(LABEL, answer, f"tanpa kendala tercatat: {words['platforms']}"),)
    summary = f"Tanpa kendala tercatat: {words['platforms']}"
    return Finding("healthy_platforms", Verdict.YES, summary, shown, "healthy_platforms", words=words)


def _same_course(course: Course, platforms: list[str], situation: Situation) -> Finding | None:
    answer = situation.own_course if known(situation.own_course) else situation.courses
    if not platforms or not isinstance(answer, Known):
        return None
    words = {"course": course.title, "platforms": listed(platforms[:3]), "as_of": day(answer.as_of)}
    summary = f"“{course.title}” juga di {words['platforms']}, tanpa kendala tercatat"
    shown = (evidence("Katalog pelatihan", answer, summary),)
    return Finding("healthy_platforms", Verdict.YES, summary, shown, "healthy_platforms_same_course", words=words)


def _not_official(situation: Situation, shown: tuple[Evidence, ...], words: dict[str, str]) -> Finding:
    roles = known(situation.roles)
    if roles is None and isinstance(situation.roles, CouldNotAsk):
        return unknown(NAME, LABEL, situation.roles)
    today = wib(situation.now).date()
    ended = _ended_platform(roles or (), situation)
    teaching = next((it for it in roles or () if it.role == "institution" and _holds(it, situation)), None)
    name = ended.name if ended else teaching.name if teaching else situation.platform or ""
    words |= {
        "platform": name,
        "ended": day(ended.valid_to) if ended and ended.valid_to else day(today),
        "note": f"; {ended.note}" if ended and ended.note else "",
        "institution": teaching.name if teaching else name,
    }
    advice = "platform_left" if ended and teaching else "platform_left_entirely" if ended else "platform_never"
    return Finding(NAME, Verdict.NO, f"{name} bukan platform per {words['today']}", shown, advice, words=words)


def _ended_platform(roles: tuple[Organisation, ...], situation: Situation) -> Organisation | None:
    today = wib(situation.now).date()
    past = [it for it in roles if it.role == "platform" and it.valid_to is not None and it.valid_to <= today]
    return max(past, key=lambda it: it.valid_to or today, default=None)


def _holds(role: Organisation, situation: Situation) -> bool:
    today = wib(situation.now).date()
    return role.valid_from <= today and (role.valid_to is None or today < role.valid_to)
