"""The trained model: where the newest one stands, and what Rasa needs around it."""

from pathlib import Path

from helpdesk.settings import ROOT

RASA_PYTHON = ROOT / "nlu" / ".venv" / "bin" / "python"
QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "CUDA_VISIBLE_DEVICES": "-1",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "PYTHONWARNINGS": "ignore",
}


def newest(folder: Path = ROOT / "models") -> Path | None:
    """Return the model trained last, or None when none was."""
    models = sorted(folder.glob("helpdesk-*.tar.gz"), key=lambda model: model.stat().st_mtime)
    return models[-1] if models else None


def serve(port: int, model: Path) -> list[str]:
    """Return the command line of Rasa's server: on loopback, with our channel alone."""
    command = [str(RASA_PYTHON), "-m", "rasa", "run", "--model", str(model), "--interface", "127.0.0.1"]
    files = ["--credentials", str(ROOT / "credentials.yml"), "--endpoints", str(ROOT / "endpoints.yml")]
    return [*command, "--port", str(port), *files]
