"""Looking at everything that is usually wrong when something is wrong. Each look is one small function."""

import shutil
import stat
import subprocess
import sys
from pathlib import Path

from helpdesk import keys, leftovers, model, patience, system
from helpdesk import state as board
from helpdesk.examining_records import look_at_backups, look_at_records
from helpdesk.health import answers, port_taken
from helpdesk.look import Look
from helpdesk.open_alarms import open_alarms
from helpdesk.places import Places
from helpdesk.settings import ROOT, SystemSettings
from helpdesk.state import PartState, SystemState
from records.embedded import EmbeddedPostgres
from records.ladder import Rung, Step

DISK_NEEDED = 2e9
RASA_QUESTION = "import sys, importlib.metadata as m; print(sys.version.split()[0], 'rasa', m.version('rasa'))"


def examine(settings: SystemSettings) -> list[Look]:
    """Look at everything."""
    places, state = Places(settings.var), system.look(settings)
    looks = [_python(), _rasa(), _model(), _disk(places), _secrets(places), _ports(settings, state)]
    looks += [_database(settings, places, state), _leftovers(places, state), *_parts(state)]
    looks += [*(look_at_records(settings) if state or settings.database_url else []), look_at_backups(settings)]
    return [*looks, _patience(settings, state), _failpoints(settings), *_alarms(settings, state)]


def _failpoints(settings: SystemSettings) -> Look:
    orders = system.told(settings).get("HELPDESK_FAILPOINTS")
    seen = f"armed: processes of a rehearsal fail as {orders} orders" if orders else "not armed"
    return Look("failpoints", not orders, seen, "unset HELPDESK_FAILPOINTS; only helpdesk chaos needs it")


def _patience(settings: SystemSettings, state: SystemState | None) -> Look:
    steps = patience.steps(system.told(settings), settings.actions_port if state else None)
    broken = [step for step in steps if not step.holds]
    rungs = " < ".join(f"{rung.whose} {rung.lasts.total_seconds():g} s" for rung in _climbing(steps))
    seen = "; ".join(f"{step.shorter} >= {step.longer}" for step in broken) or rungs
    return Look("patience", not broken, seen, "set the named settings in .env so that the first is shorter")


def _climbing(steps: list[Step]) -> list[Rung]:
    """Return the rungs from a source up to the lease, each once."""
    aside = ("satu kiriman", "jawaban webhook", "Rasa menunggu satu aksi")
    chain = [step for step in steps if not {step.shorter.whose, step.longer.whose} & set(aside)]
    return sorted({rung.whose: rung for step in chain for rung in (step.shorter, step.longer)}.values(), key=_lasts)


def _lasts(rung: Rung) -> float:
    return rung.lasts.total_seconds()


def _alarms(settings: SystemSettings, state: SystemState | None) -> list[Look]:
    found = open_alarms(system.told(settings)["DATABASE_URL"]) if state else None
    if found is None:
        return []
    mend = "the desk's page Peringatan, or docs/operating.md"
    return [Look("alarm", False, str(alarm), mend) for alarm in found] or [Look("alarms", True, "none is open")]


def _python() -> Look:
    version = ".".join(str(number) for number in sys.version_info[:3])
    return Look("python", sys.version_info >= (3, 12), f"{version} in .venv", "make set-up")


def _rasa() -> Look:
    if not model.RASA_PYTHON.exists():
        return Look("rasa", False, "nlu/.venv is not there", "make set-up")
    said = _said(str(model.RASA_PYTHON), "-c", RASA_QUESTION)
    return Look("rasa", said != "", said or "nlu/.venv does not run", "rm -r nlu/.venv; make set-up")


def _model() -> Look:
    trained = model.newest()
    if trained is None:
        return Look("model", False, "none is trained", "make train")
    wanted = _said(str(model.RASA_PYTHON), str(ROOT / "nlu" / "fingerprint.py"))[:12]
    checked = model.signature("verify", [trained])
    if checked.returncode:
        return Look("model", False, checked.stderr.strip(), "make train, or trust it: helpdesk nlu sign models/…")
    fresh = wanted != "" and wanted in trained.name
    seen = f"{trained.name}, signed" + ("" if fresh else ", older than the training inputs")
    return Look("model", fresh, seen, "make train")


def _disk(places: Places) -> Look:
    there = places.var if places.var.exists() else ROOT
    free = shutil.disk_usage(there).free
    return Look("disk", free > DISK_NEEDED, f"{free / 1e9:.1f} GB free", "make room: state and models need about 2 GB")


def _secrets(places: Places) -> Look:
    if not places.secrets.exists():
        return Look("secrets", True, "not made yet; the first start makes them")
    mode = stat.S_IMODE(places.secrets.stat().st_mode)
    missing = set(keys.MAKERS) - set(keys.read(places.secrets))
    well = mode == keys.OWNER_ONLY and not missing
    seen = f"missing: {', '.join(sorted(missing))}" if missing else f"readable as {mode:o}"
    return Look("secrets", well, seen, f"chmod 600 {places.secrets}; the next start makes what is missing")


def _ports(settings: SystemSettings, state: SystemState | None) -> Look:
    if state:
        return Look("ports", True, "ours: " + ", ".join(str(port) for port in system.port_settings(settings)))
    taken = [f"{port} ({name})" for port, name in system.port_settings(settings).items() if port_taken(port)]
    mend = "stop who holds them (ss -ltnp), or set other ports in .env"
    return Look("ports", not taken, f"taken by others: {', '.join(taken)}" if taken else "free", mend)


def _database(settings: SystemSettings, places: Places, state: SystemState | None) -> Look:
    if settings.database_url:
        mend = "start the server DATABASE_URL names, or unset it to use the embedded one"
        return Look("database", answers(settings.database_url, 3), "your own, from DATABASE_URL", mend)
    if not (places.postgres / "PG_VERSION").exists():
        return Look("database", True, "embedded, not made yet")
    if state is None:
        return Look("database", True, "embedded, at rest")
    mend = f"see {_shown(places.log('postgres'))}; if its data is broken: helpdesk up --fresh"
    return Look("database", answers(EmbeddedPostgres(places.postgres).url(), 3), "embedded", mend)


def _leftovers(places: Places, state: SystemState | None) -> Look:
    if state:
        return Look("processes", True, f"supervisor {state.pid}")
    left = leftovers.find(places, board.read(places.state))
    seen = f"{len(left)} left by an earlier run" if left else "none left over"
    return Look("processes", not left, seen, "helpdesk down")


def _parts(state: SystemState | None) -> list[Look]:
    if state is None:
        return [Look("system", True, "not running (make up)")]
    return [_part(part) for part in state.parts.values()]


def _part(part: PartState) -> Look:
    well = part.state == "done" or answers(part.health, 3)
    return Look(part.name, well, f"{part.state}, {part.restarts} restarts", f"see {part.log}")


def _said(*command: str) -> str:
    """Return what a program prints, or nothing when it fails."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    return done.stdout.strip() if done.returncode == 0 else ""


def _shown(path: Path) -> str:
    return str(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path)
