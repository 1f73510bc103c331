"""What each part is told by its environment: its own settings and nothing of anybody else's.

Order of precedence: the environment, then .env, then what is worked out here, then the secrets made for this folder.
"""

import os
from collections.abc import Mapping

from dotenv import dotenv_values

from desk.message_templates import catalogue
from helpdesk.copies import actions_of, kind_of, own_ports, roles_of
from helpdesk.leftovers import MARK
from helpdesk.places import Places
from helpdesk.settings import SystemSettings
from records.embedded import EmbeddedPostgres

ASTRAY = {"VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME", "PYENV_VERSION", "CONDA_PREFIX", "__PYVENV_LAUNCHER__"}
RECORDS = ("DATABASE_", "REDIS_", "HELPDESK_")
STAFF_GROUP = ("TELEGRAM_TOKEN", "TELEGRAM_API_URL", "TELEGRAM_STAFF_")
MODEL = ("RASA_URL", "RASA_TURN_TOKEN")
TOLD: dict[str, tuple[str, ...]] = {
    "postgres": (),
    "tables": RECORDS,
    "rehearsal": (*RECORDS, "SIMULATOR_"),
    "simulator": ("SIMULATOR_", "HELPDESK_CLOCK_FILE"),
    "actions": (*RECORDS, "ACTIONS_", "PROGRAMME_", "REGISTRY_"),
    "rasa": ("RASA_TURN_TOKEN", "RASA_MODEL_KEY", "ACTIONS_"),
    "bot": (*RECORDS, "BOT_", "ALARM_", "TELEGRAM_", "WHATSAPP_", "MEDIA_", "RASA_", "LANE_", "ACTIONS_DEADLINE"),
    "desk": (*RECORDS, "DESK_", "PROGRAMME_", "REGISTRY_", "WHATSAPP_TEMPLATES", "REPORT_", *STAFF_GROUP, *MODEL),
}
"""By part, the names (or beginnings of names) of the settings it is given."""

OURS = tuple({prefix for told in TOLD.values() for prefix in told})


def whole(settings: SystemSettings, places: Places, made: Mapping[str, str]) -> dict[str, str]:
    """Return every setting of every part."""
    given = {name: value for name, value in dotenv_values(settings.helpdesk_settings_file).items() if value}
    given |= {name: value for name, value in os.environ.items() if name.startswith(OURS) and value}
    told = {**made, **_worked_out(settings, places), **given}
    return {**_simulator(settings, told, made), **told, **_fixed(settings, places)}


def of(part: str, settings: Mapping[str, str], places: Places) -> dict[str, str]:
    """Return the environment of one part: the machine's, and of our settings only its own."""
    machine = {name: value for name, value in os.environ.items() if name not in ASTRAY and not name.startswith(OURS)}
    told = TOLD[kind_of(part)]
    own = {name: value for name, value in settings.items() if told and name.startswith(told)}
    quiet = {"PYTHONUNBUFFERED": "1", "NO_COLOR": "1"}
    return {**machine, **own, **quiet, MARK: str(places.var.resolve())}


def _fixed(settings: SystemSettings, places: Places) -> dict[str, str]:
    """What the supervisor alone decides."""
    fixed = {f"{name.upper()}_PORT": str(port) for name, port in settings.ports.items()}
    fixed["HELPDESK_VAR"] = str(places.var.resolve())
    fixed["HELPDESK_TIDE_FILE"] = str(places.tide.resolve())
    fixed["DATABASE_URL"] = settings.database_url or EmbeddedPostgres(places.postgres).url()
    if settings.rehearsed:
        fixed["HELPDESK_CLOCK_FILE"] = str(places.clock.resolve())
    return fixed


def copied(part: str, settings: SystemSettings) -> dict[str, str]:
    """Return what one of several parts is told beside what all of its kind are."""
    kind, port = kind_of(part), str(own_ports(settings).get(part, 0))
    if kind == "bot" and settings.helpdesk_bots > 1:
        return {"BOT_PORT": port, "BOT_SHARED_PORT": str(settings.bot_port), **roles_of(part, settings)}
    if kind == "rasa":
        return {"ACTIONS_URL": f"http://127.0.0.1:{actions_of(settings, part)}/webhook"}
    return {"ACTIONS_PORT": port} if kind == "actions" else {}


def _worked_out(settings: SystemSettings, places: Places) -> dict[str, str]:
    """How the parts reach each other; a channel without a real token, and the programme's API, are the simulator's."""
    simulator = f"http://127.0.0.1:{settings.simulator_port}"
    told = {
        "BOT_PUBLIC_URL": f"http://127.0.0.1:{settings.bot_port}",
        "RASA_URL": f"http://127.0.0.1:{settings.rasa_port}",
        "ACTIONS_URL": f"http://127.0.0.1:{settings.actions_port}/webhook",
        "BOT_STATUS_FOLDER": str(places.status_page.resolve()),
        "SIMULATOR_DATA": str(places.rehearsal.resolve()),
        "SIMULATOR_WHATSAPP_WEBHOOK_URL": f"http://127.0.0.1:{settings.bot_port}/whatsapp/webhook",
        "PROGRAMME_API_URL": f"{simulator}/programme",
    }
    if settings.helpdesk_rasas > 1:
        rasas = [port for name, port in own_ports(settings).items() if kind_of(name) == "rasa"]
        told["RASA_URLS"] = ",".join(f"http://127.0.0.1:{port}" for port in rasas)
    if settings.telegram_token:
        told["TELEGRAM_MODE"] = "polling"
    else:
        told["TELEGRAM_API_URL"] = f"{simulator}/telegram"
    if not settings.whatsapp_token:
        told["WHATSAPP_API_URL"] = f"{simulator}/whatsapp"
        templates = catalogue().values()
        told["WHATSAPP_TEMPLATES"] = ",".join(one.name for one in templates)
        approved = (f"{one.name}:{one.language}:{len(one.parameters)}" for one in templates)
        told["SIMULATOR_WHATSAPP_TEMPLATES"] = ",".join(approved)
    return told


def _simulator(settings: SystemSettings, told: Mapping[str, str], made: Mapping[str, str]) -> dict[str, str]:
    """Give the simulator the other half of each secret; of a real channel it never sees any."""
    real = {"TELEGRAM_": settings.telegram_token is not None, "WHATSAPP_": settings.whatsapp_token is not None}
    halves = {}
    for name in made:
        channel = name.partition("_")[0] + "_"
        if channel in real:
            halves[f"SIMULATOR_{name}"] = made[name] if real[channel] else told[name]
    # where nothing was made, as in a container that only imports, there is no simulator to tell
    programme = {name: told.get(f"PROGRAMME_{name}") for name in ("CLIENT_CODE", "SIGN_KEY")}
    return halves | {f"SIMULATOR_{name}": secret for name, secret in programme.items() if secret}
