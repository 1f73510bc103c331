"""An outage at the desk of the cast."""

import pytest

from records.bell import Bell
from records.database import Database
from tests.desk.incidents.outage import Outage
from tests.desk.making import Scene


@pytest.fixture
def outage(database: Database, bell: Bell, scene: Scene) -> Outage:
    return Outage(database, bell, scene)
