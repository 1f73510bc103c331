"""The desk after an outage."""

import pytest
from fastapi import FastAPI

from checks.desk_records import Records
from checks.sources import Sources
from checks.wording import Wording
from desk.app import create_app
from desk.message_templates import catalogue
from desk.rechecking import Rechecking
from records.bell import Bell
from records.database import Database
from tests.desk.broadcasts.outage import After, Answering, Clock, Real, after_the_outage, incident
from tests.desk.conftest import A_SEAL, SETUP_CODE
from tests.desk.making import Scene
from tests.desk.scenes import CHEAP, hire

WORDING = Wording.read()


@pytest.fixture
def day() -> Clock:
    return Clock()


@pytest.fixture
def programme() -> Answering:
    return after_the_outage()


@pytest.fixture
def app(database: Database, bell: Bell, day: Clock, programme: Answering) -> FastAPI:
    sources = Sources(programme, Records(database, elapsed=lambda: 0.0), lambda *_: None, deadline_seconds=60.0)
    return create_app(
        database=database,
        clock=day,
        bell=bell,
        seal=A_SEAL,
        setup_code=SETUP_CODE,
        passwords=CHEAP,
        rechecking=Rechecking(sources, WORDING),
        whatsapp_templates=",".join(catalogue()),
    )


@pytest.fixture
async def after(app: FastAPI, database: Database, day: Clock, programme: Answering) -> After:
    """The outage is over; nobody is hit yet."""
    scene = Scene({}, {}, {})
    async with database.write() as session:
        scene.staff = await hire(session, day())
        session.add(incident())
    object.__setattr__(app.state.office, "real_clock", Real())
    return After(app.state.office, scene, day, programme)
