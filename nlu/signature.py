"""The signature of a model: only one that was trained here, and is as it was then, is loaded.

HMAC-SHA256 over the file, in a `.sig` beside it, under the key RASA_MODEL_KEY or, without that, var/model.key (made
once, readable by its owner only; what stands unsigned in models/ at that moment is signed). Standard library only:

    python nlu/signature.py sign MODEL …      python nlu/signature.py verify MODEL …   (prints those that are trusted)
"""

import hashlib
import hmac
import os
import secrets
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
KEY = "RASA_MODEL_KEY"
CHUNK = 1 << 20


class NotTrusted(Exception):
    """The model is not one that was signed here; the message says what is wrong with it."""


def key(root: Path = ROOT) -> bytes:
    """Return the key of the environment or of this folder, which is made when it is not there."""
    given = os.environ.get(KEY)
    if given:
        return given.encode()
    place = root / "var" / "model.key"
    if not place.exists():
        _make(place)
        # what was trained before there was a key; what is signed with another stays untrusted
        for model in (root / "models").rglob("*.tar.gz"):
            if not beside(model).exists():
                sign(model, place.read_bytes())
    return place.read_bytes()


def sign(model: Path, with_key: bytes) -> Path:
    """Write the signature of a model beside it."""
    place = beside(model)
    place.write_text(_signature(model, with_key) + "\n", encoding="ascii")
    return place


def verify(model: Path, with_key: bytes) -> None:
    """Raise NotTrusted unless the model is as it was signed."""
    if not model.is_file():
        raise NotTrusted(f"{model} is not there")
    if not beside(model).is_file():
        raise NotTrusted(f"{model.name} is not signed: it was not trained here. To trust it: helpdesk nlu sign")
    if not hmac.compare_digest(beside(model).read_text(encoding="ascii").strip(), _signature(model, with_key)):
        raise NotTrusted(
            f"{model.name} is not as it was signed: it was altered, or the key is another (helpdesk nlu sign)"
        )


def beside(model: Path) -> Path:
    """Return where the signature of a model stands."""
    return model.with_name(model.name + ".sig")


def _make(place: Path) -> None:
    """Make the key; of several that try at once one wins."""
    place.parent.mkdir(parents=True, exist_ok=True)
    mine = place.with_name(f".{place.name}.{os.getpid()}")
    handle = os.open(str(mine), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_hex(32))
    try:
        os.link(str(mine), str(place))
    except FileExistsError:
        pass
    finally:
        mine.unlink()


def _signature(model: Path, with_key: bytes) -> str:
    seal = hmac.new(with_key, digestmod=hashlib.sha256)
    with model.open("rb") as file:
        while True:
            chunk = file.read(CHUNK)
            if not chunk:
                return seal.hexdigest()
            seal.update(chunk)


def main() -> int:
    """Sign or verify the models that are named."""
    if len(sys.argv) < 3 or sys.argv[1] not in ("sign", "verify"):
        sys.stderr.write(__doc__ or "")
        return 2
    mine, trusted = key(), 0
    for model in map(Path, sys.argv[2:]):
        try:
            if sys.argv[1] == "sign":
                sign(model, mine)
            verify(model, mine)
        except (NotTrusted, OSError) as problem:
            sys.stderr.write(f"{problem}\n")
        else:
            trusted += 1
            sys.stdout.write(f"{model}\n")
    return 0 if trusted == len(sys.argv) - 2 else 1


if __name__ == "__main__":
    sys.exit(main())
