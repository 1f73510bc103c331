"""One problem, looked at: what its plan asks, what the checks found, and whether a person must look."""

from dataclasses import dataclass, replace

from actions.heard import Heard
from checks.escalation import escalation
from checks.finding import Escalation, Finding, Priority
from checks.indonesian import listed, span
from checks.plans import PLANS, Plan
from checks.situation import Situation
from checks.sources import Sources
from checks.table import CHECKS, run
from checks.unasked import unasked


@dataclass(frozen=True)
class Examined:
    """One problem, looked at."""

    plan: Plan
    situation: Situation
    findings: tuple[Finding, ...]
    escalation: Escalation | None


async def examine(sources: Sources, heard: Heard, intent: str) -> Examined:
    """Ask what the plan of this intent needs, and run its checks in order."""
    plan = PLANS[intent]
    situation = await sources.situation(heard.about, intent, plan.checks)
    found = [run(name, situation) for name in plan.checks]
    findings = [finding for finding in found if finding is not None]
    needed = escalation(situation)
    if findings:
        last, silent = findings[-1], unasked(situation, findings)
        findings[-1] = replace(last, escalate=needed or last.escalate, evidence=(*last.evidence, *silent))
    return Examined(plan, situation, tuple(findings), needed)


def summary(heard: Heard, *examined: Examined) -> str:
    """Return the case in one masked line for staff."""
    labels = listed([it.plan.label for it in examined])
    named = [f"platform {heard.slot('platform')}" if heard.slot("platform") else ""]
    named += [f"kelas {heard.slot('course')}" if heard.slot("course") else ""]
    named += [f"pesan “{heard.slot('error_text')}”" if heard.slot("error_text") else ""]
    lasted = heard.lasted
    named += [f"sudah {span(lasted)}" if lasted else ""]
    facts = list(dict.fromkeys(finding.summary for it in examined for finding in it.findings))
    return "; ".join(filter(None, [labels, *named, *facts]))[:500]


def most_urgent(needed: list[Escalation | None]) -> Escalation | None:
    """Return the first of the most urgent escalations, or none."""
    order = list(Priority)
    return max((it for it in needed if it), key=lambda it: order.index(it.priority), default=None)


def about_the_system(plan: Plan) -> bool:
    """Whether the state of the system is the first thing to look at, and so the first thing to say."""
    return bool(plan.checks) and CHECKS[plan.checks[0]].letter == "S"
