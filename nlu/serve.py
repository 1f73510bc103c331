"""Rasa's server over a model whose signature was checked first: `python nlu/serve.py MODEL [what rasa run takes]`."""

import os
import sys
from pathlib import Path

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from nlu.signature import KEY, NotTrusted, key, verify


def main() -> None:
    """Become Rasa's server, or end saying why not."""
    model = Path(sys.argv[1])
    try:
        verify(model, key())
    except (NotTrusted, OSError) as problem:
        sys.exit(f"Rasa is not started. {problem}")
    # Rasa itself has no use for the key
    os.environ.pop(KEY, None)
    command = [sys.executable, "-m", "rasa", "run", "--model", str(model), *sys.argv[2:]]
    os.execv(sys.executable, command)  # noqa: S606 (our own command line)


if __name__ == "__main__":
    main()
