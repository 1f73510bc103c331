"""Chore of every start: the database exists and has the tables of this version."""

import os

from helpdesk.places import Places
from helpdesk.settings import SystemSettings
from records.embedded import EmbeddedPostgres
from records.migrate import upgrade


def main() -> None:
    """Make the database if it is our own, and run the migrations it has not seen."""
    settings = SystemSettings()
    embedded = EmbeddedPostgres(Places(settings.var).postgres)
    if os.environ["DATABASE_URL"] == embedded.url():
        embedded.ensure_database()
    upgrade(os.environ["DATABASE_URL"])


if __name__ == "__main__":
    main()
