"""What is said years later, when other rules hold; last of all, for the clock goes only forward."""

import pytest

from tests.stack.conftest import as_parameters
from tests.stack.playing import Played, Sourced, play
from tests.stack.running import Stack
from tests.stack.scene import Play, plays

pytestmark = pytest.mark.stack

LATER = [scene for scene in plays() if scene.at.year > 2020]


@pytest.mark.parametrize("scene", as_parameters(LATER))
def test_the_rules_of_the_year_are_told(stack: Stack, sourced: Sourced, played: list[Played], scene: Play) -> None:
    sourced.over(scene.source)
    played.append(play(stack, scene))
    assert played[-1].complaints == [], played[-1].told()
