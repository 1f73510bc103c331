"""Bring a database to the tables of this version; running it twice changes nothing the second time."""

from pathlib import Path

from alembic import command
from alembic.config import Config

from records.database import psycopg_url


def upgrade(url: str, revision: str = "head") -> None:
    """Run every migration that the database at `url` has not seen."""
    command.upgrade(_config(url), revision)


def _config(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("sqlalchemy.url", psycopg_url(url).replace("%", "%%"))
    return config
