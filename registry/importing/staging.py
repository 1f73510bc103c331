"""One file's rows in a temporary table: held against each other and against what is there, then taken over.

What the tables' own constraints would refuse is asked row by row beforehand, so that a report can name the line.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from psycopg import Cursor, sql
from sqlalchemy import CheckConstraint, Column, ForeignKeyConstraint, PrimaryKeyConstraint, UniqueConstraint
from sqlalchemy.sql.elements import TextClause

from registry.importing.files import ImportFile
from registry.importing.problems import Problems
from registry.importing.report import KEPT_PROBLEMS
from registry.importing.rules import RULES

CHECK_REASONS = {
    "paid": ("state", "pembelian yang sudah dibayar harus punya invoice_code dan paid_at", "lengkapi keduanya"),
    "code": ("redeem_code_hash", "ada kode padahal state belum punya kode", "kosongkan, atau perbaiki state"),
    "redeemed": ("redeemed_at", "ditukar sebelum dibayar", "perbaiki redeemed_at atau paid_at"),
    "dates": ("valid_to", "valid_to tidak sesudah valid_from", "perbaiki tanggalnya"),
    "revoked_at": ("revoked_at", "kartu dicabut tanpa revoked_at", "isi revoked_at"),
    "province": ("province", "bukan nomor provinsi", "tulis dua digit nomor provinsi, misalnya 32"),
    "paid_at": ("paid_at", "insentif cair tanpa paid_at", "isi paid_at"),
    "purchase": (
        "purchase_id",
        "jenis entri ini tidak cocok dengan ada atau tidaknya purchase_id",
        "kosongkan untuk grant, isi untuk yang lain",
    ),
}
"""Column, reason and advice of what a table's own constraints refuse."""

INDEXES = """
SELECT name.relname, coalesce(pg_get_constraintdef(rule.oid), pg_get_indexdef(it.indexrelid)), rule.oid IS NOT NULL
FROM pg_index it JOIN pg_class name ON name.oid = it.indexrelid
LEFT JOIN pg_constraint rule ON rule.conindid = it.indexrelid AND rule.contype = 'u'
WHERE it.indrelid = %s::regclass AND NOT it.indisprimary ORDER BY 1
"""
"""Every index of a table but its key, with the words that make it again."""


class Staging:
    """The temporary table of one file inside the import's transaction."""

    def __init__(self, cursor: Cursor[Any], file: ImportFile, problems: Problems) -> None:
        self._cursor = cursor
        self._file = file
        self._problems = problems
        self._name = sql.Identifier(f"staging_{file.name}")
        self._table = sql.Identifier("programme", file.table.name)
        self._targets = [column.target for column in file.columns]

    def make(self) -> None:
        """Make the temporary table: the target's columns without its constraints, and the line."""
        self._run("CREATE TEMP TABLE {staging} ON COMMIT DROP AS SELECT 0 AS line, t.* FROM {table} t WITH NO DATA")

    def fill(self, blocks: Iterable[tuple[str, int]]) -> int:
        """Copy blocks of rows in and return how many rows there were."""
        count = 0
        command = sql.SQL("COPY {} ({}) FROM STDIN").format(self._name, _names(["line", *self._targets]))
        with self._cursor.copy(command) as copy:
            for text, rows in blocks:
                copy.write(text)
                count += rows
        return count

    def examine(self, parents_away: dict[str, list[str]]) -> None:
        """Write down every row the table would refuse.

        Args:
            parents_away: for a referenced table, its files of this import that were not loaded.
        """
        self._run("ANALYZE {staging}")
        for constraint in sorted(self._file.table.constraints, key=lambda found: str(found.name)):
            if isinstance(constraint, PrimaryKeyConstraint | UniqueConstraint):
                self._examine_unique(list(constraint.columns), primary=isinstance(constraint, PrimaryKeyConstraint))
            elif isinstance(constraint, CheckConstraint):
                self._examine_check(constraint)
            elif isinstance(constraint, ForeignKeyConstraint):
                self._examine_reference(constraint, parents_away)
        if self._file.append_only:
            self._examine_unchanged()
        if not self._problems.count:
            self._examine_rules()

    def take_over(self) -> tuple[int, int]:
        """Change what is different, add what is new, and return how many rows were added and changed."""
        keys = [column.name for column in self._file.table.primary_key]
        others = [name for name in self._targets if name not in keys]
        changed = 0
        if not self._file.append_only:
            self._run(
                "UPDATE {table} t SET {change} FROM {staging} s"
                " WHERE ({my_keys}) = ({their_keys}) AND ({mine}) IS DISTINCT FROM ({theirs})",
                change=sql.SQL(", ").join(sql.SQL("{0} = s.{0}").format(sql.Identifier(name)) for name in others),
                my_keys=_names(keys, "s"),
                their_keys=_names(keys, "t"),
                mine=_names(others, "s"),
                theirs=_names(others, "t"),
            )
            changed = self._cursor.rowcount
        with self._indexes_last():
            self._run(
                "INSERT INTO {table} ({columns}) SELECT {columns} FROM {staging} s"
                " WHERE NOT EXISTS (SELECT FROM {table} t WHERE ({my_keys}) = ({their_keys})) ORDER BY line",
                columns=_names(self._targets),
                my_keys=_names(keys, "s"),
                their_keys=_names(keys, "t"),
            )
            new = self._cursor.rowcount
        self._run("ANALYZE {table}")
        return new, changed

    @contextmanager
    def _indexes_last(self) -> Iterator[None]:
        """Let a table that is empty have its indexes after its rows, which takes a fraction of the time.

        Whoever reads meanwhile waits; of a table that was never filled they would learn nothing anyway. What only grows
        is looked through by its trigger, which needs the indexes.
        """
        self._run("SELECT EXISTS (SELECT FROM {table})")
        (filled,) = self._cursor.fetchone() or (True,)
        indexes: list[tuple[str, str, bool]] = []
        if not filled and not self._file.append_only:
            name = f"programme.{self._file.table.name}"
            indexes = self._cursor.execute(INDEXES, (name,)).fetchall()
        for index, _, constraint in indexes:
            drop = "ALTER TABLE {table} DROP CONSTRAINT {index}" if constraint else "DROP INDEX programme.{index}"
            self._run(drop, index=sql.Identifier(index))
        yield
        for index, definition, constraint in indexes:
            make = "ALTER TABLE {table} ADD CONSTRAINT {index} {definition}" if constraint else "{definition}"
            self._run(make, index=sql.Identifier(index), definition=_trusted(definition))

    def _examine_unique(self, columns: list[Column[Any]], *, primary: bool) -> None:
        names = [column.name for column in columns]
        if not set(names) <= set(self._targets):
            return
        self._run(
            # counted first, which needs no sorting: hardly ever is anything left to number
            "WITH twice AS (SELECT {names} FROM {staging} WHERE ({names}) IS NOT NULL GROUP BY {names}"
            " HAVING count(*) > 1)"
            " SELECT line FROM (SELECT line, row_number() OVER (PARTITION BY {names} ORDER BY line) AS nth"
            " FROM {staging} JOIN twice USING ({names})) numbered WHERE nth > 1 ORDER BY line",
            names=_names(names),
        )
        self._write_down(self._csv_names(names), "nilai yang sama sudah ada di baris sebelumnya", "sisakan satu baris")
        if primary:
            return
        keys = [column.name for column in self._file.table.primary_key]
        self._run(
            "SELECT s.line FROM {staging} s JOIN {table} t ON ({mine}) = ({theirs})"
            " WHERE ({my_key}) IS DISTINCT FROM ({their_key}) ORDER BY s.line",
            mine=_names(names, "s"),
            theirs=_names(names, "t"),
            my_key=_names(keys, "s"),
            their_key=_names(keys, "t"),
        )
        used = "nilai ini sudah dipakai baris lain yang dimuat dahulu"
        self._write_down(self._csv_names(names), used, "periksa kunci barisnya")

    def _examine_check(self, constraint: CheckConstraint) -> None:
        name = str(constraint.name).removeprefix(f"ck_{self._file.table.name}_")
        if not isinstance(constraint.sqltext, TextClause):
            raise TypeError(f"constraint {name} is not written as text")
        # the text is our own model's
        self._run("SELECT line FROM {staging} WHERE NOT ({rule}) ORDER BY line", rule=_trusted(constraint.sqltext.text))
        self._write_down(*CHECK_REASONS.get(name, (name, f"melanggar aturan {name}", "perbaiki isinya")))

    def _examine_reference(self, constraint: ForeignKeyConstraint, parents_away: dict[str, list[str]]) -> None:
        (element,) = constraint.elements
        mine, theirs = element.parent.name, element.column
        if mine not in self._targets:
            return
        self._run(
            "SELECT line FROM {staging} s WHERE {mine} IS NOT NULL"
            " AND NOT EXISTS (SELECT FROM {parent} p WHERE p.{theirs} = s.{mine}) ORDER BY line",
            mine=sql.Identifier(mine),
            parent=sql.Identifier("programme", theirs.table.name),
            theirs=sql.Identifier(theirs.name),
        )
        away = parents_away.get(theirs.table.name)
        if away:
            lines = self._cursor.fetchall()
            if lines:
                files = " dan ".join(away)
                reason = f"{len(lines)} baris merujuk ke isi {files} yang tidak dimuat, yang pertama di baris ini"
                column = self._csv_names([mine])
                self._problems.add(lines[0][0], column, reason, f"perbaiki {files} dahulu", len(lines))
            return
        missing = "merujuk ke baris yang tidak ada"
        self._write_down(self._csv_names([mine]), missing, "tambahkan induknya atau perbaiki rujukannya")

    def _examine_rules(self) -> None:
        """Ask what rows together must hold; of rows that are broken each by itself it would say nothing true."""
        for rule in RULES.get(self._file.name, ()):
            self._run(rule.lines)
            self._write_down(rule.column, rule.reason, rule.advice)

    def _examine_unchanged(self) -> None:
        self._run(
            "SELECT s.line FROM {staging} s JOIN {table} t USING (id) WHERE ({mine}) IS DISTINCT FROM ({theirs})"
            " ORDER BY s.line",
            mine=_names(self._targets, "s"),
            theirs=_names(self._targets, "t"),
        )
        keys = [column.name for column in self._file.table.primary_key]
        changed = "entri ini sudah dimuat dengan isi lain"
        self._write_down(self._csv_names(keys), changed, "entri lama tidak berubah; buat entri baru")

    def _write_down(self, column: str, reason: str, advice: str) -> None:
        lines = self._cursor.fetchall()
        for (line,) in lines[:KEPT_PROBLEMS]:
            self._problems.add(line, column, reason, advice)
        self._problems.count += max(0, len(lines) - KEPT_PROBLEMS)

    def _csv_names(self, targets: list[str]) -> str:
        names = {column.target: column.name for column in self._file.columns}
        return ", ".join(names[target] for target in targets)

    def _run(self, command: str, **parts: sql.Composable) -> None:
        self._cursor.execute(_trusted(command).format(staging=self._name, table=self._table, **parts))


def _trusted(text: str) -> sql.SQL:
    return sql.SQL(text)


def _names(names: list[str], of: str | None = None) -> sql.Composed:
    parts = [sql.Identifier(of, name) if of else sql.Identifier(name) for name in names]
    return sql.SQL(", ").join(parts)
