"""What each error code of Meta's means for the outbox: one outcome a code.

Built on codes, never on titles (those are to go). docs/channel-errors.md is this table for people; a test compares
them.
"""

from collections.abc import Callable
from dataclasses import dataclass

from bot.sending import (
    Ambiguous,
    ChannelStopped,
    Refused,
    Restricted,
    RetryLater,
    SendError,
    TooFast,
    Unreachable,
    WindowClosed,
)

BACKOFF_SECONDS = 2.0
NUMBER_PAUSE = 5.0
"""How long the whole number rests after it was too fast."""
REST_SECONDS = 3600.0
"""How long broadcasts rest after a restriction."""
MAINTENANCE_SECONDS = 60.0
LONGEST_PAIR_PAUSE = 4.0**5
GATEWAYS = (502, 504)
"""Statuses of machines in between, which do not know what became of the message."""

type Make = Callable[[str, int], SendError]


@dataclass(frozen=True)
class Outcome:
    """What the outbox does, in a word, and the error that says so; `make` takes reason and attempts."""

    name: str
    make: Make


def _pair(reason: str, attempts: int) -> SendError:
    return TooFast(min(LONGEST_PAIR_PAUSE, 4.0 ** max(1, attempts)), reason)


RETRY_NUMBER = Outcome("wait, whole number", lambda why, _: TooFast(NUMBER_PAUSE, why, whole_channel=True))
RETRY_PAIR = Outcome("wait, this person", _pair)
RETRY = Outcome("try again", lambda why, _: RetryLater(BACKOFF_SECONDS, why))
REST = Outcome("wait, whole number", lambda why, _: TooFast(MAINTENANCE_SECONDS, why, whole_channel=True))
WINDOW = Outcome("wait for the person", lambda why, _: WindowClosed(why))
OTHER_CHANNEL = Outcome("another channel", lambda why, _: Unreachable(why))
RESTRICT = Outcome("broadcasts rest", lambda why, _: Restricted(REST_SECONDS, why))
STOP = Outcome("stop and page", lambda why, _: ChannelStopped(why))
REFUSE = Outcome("refused", lambda why, _: Refused(why))

OUTCOMES: dict[int, Outcome] = {
    # how fast
    4: RETRY_NUMBER,
    80007: RETRY_NUMBER,
    130429: RETRY_NUMBER,
    131056: RETRY_PAIR,
    131057: REST,
    # for a while
    1: RETRY,
    2: RETRY,
    131000: RETRY,
    131016: RETRY,
    133004: RETRY,
    # whom
    131026: OTHER_CHANNEL,
    131047: WINDOW,
    131021: REFUSE,
    130472: REFUSE,
    131049: REFUSE,
    131050: REFUSE,
    # how much we may begin ourselves
    131048: RESTRICT,
    130497: RESTRICT,
    368: RESTRICT,
    # the account
    0: STOP,
    3: STOP,
    10: STOP,
    190: STOP,
    **dict.fromkeys(range(200, 300), STOP),
    131005: STOP,
    131031: STOP,
    131037: STOP,
    131042: STOP,
    131045: STOP,
    133010: STOP,
    # the message
    33: REFUSE,
    100: REFUSE,
    131008: REFUSE,
    131009: REFUSE,
    131051: REFUSE,
    131052: REFUSE,
    131053: REFUSE,
    135000: REFUSE,
    # the template
    132000: REFUSE,
    132001: REFUSE,
    132005: REFUSE,
    132007: REFUSE,
    132012: REFUSE,
    132015: REFUSE,
    132016: REFUSE,
    132068: REFUSE,
    132069: REFUSE,
}
BODY_AT_FAULT = (100, 131008, 131009, 131051)
"""Meta did not take the form; the words may still go out in a plainer one."""
TEMPLATE_AT_FAULT = range(132000, 132100)


def meaning(code: int, said: str, status: int, attempts: int = 1) -> SendError:
    """Translate an error that Meta answered with."""
    reason = f"{code}: {said}"
    if known := OUTCOMES.get(code):
        return known.make(reason, attempts)
    if status in (401, 403):
        return ChannelStopped(reason)
    if status == 429:
        return RETRY_NUMBER.make(reason, attempts)
    return RetryLater(BACKOFF_SECONDS, reason) if status >= 500 else Refused(reason)


def meaning_of_status(status: int) -> SendError:
    """Translate an answer that is no word of Meta's: a page of a machine in between, or nothing."""
    reason = f"HTTP {status}"
    if status in (401, 403):
        return ChannelStopped(reason)
    if status == 429:
        return TooFast(NUMBER_PAUSE, reason, whole_channel=True)
    if status in GATEWAYS or status < 300:
        return Ambiguous(reason)
    return RetryLater(BACKOFF_SECONDS, reason)
