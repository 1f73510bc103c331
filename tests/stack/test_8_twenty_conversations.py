"""The twenty conversations and what else people send, as scenes/*.yml demands, through everything that is real.

`make transcripts` writes them down as they were (TRANSCRIPTS=docs/conversations.md).
"""

import pytest

from tests.stack.conftest import as_parameters
from tests.stack.playing import Played, Sourced, play
from tests.stack.running import Stack
from tests.stack.scene import Play, plays

pytestmark = pytest.mark.stack

IN_2020 = [scene for scene in plays() if scene.at.year == 2020]


@pytest.mark.parametrize("scene", as_parameters(IN_2020))
def test_all_that_is_demanded_is_heard_and_nothing_that_is_not_so(
    stack: Stack, sourced: Sourced, played: list[Played], scene: Play
) -> None:
    sourced.over(scene.source)
    played.append(play(stack, scene))
    assert played[-1].complaints == [], played[-1].told()
