"""Bring a database to the tables of this version; running it twice changes nothing the second time."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from records.database import psycopg_url


def upgrade(url: str, revision: str = "head") -> None:
    """Run every migration that the database at `url` has not seen."""
    command.upgrade(_config(url), revision)


def head() -> str:
    """Return the version of the tables that this code is written for."""
    return str(_scripts().get_current_head())


def is_older(revision: str | None) -> bool:
    """Say whether a database of this version still has to be brought to ours; one of a later version is not older."""
    known = {script.revision for script in _scripts().walk_revisions()}
    return revision is None or (revision in known and revision != head())


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config("postgresql://"))


def _config(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("sqlalchemy.url", psycopg_url(url).replace("%", "%%"))
    return config
