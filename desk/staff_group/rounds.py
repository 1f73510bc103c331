"""The staff group among the rounds of the desk: what was done there, what is said there, receipts, and how it is."""

import time
from collections.abc import Awaitable, Callable
from datetime import timedelta

from desk.office import Office
from desk.rounds.round import Round
from desk.staff_group.group import Group
from desk.staff_group.looking import look_round
from desk.staff_group.posting import post_round
from desk.staff_group.receipts import receipt_round
from desk.staff_group.recovering import recover
from desk.staff_group.updates import update_round


def _if_any(run: Callable[[Office, Group], Awaitable[int]]) -> Callable[[Office], Awaitable[int]]:
    """Do nothing where there is no staff group."""

    async def either(office: Office) -> int:
        return await run(office, office.staff_group) if office.staff_group else 0

    return either


class Posts:
    """Looks at all cases again only after a rest that is long beside the look: with many topics it takes a while."""

    REST = 20
    """Times as long as the look took."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._now, self._rested = monotonic, 0.0

    async def run(self, office: Office, group: Group) -> int:
        """Say what there is to say."""
        began = self._now()
        done = await recover(office, group) + await post_round(office, group, plan=began >= self._rested)
        if not done and began >= self._rested:
            self._rested = began + self.REST * (self._now() - began)
        return done


ROUNDS = (
    # a press waits for its answer, so it is looked for often: one small query
    Round("group_updates", timedelta(milliseconds=300), _if_any(update_round)),
    Round("group_posts", timedelta(seconds=1), _if_any(Posts().run)),
    Round("group_receipts", timedelta(seconds=2), _if_any(receipt_round)),
    Round("group_state", timedelta(seconds=5), _if_any(look_round)),
)
