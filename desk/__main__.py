"""`python -m desk`: serve the desk until told to stop."""

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import uvicorn

from desk.app import create_app
from desk.ears import Ears
from desk.settings import DeskSettings
from records import failpoints
from records.bell import bell_for
from records.clock import clock_from
from records.database import Database
from records.sealed import Seal


class DeskServer(uvicorn.Server):
    """A server that lets its live streams go first, else it would wait for them."""

    def __init__(self, config: uvicorn.Config, ears: Ears) -> None:
        super().__init__(config)
        self._ears = ears

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop on SIGINT and SIGTERM; uvicorn's own way raises the signal again and would end us before we close."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.handle_exit, number, None)
        yield
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Close the streams, then stop as usual."""
        self._ears.close()
        super().handle_exit(sig, frame)


async def serve(settings: DeskSettings) -> None:
    """Open the records, serve, and close them again."""
    failpoints.arm(settings.failpoints, "desk")
    database = Database(settings.database_url, application="helpdesk desk")
    app = create_app(
        database=database,
        clock=clock_from(settings.helpdesk_clock_file),
        bell=bell_for(settings.database_url, settings.redis_url),
        seal=Seal(settings.helpdesk_data_key.get_secret_value()),
        setup_code=settings.desk_setup_code.get_secret_value() if settings.desk_setup_code else None,
        session_life=settings.desk_session_life,
        secure_cookies=settings.desk_secure_cookies,
        whatsapp_templates=settings.whatsapp_templates,
    )
    config = uvicorn.Config(
        app, host=settings.desk_host, port=settings.desk_port, access_log=False, timeout_graceful_shutdown=5
    )
    try:
        await DeskServer(config, app.state.office.ears).serve()
    finally:
        await database.close()


def main() -> None:
    """Read the settings and serve."""
    asyncio.run(serve(DeskSettings()))


if __name__ == "__main__":
    main()
