"""The trained model: where the newest one stands, whether it is trusted, and what Rasa needs around it."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path

from pydantic import TypeAdapter

from bot.settings import BotSettings
from helpdesk.settings import ROOT, SystemSettings

RASA_PYTHON = ROOT / "nlu" / ".venv" / "bin" / "python"
QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "CUDA_VISIBLE_DEVICES": "-1",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "PYTHONWARNINGS": "ignore",
}


class NotTrusted(Exception):
    """No model here is as it was signed; the message says what is wrong with each."""


def newest(folder: Path = ROOT / "models") -> Path | None:
    """Return the model trained last, or None when none was."""
    return next(iter(_by_age(folder)), None)


def trusted(folder: Path = ROOT / "models") -> Path:
    """Return the newest model that is as it was signed; raises NotTrusted, FileNotFoundError where there is none."""
    models = _by_age(folder)
    if not models:
        raise FileNotFoundError(folder)
    done = signature("verify", models)
    known = set(done.stdout.split("\n"))
    for model in models:
        if str(model) in known:
            return model
    raise NotTrusted(done.stderr.strip())


def signature(what: str, models: Sequence[Path]) -> subprocess.CompletedProcess[str]:
    """Sign or verify models (nlu/signature.py, which the container of Rasa uses too)."""
    command = [sys.executable, str(ROOT / "nlu" / "signature.py"), what, *map(str, models)]
    given = SystemSettings.read().rasa_model_key
    env = {**os.environ, **({"RASA_MODEL_KEY": given.get_secret_value()} if given else {})}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=env)


def serve(port: int, model: Path) -> list[str]:
    """Return the command line of Rasa's server: on loopback, with our channel alone, over a model that is checked."""
    command = [str(RASA_PYTHON), str(ROOT / "nlu" / "serve.py"), str(model), "--interface", "127.0.0.1"]
    files = ["--credentials", str(ROOT / "credentials.yml"), "--endpoints", str(ROOT / "endpoints.yml")]
    return [*command, "--port", str(port), *files]


def _by_age(folder: Path) -> list[Path]:
    models = folder.glob("helpdesk-*.tar.gz")
    return sorted(models, key=lambda model: model.stat().st_mtime, reverse=True)


def lock_life(told: Mapping[str, str]) -> str:
    """Return what Rasa takes as TICKET_LOCK_LIFETIME, in whole seconds."""
    given = told.get("RASA_LOCK_LIFE") or BotSettings.model_fields["rasa_lock_life"].default
    return str(round(TypeAdapter(timedelta).validate_python(given).total_seconds()))
