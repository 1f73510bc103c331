"""Migrations and models say the same."""

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine

from records.migrate import upgrade
from records.models import Base


def test_a_migrated_database_is_what_the_models_say(database_url: str) -> None:
    import registry.tables  # noqa: F401 (its tables belong to the same metadata)

    upgrade(database_url)
    engine = create_engine(database_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_schemas": True})
        differences = compare_metadata(context, Base.metadata)
    engine.dispose()
    assert differences == []
