"""The last answers of a source, for a while: fresh ones spare a call, older ones are all there is when it is away.

An answer keeps the moment it was asked, so it never looks younger than it is. What was asked stands here only as a
digest under a key of this process: a redeem code is a bearer secret.
"""

import hmac
import secrets
from collections import OrderedDict
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import orjson

from records.clock import Clock
from registry.interface import Absent, Known

FRESH = timedelta(seconds=20)
KEPT = timedelta(hours=1)
MOST = 10_000


class Remembered:
    """Answers by question, the longest unused given up first."""

    def __init__(self, clock: Clock, *, fresh: timedelta = FRESH, kept: timedelta = KEPT, most: int = MOST) -> None:
        self._clock = clock
        self._fresh, self._kept, self._most = fresh, kept, most
        self._key = secrets.token_bytes(16)
        self._answers: OrderedDict[bytes, Known[Any] | Absent] = OrderedDict()

    def __len__(self) -> int:
        """Return how many answers are held."""
        return len(self._answers)

    def digest(self, path: str, question: Mapping[str, Any]) -> bytes:
        """Return what stands for a question here."""
        return hmac.digest(self._key, path.encode() + orjson.dumps(question, option=orjson.OPT_SORT_KEYS), "sha256")

    def keep(self, asked: bytes, answer: Known[Any] | Absent) -> None:
        """Remember the newest answer to a question."""
        self._answers[asked] = answer
        self._answers.move_to_end(asked)
        while len(self._answers) > self._most:
            self._answers.popitem(last=False)

    def fresh(self, asked: bytes) -> Known[Any] | None:
        """Return an answer so young that asking again is not needed; a no is always asked again."""
        answer = self._within(asked, self._fresh)
        return answer if isinstance(answer, Known) else None

    def last(self, asked: bytes) -> Known[Any] | Absent | None:
        """Return the last answer there was, unless it is too old to be told."""
        return self._within(asked, self._kept)

    def _within(self, asked: bytes, span: timedelta) -> Known[Any] | Absent | None:
        answer = self._answers.get(asked)
        if answer is None:
            return None
        # a clock that was set back makes the answer one from the future: it is not used
        if not timedelta() <= self._clock() - answer.as_of < span:
            return None
        self._answers.move_to_end(asked)
        return answer
