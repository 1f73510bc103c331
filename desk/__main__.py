"""`python -m desk`: serve the desk until told to stop."""

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import httpx
import uvicorn

from desk.app import create_app
from desk.ears import Ears
from desk.learning.present_model import PresentModel
from desk.programme import open_rechecking
from desk.rounds.watch import going_round
from desk.settings import DeskSettings, ModelSettings, StaffGroupSettings
from desk.sign_in.oidc import Oidc, OidcSettings
from desk.staff_group.group import group_of
from records import failpoints
from records.bell import bell_for
from records.clock import clock_from, system_clock
from records.database import Database
from records.sealed import Seal
from registry.settings import RegistrySettings


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
    clock, client = clock_from(settings.helpdesk_clock_file), httpx.AsyncClient()
    seal = Seal(settings.helpdesk_data_key.get_secret_value())
    app = create_app(
        database=database,
        clock=clock,
        rechecking=open_rechecking(RegistrySettings(), database, clock, client),
        bell=bell_for(settings.database_url, settings.redis_url),
        seal=seal,
        setup_code=settings.desk_setup_code.get_secret_value() if settings.desk_setup_code else None,
        session_life=settings.desk_session_life,
        secure_cookies=settings.desk_secure_cookies,
        whatsapp_templates=settings.whatsapp_templates,
        broadcasts_a_minute=settings.desk_broadcasts_a_minute,
        templates_a_day=settings.desk_templates_a_day,
        second_factor=settings.desk_second_factor,
        oidc=_oidc(settings, seal, client),
        staff_group=group_of(StaffGroupSettings(), client),
        present_model=_model(ModelSettings(), client),
        report_folder=settings.report_folder,
    )
    config = uvicorn.Config(
        app, host=settings.desk_host, port=settings.desk_port, access_log=False, timeout_graceful_shutdown=5
    )
    try:
        async with going_round(app.state.office):
            await DeskServer(config, app.state.office.ears).serve()
    finally:
        await client.aclose()
        await database.close()


def _model(settings: ModelSettings, client: httpx.AsyncClient) -> PresentModel:
    return PresentModel(settings.rasa_url, settings.rasa_turn_token, client)


def _oidc(settings: DeskSettings, seal: Seal, client: httpx.AsyncClient) -> Oidc | None:
    if not settings.desk_oidc_issuer:
        return None
    provider = OidcSettings(
        issuer=settings.desk_oidc_issuer,
        client_id=settings.desk_oidc_client_id,
        client_secret=settings.desk_oidc_client_secret.get_secret_value(),
        redirect=settings.desk_oidc_redirect,
        claim=settings.desk_oidc_claim,
        name=settings.desk_oidc_name,
    )
    return Oidc(provider, seal, client, system_clock)


def main() -> None:
    """Read the settings and serve."""
    asyncio.run(serve(DeskSettings()))


if __name__ == "__main__":
    main()
