"""A programme as large as a country's: the simulator's small one with a crowd written behind it, as fast as disks go.

The crowd is plain on purpose: everybody of it has a card, three attempts to buy and a ledger that agrees with them.
"""

from collections.abc import Callable, Iterator
from hashlib import sha256
from itertools import batched
from pathlib import Path

from simulator.programme.generate import generate

NAMED = 500
"""People of the small programme, the named ones among them."""
PURCHASES_EACH = 3
AT_ONCE = 20_000
NAMES = ("Siti", "Budi", "Dewi", "Rina", "Agus", "Yanto", "Maya", "Joko", "Lina", "Putri", "Eko", "Wahyu")
FAMILIES = ("Rahmawati", "Santoso", "Lestari", "Pratama", "Wibowo", "Kusuma", "Hidayat", "Saputra", "Nugroho")
PROVINCES = ("31", "32", "33", "35", "36")
BOUGHT = "2020-07-{day:02}T08:{minute:02}:{second:02}+07:00"

type Lines = Callable[[int], str]


def phone_of(n: int) -> str:
    """Return the phone number of somebody of the crowd."""
    return f"+62841{n:08}"


def write_programme(folder: Path, participants: int) -> Path:
    """Write a programme of so many participants, unless it stands there already."""
    done = folder / "whole"
    if done.exists():
        return folder
    generate(folder, participants=min(NAMED, participants))
    for name, lines in CROWD.items():
        _append(folder / f"{name}.csv", lines, range(NAMED + 1, participants + 1))
    done.touch()
    return folder


def _append(path: Path, lines: Lines, numbers: range) -> None:
    with path.open("a", encoding="utf-8") as file:
        for some in batched(numbers, AT_ONCE):
            file.write("".join(map(lines, some)))


def _participants(n: int) -> str:
    born = f"{1 + n % 28:02}{1 + n % 12:02}{70 + n % 30:02}"
    name = f"{NAMES[n % 12]} {FAMILIES[n % 9]}"
    return (
        f"Q{n:07},99{n % 10_000:04}{born}{n // 10_000:04},{name},q{n}@peserta.example,{phone_of(n)},{1970 + n % 30},"
        f"sma,verified,true,true,{'true' if n % 5 else 'false'},true,"
        f"2020-05-{1 + n % 28:02}T09:{n % 60:02}:00+07:00,4,{PROVINCES[n % 5]}\n"
    )


def _applications(n: int) -> str:
    return f"QA{n:07},Q{n:07},4,selected,2020-08-10T09:{n % 60:02}:00+07:00,2020-08-14T12:00:00+07:00,\n"


def _cards(n: int) -> str:
    return f"QC{n:07},Q{n:07},0001{n:012},{n % 10_000:04},active,2020-08-14T12:00:00+07:00,,,\n"


def _attempts(n: int) -> Iterator[tuple[int, str]]:
    """Return the attempts of a participant: one that failed, one finished, one with a code."""
    for number, state in enumerate(("failed", "completed", "code_issued")[:PURCHASES_EACH]):
        yield n * PURCHASES_EACH + number, state


def _purchases(n: int) -> str:
    return "".join(_purchase(n, number, state) for number, state in _attempts(n))


def _purchase(n: int, number: int, state: str) -> str:
    at = BOUGHT.format(day=1 + number % 28, minute=number % 60, second=n % 60)
    head = f"QB{number:08},Q{n:07},K{1 + number % 2000:05},tokopedia,JDW-X,300000,{state}"
    if state == "failed":
        return f"{head},failed,TOKPED-Q{number:08},,,,{at},{at},,,,,{at},,,,,API token tidak valid\n"
    code = f"TRXQ{number:08},{sha256(str(number).encode()).hexdigest()},{number % 10_000:04}"
    redeemed = f"{at},{at},{at}" if state == "completed" else f"{at},,"
    finished = f"{at},{at}" if state == "completed" else ","
    return f"{head},paid,TOKPED-Q{number:08},{code},{at},{at},{at},{redeemed},,{at},{at},{finished},\n"


def _ledger(n: int) -> str:
    entries = [f"QG{n:07},Q{n:07},grant,1000000,,2020-05-14T12:00:00+07:00,\n"]
    for number, state in _attempts(n):
        at = BOUGHT.format(day=1 + number % 28, minute=number % 60, second=n % 60)
        closing = "release" if state == "failed" else "capture"
        entries.append(f"QH{number:08},Q{n:07},hold,300000,QB{number:08},{at},\n")
        entries.append(f"QK{number:08},Q{n:07},{closing},300000,QB{number:08},{at},\n")
    return "".join(entries)


def _accounts(n: int) -> str:
    return (
        f"QY{n:07},Q{n:07},ovo,{n % 10_000:04},true,premium,linked,,2020-07-02T08:00:00+07:00,\n" if n % 4 == 0 else ""
    )


def _incentives(n: int) -> str:
    return f"QN{n:07},Q{n:07},job_search,1,600000,scheduled,2020-09-01T00:00:00+07:00,,ovo,\n" if n % 2 == 0 else ""


MONEY = ("purchases", "ledger_entries", "payout_accounts", "incentives")
"""The tables that are not about people alone."""
CROWD: dict[str, Lines] = {
    "participants": _participants,
    "wave_applications": _applications,
    "cards": _cards,
    "purchases": _purchases,
    "ledger_entries": _ledger,
    "payout_accounts": _accounts,
    "incentives": _incentives,
}
