"""Starts the simulator: `python -m simulator`."""

import uvicorn

from simulator.app import build
from simulator.settings import SimulatorSettings
from simulator.wire import DroppableProtocol


def main() -> None:
    """Serve until stopped."""
    settings = SimulatorSettings()
    uvicorn.run(
        build(settings).app,
        host=settings.host,
        port=settings.port,
        http=DroppableProtocol,
        loop="uvloop",
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        # open pages hold their streams: do not wait for them
        timeout_graceful_shutdown=2,
    )


if __name__ == "__main__":
    main()
