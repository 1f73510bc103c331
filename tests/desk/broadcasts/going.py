"""A process of its own that goes on with broadcasts until it is killed: python -m tests.desk.broadcasts.going URL."""

import asyncio
import sys

from cryptography.fernet import Fernet

from checks.desk_records import Records
from checks.sources import Sources
from checks.wording import Wording
from desk.app import create_app
from desk.broadcasts import running
from desk.rechecking import Rechecking
from records.bell import PostgresBell
from records.database import Database
from records.sealed import Seal
from tests.conftest import OPENING
from tests.desk.broadcasts.outage import after_the_outage


async def main(url: str) -> None:
    """Go on and on."""
    database = Database(url, pool_size=3)
    sources = Sources(after_the_outage(), Records(database), lambda *_: None, deadline_seconds=60.0)
    app = create_app(
        database=database,
        clock=lambda: OPENING,
        bell=PostgresBell(database.url),
        seal=Seal(Fernet.generate_key().decode()),
        rechecking=Rechecking(sources, Wording.read()),
    )
    while True:
        await running.run(app.state.office)
        await asyncio.sleep(0.05)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
