"""A world for each machine."""

from collections.abc import Iterator

import pytest

from tests.properties.world import World


@pytest.fixture
def world(database_url: str, data_key: str) -> Iterator[World]:
    world = World(database_url, data_key)
    yield world
    world.close()
