"""Every column is thought about, and what is called emptied is emptied."""

from sqlalchemy import Table

import registry.tables  # noqa: F401 (its tables belong to the same metadata)
from records.models import Base
from records.privacy.columns import PERSONAL
from records.privacy.elsewhere import (
    NOT_OF_PARTICIPANTS,
    PROGRAMME,
    PROGRAMME_HIDDEN,
    PROGRAMME_OF_NOBODY,
    PROGRAMME_ROWS,
)
from records.privacy.retention import RULES


def ours() -> dict[str, Table]:
    return {table.name: table for table in Base.metadata.sorted_tables if table.schema is None}


def test_every_table_is_somebodys_or_nobodys() -> None:
    assert set(ours()) == set(PERSONAL) | set(NOT_OF_PARTICIPANTS)
    programme = {table.name for table in Base.metadata.sorted_tables if table.schema == PROGRAMME}
    assert programme == set(PROGRAMME_ROWS) | set(PROGRAMME_OF_NOBODY)


def test_every_column_of_a_persons_table_is_emptied_or_kept_for_a_reason() -> None:
    for name, whose in PERSONAL.items():
        columns = {column.name for column in ours()[name].columns}
        assert set(whose.emptied).isdisjoint(whose.kept), name
        assert set(whose.emptied) | set(whose.kept) == columns, name


def test_no_text_of_unknown_length_is_kept_but_the_known_words_of_ours() -> None:
    fixed = {
        "id",
        "channel",
        "author",
        "direction",
        "kind",
        "status",
        "owner",
        "outcome",
        "intent",
        "platform",
        "model",
    }
    fixed |= {"queue", "priority", "from_owner", "to_owner", "number", "made_by", "what", "digest", "external_id"}
    fixed |= {"check_name", "reference", "path"}
    fixed |= {"held_by", "ranking", "also", "counts", "incident_id"}
    fixed |= {"source", "corrected_intent", "read_as", "meant", "ticket_was", "right_intent", "right_also"}
    fixed |= {"key", "asks", "shown", "how", "taken_out_as", "state"}
    for name, whose in PERSONAL.items():
        for column in whose.kept:
            kind = str(ours()[name].columns[column].type)
            if not whose.deleted and kind in ("VARCHAR", "JSONB", "BYTEA"):
                assert column in fixed, (name, column)


def test_whatever_is_sealed_has_an_end() -> None:
    sealed = {f"{t.name}.{c.name}" for t in ours().values() for c in t.columns if c.name.startswith("sealed_")}
    assert sealed <= {rule.name for rule in RULES}


def test_a_hash_is_shown_to_nobody() -> None:
    for table in Base.metadata.sorted_tables:
        hidden = PROGRAMME_HIDDEN if table.schema else PERSONAL[table.name].hidden if table.name in PERSONAL else ()
        if table.name in PERSONAL or table.name in PROGRAMME_ROWS:
            assert {c.name for c in table.columns if c.name.endswith("_hash")} <= set(hidden)
