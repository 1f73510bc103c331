"""The rounds of the desk, in no order: each goes by its own pace."""

from desk.broadcasts import running as broadcasts
from desk.bulk import running
from desk.incidents import joining
from desk.learning import gathering
from desk.queue import folding
from desk.rounds import (
    counting,
    detecting,
    giving,
    old_drafts,
    presence,
    promising,
    reporting,
    returning,
    service_figures,
    waking,
)
from desk.rounds.round import Round
from desk.staff_group import rounds as staff_group
from desk.topics import gathering as topics

ROUNDS: tuple[Round, ...] = (
    running.ROUND,
    broadcasts.ROUND,
    folding.ROUND,
    counting.ROUND,
    gathering.ROUND,
    waking.ROUND,
    presence.ROUND,
    giving.ROUND,
    joining.ROUND,
    returning.ROUND,
    promising.ROUND,
    detecting.ROUND,
    old_drafts.ROUND,
    service_figures.ROUND,
    topics.ROUND,
    reporting.ROUND,
    *staff_group.ROUNDS,
)
