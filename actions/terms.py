"""What a recipient gets, from the dated policies: those of their own wave if they are known, else today's."""

import asyncio
from datetime import date

from actions.heard import Heard
from checks.indonesian import day, rupiah
from checks.situation import known
from checks.sources import Sources
from checks.wording import Wording
from records.clock import wib
from registry.facts import Policy
from registry.interface import Known

KEYS = ("training_amount", "incentive_amount", "incentive_count", "survey_amount", "survey_count")


async def terms(sources: Sources, wording: Wording, heard: Heard) -> str:
    """Return the amounts and how much of them is cash, with the as-of date; empty where a policy could not be asked."""
    today = wib(heard.now).date()
    own_day = await _recipient_since(sources, heard)
    policies = await asyncio.gather(*(sources.ask(key, sources.registry.policy(key, own_day or today)) for key in KEYS))
    rows = [answer.value for answer in policies if isinstance(answer, Known)]
    if len(rows) < len(KEYS):
        return ""
    values = {row.key: int(row.value) for row in rows}
    incentive, survey = values["incentive_amount"], values["survey_amount"]
    cash = incentive * values["incentive_count"] + survey * values["survey_count"]
    words = {
        "as_of": day(min(_as_of(rows), today)),
        "training": rupiah(values["training_amount"]),
        "incentive": rupiah(incentive),
        "incentive_count": str(values["incentive_count"]),
        "survey": rupiah(survey),
        "survey_count": str(values["survey_count"]),
        "cash": rupiah(cash),
    }
    return wording.say("terms_of_wave" if own_day else "terms_of_today", words)


async def _recipient_since(sources: Sources, heard: Heard) -> date | None:
    if heard.participant_id is None:
        return None
    card = known(await sources.ask("card", sources.registry.card(heard.participant_id)))
    return card.recipient_since if card else None


def _as_of(rows: list[Policy]) -> date:
    return max(row.as_of for row in rows)
