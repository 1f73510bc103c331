"""What the bot says in a dialogue, by topic in *.yml beside this file; findings have theirs in `checks/wording/`."""

from pathlib import Path

from checks.wording import FOLDER as OF_FINDINGS
from checks.wording import Wording

FOLDER = Path(__file__).parent


def read_wording() -> Wording:
    """Read every text the bot may say."""
    return Wording.read(OF_FINDINGS, FOLDER)
