"""What Telegram's refusals mean for a message; docs/channel-errors.md is this table in words.

The library's TimedOut and BadRequest are both NetworkErrors, so the order of the questions matters.
"""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

import httpx
from telegram import error

from bot.sending import Ambiguous, ChannelStopped, Moved, NotReached, Refused, RetryLater, SendError, Unreachable

BACKOFF_SECONDS = 2.0
NOBODY_THERE = (
    *("chat not found", "user not found", "peer_id_invalid", "user_is_blocked", "group chat was deactivated"),
    *("not enough rights", "have no rights", "chat_write_forbidden", "chat_restricted", "need administrator rights"),
    *("bot is not a member", "user_deactivated", "input_user_deactivated", "topic_closed"),
)
"""Texts of a 400 that say that nothing can be written to this chat any more."""
TOO_LARGE = f"({HTTPStatus.REQUEST_ENTITY_TOO_LARGE.value})"
SO_MANY_CHATS, WITHIN_SECONDS = 3, 5.0


class FloodScope:
    """Tells a 429 of one chat from one of the whole bot, which Telegram does not say.

    Three chats refused within five seconds are no accident of three chats: the bot as a whole is too fast.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._now = monotonic
        self._refused: deque[tuple[float, str]] = deque()

    def is_whole_channel(self, chat: str) -> bool:
        """Note a refusal and say whether it is the whole channel's."""
        now = self._now()
        self._refused.append((now, chat))
        while self._refused and now - self._refused[0][0] > WITHIN_SECONDS:
            self._refused.popleft()
        return len({refused for _, refused in self._refused}) >= SO_MANY_CHATS


def meaning(problem: error.TelegramError, chat: str, scope: FloodScope) -> SendError:
    """Return what the outbox should do about a refused or failed send."""
    if isinstance(problem, error.RetryAfter):
        wait = problem.retry_after
        seconds = float(wait) if isinstance(wait, int) else wait.total_seconds()
        return RetryLater(seconds, "429", whole_channel=scope.is_whole_channel(chat))
    if isinstance(problem, error.ChatMigrated):
        return Moved(str(problem.new_chat_id))
    if isinstance(problem, error.Forbidden):
        return Unreachable(problem.message)
    if isinstance(problem, error.InvalidToken | error.EndPointNotFound):
        return ChannelStopped(problem.message)
    if isinstance(problem, error.BadRequest):
        return _of_bad_request(problem.message)
    return _of_failure(problem)


def _of_bad_request(said: str) -> SendError:
    known = said.lower()
    return Unreachable(said) if any(words in known for words in NOBODY_THERE) else Refused(said)


def _of_failure(problem: error.TelegramError) -> SendError:
    """Only what surely never reached Telegram, or what Telegram itself says it could not do, is sent again."""
    cause = problem.__cause__
    if isinstance(cause, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout):
        return NotReached(BACKOFF_SECONDS, "tidak tersambung")
    if isinstance(problem, error.TimedOut) or isinstance(cause, httpx.TransportError):
        return Ambiguous(problem.message)
    if TOO_LARGE in problem.message:
        return Refused(problem.message)
    if isinstance(problem, error.NetworkError | error.Conflict):
        return RetryLater(BACKOFF_SECONDS, problem.message)
    # an answer that says yes in a form nobody can read
    return Ambiguous(problem.message)


@dataclass(frozen=True)
class Pauses:
    """How many seconds Telegram is left alone after a poll that failed.

    Conflict      another poller, or a webhook, holds the bot: wait long and ask again; nobody is put out
    RetryAfter    as long as Telegram asks
    InvalidToken  nothing comes until the token is mended: wait long
    """

    soon: float = 2.0
    long: float = 30.0

    def after(self, problem: Exception) -> float:
        """Return the pause a problem asks for."""
        if isinstance(problem, error.RetryAfter):
            wait = problem.retry_after
            return float(wait) if isinstance(wait, int) else wait.total_seconds()
        return self.long if isinstance(problem, error.Conflict | error.InvalidToken) else self.soon
