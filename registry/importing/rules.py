"""The programme's rules that reach beyond one row, asked of a whole staged file at once.

Triggers hold the same rules (migration 0003); here every broken row is named before a trigger has to refuse the file.
In a rule `{staging}` is the file and `{table}` what was loaded before.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """A query for the lines that break a rule, and what to say of them."""

    column: str
    """As in the file."""
    lines: str
    reason: str
    advice: str


_FRESH = "{staging} f WHERE NOT EXISTS (SELECT FROM {table} t WHERE t.id = f.id)"

# what the participants who spend in this file will have, with what was loaded before; of an overdrawn one the last
# spending row is named
_OVERDRAWN = f"""
WITH fresh AS MATERIALIZED (SELECT f.line, f.participant_id, f.kind, f.amount, f.purchase_id FROM {_FRESH}),
spending AS (
    SELECT participant_id, max(line) AS line FROM fresh WHERE kind IN ('hold', 'capture', 'forfeit') GROUP BY 1
),
entries AS (
    SELECT participant_id, kind, amount, purchase_id FROM fresh
    UNION ALL
    SELECT t.participant_id, t.kind, t.amount, t.purchase_id FROM {{table}} t JOIN spending USING (participant_id)
),
attempts AS (
    SELECT participant_id,
        CASE
            WHEN purchase_id IS NULL THEN
                sum(CASE kind WHEN 'grant' THEN amount WHEN 'forfeit' THEN -amount ELSE 0 END)
            WHEN bool_or(kind = 'capture') THEN
                -max(amount) FILTER (WHERE kind = 'capture') + coalesce(max(amount) FILTER (WHERE kind = 'refund'), 0)
            WHEN bool_or(kind = 'hold') AND NOT bool_or(kind = 'release') THEN
                -max(amount) FILTER (WHERE kind = 'hold')
            ELSE 0
        END AS left_over
    FROM entries GROUP BY participant_id, purchase_id
)
SELECT max(spending.line) FROM attempts JOIN spending USING (participant_id)
GROUP BY participant_id HAVING sum(left_over) < 0 ORDER BY 1
"""  # noqa: S608 (our own text, as everywhere in this file)


def _unmatched(kind: str, taken: str) -> str:
    """Return the query for entries that give back what no entry has taken."""
    return (
        f"SELECT f.line FROM {_FRESH} AND f.kind = '{kind}'"  # noqa: S608
        f" AND NOT EXISTS (SELECT FROM {{staging}} s WHERE s.purchase_id = f.purchase_id AND s.kind = '{taken}')"
        f" AND NOT EXISTS (SELECT FROM {{table}} t WHERE t.purchase_id = f.purchase_id AND t.kind = '{taken}')"
        " ORDER BY f.line"
    )


def _changed(condition: str) -> str:
    return f"SELECT s.line FROM {{staging}} s JOIN {{table}} t USING (id) WHERE {condition} ORDER BY s.line"  # noqa: S608


def _with_purchase(condition: str) -> str:
    joined = "JOIN programme.purchases p ON p.id = f.purchase_id"
    return f"SELECT f.line FROM {{staging}} f {joined} WHERE {condition} ORDER BY f.line"  # noqa: S608


_IN_LEDGER = "EXISTS (SELECT FROM programme.ledger_entries l WHERE l.purchase_id = t.id)"

RULES: dict[str, tuple[Rule, ...]] = {
    "purchases": (
        Rule(
            "state",
            _changed("s.state <> t.state AND NOT programme.purchase_may_become(t.state, s.state)"),
            "state ini tidak bisa menyusul state yang sudah dimuat",
            "periksa urutannya di docs/programme-csv.md; percobaan baru adalah baris baru",
        ),
        Rule(
            "redeem_code_hash",
            _changed("t.redeem_code_hash IS NOT NULL AND s.redeem_code_hash IS DISTINCT FROM t.redeem_code_hash"),
            "pembelian ini sudah punya kode lain",
            "satu pembelian hanya punya satu kode; kembalikan hash yang lama",
        ),
        Rule(
            "price",
            _changed(f"s.price <> t.price AND {_IN_LEDGER}"),
            "harga berubah padahal sudah tercatat di mutasi saldo",
            "kembalikan harga yang lama",
        ),
        Rule(
            "participant_id",
            _changed(f"s.participant_id <> t.participant_id AND {_IN_LEDGER}"),
            "pembeli berubah padahal sudah tercatat di mutasi saldo",
            "kembalikan pembeli yang lama",
        ),
    ),
    "ledger_entries": (
        Rule(
            "participant_id",
            _with_purchase("f.participant_id <> p.participant_id"),
            "bukan peserta yang membeli pembelian ini",
            "samakan participant_id atau purchase_id",
        ),
        Rule(
            "amount",
            _with_purchase("f.amount <> p.price"),
            "jumlah tidak sama dengan harga pembelian ini",
            "samakan dengan price di purchases.csv",
        ),
        Rule(
            "kind",
            _with_purchase("f.kind = 'refund' AND p.state = 'completed'"),
            "pengembalian untuk pelatihan yang sudah selesai",
            "periksa purchase_id atau state pembeliannya",
        ),
        Rule(
            "kind",
            _unmatched("refund", "capture"),
            "pengembalian tanpa potongan (capture)",
            "tambahkan entri capture pembelian itu, atau hapus refund ini",
        ),
        Rule(
            "kind",
            _unmatched("release", "hold"),
            "pelepasan tanpa penahanan (hold)",
            "tambahkan entri hold pembelian itu, atau hapus release ini",
        ),
        Rule(
            "amount",
            _OVERDRAWN,
            "dengan entri ini saldo peserta menjadi kurang dari nol",
            "periksa hibah dan potongan peserta ini",
        ),
    ),
    "incentives": (
        Rule(
            "status",
            _changed("s.status <> t.status AND NOT programme.incentive_may_become(t.status, s.status, t.held_from)"),
            "status ini tidak bisa menyusul status yang sudah dimuat",
            "periksa urutannya di docs/programme-csv.md",
        ),
    ),
}
