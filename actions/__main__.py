"""Run the action server: `python -m actions`."""

import sys

import uvicorn

from actions import ladder
from actions.assembly import assemble
from actions.settings import ActionsSettings
from records import failpoints
from records.ladder import WrongOrder
from records.logs import quiet_logs
from records.settings import RecordsSettings
from registry.settings import RegistrySettings


def main() -> None:
    """Serve until told to stop."""
    quiet_logs("actions")
    settings = ActionsSettings()
    try:
        ladder.check(settings)
    except WrongOrder as problem:
        sys.stderr.write(f"Action server tidak dijalankan. {problem}\n")
        sys.exit(2)
    records = RecordsSettings()
    failpoints.arm(records.failpoints, "actions")
    app = assemble(settings, records, RegistrySettings())
    uvicorn.run(
        app,
        host=settings.actions_host,
        port=settings.actions_port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=5,
    )


if __name__ == "__main__":
    main()
