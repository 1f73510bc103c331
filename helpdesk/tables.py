"""Chore of every start: the database exists and has the tables of this version."""

from helpdesk.places import Places
from helpdesk.settings import SystemSettings
from records.embedded import EmbeddedPostgres
from records.migrate import upgrade


def lay(settings: SystemSettings, database_url: str) -> None:
    """Make the database if it is our own, and run the migrations it has not seen."""
    embedded = EmbeddedPostgres(Places(settings.var).postgres)
    if database_url == embedded.url():
        embedded.ensure_database()
    upgrade(database_url)


def main() -> None:
    """Lay the tables of the database the environment names."""
    settings = SystemSettings.read()
    if settings.database_url is None:
        raise SystemExit("DATABASE_URL is not set: which database?")
    lay(settings, settings.database_url)


if __name__ == "__main__":
    main()
