"""Makes the rehearsal programme as of 24 August 2020 and writes it as CSV (docs/programme-csv.md).

`python -m simulator.programme.generate --out FOLDER [--participants 5000] [--seed 20200824]`
"""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random

from simulator.programme.book import Book
from simulator.programme.catalogue import build_catalogue
from simulator.programme.company import COMPANY, add_company
from simulator.programme.crowd import add_crowd
from simulator.programme.named import CAST, add_named, describe, stranger
from simulator.programme.partners import incident_rows, partner_rows, platform_role_rows, platform_rows, wave_rows
from simulator.programme.policies import policy_rows
from simulator.programme.tables import COLUMNS, Tables, write_table

SEED, PARTICIPANTS = 20200824, 5000
type Progress = Callable[[str, int, int], None]


def silent(step: str, done: int, total: int) -> None:
    """Report nothing."""


def generate(
    folder: Path, *, participants: int = PARTICIPANTS, seed: int = SEED, progress: Progress = silent
) -> dict[str, int]:
    """Write the whole programme into a folder and count the rows of each table.

    Args:
        folder: made when it does not exist; files of earlier runs are overwritten.
        participants: how many, the named ones among them.
        seed: the same seed gives the same bytes.
        progress: called with a step, how much of it is done and how much there is.
    """
    tables, named = build(participants, seed, progress)
    folder.mkdir(parents=True, exist_ok=True)
    for done, name in enumerate(COLUMNS, 1):
        write_table(folder, name, tables[name])
        progress("menulis tabel", done, len(COLUMNS))
    (folder / "people.json").write_text(json.dumps(named, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return {name: len(tables[name]) for name in COLUMNS}


def build(participants: int, seed: int, progress: Progress = silent) -> tuple[Tables, list[dict[str, object]]]:
    """Make all rows in memory."""
    random = Random(seed)  # noqa: S311 - reproducible invention, not a secret
    catalogue = build_catalogue(random)
    progress("katalog", 1, 1)
    book = Book(random, catalogue)
    cast = add_named(book)
    # the company comes last, so that one more of them changes nothing of the crowd but its last person
    crowd = participants - len(cast) - len(COMPANY)
    add_crowd(book, crowd, lambda done, total: progress("peserta", done, total))
    cast |= add_company(book)
    tables = book.tables
    tables |= {
        "platforms": platform_rows(),
        "payment_partners": partner_rows(),
        "institutions": catalogue.institutions,
        "organisation_roles": platform_role_rows() + catalogue.roles,
        "courses": catalogue.courses,
        "offers": catalogue.offers,
        "incidents": incident_rows(),
        "policies": policy_rows(),
        "waves": wave_rows(),
    }
    everybody = (*CAST, *(who for who, _ in COMPANY))
    named = [describe(who, cast[who.key], cast[who.phone_of or who.key]) for who in everybody]
    return tables, [*named, stranger()]


def _print_progress(step: str, done: int, total: int) -> None:
    end = "\n" if done == total else ""
    sys.stderr.write(f"\r{step}: {done:,}/{total:,}{end}")
    sys.stderr.flush()


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="Membuat program gladi per 24 Agustus 2020 sebagai CSV.")
    parser.add_argument("--out", type=Path, required=True, help="folder tujuan")
    parser.add_argument("--participants", type=int, default=PARTICIPANTS)
    parser.add_argument("--seed", type=int, default=SEED)
    chosen = parser.parse_args()
    counts = generate(chosen.out, participants=chosen.participants, seed=chosen.seed, progress=_print_progress)
    sys.stdout.write("".join(f"{name:20}{count:>8,}\n" for name, count in counts.items()))


if __name__ == "__main__":
    main()
