"""What every scene of the bot stands on."""

import pytest

from bot import claiming


@pytest.fixture(autouse=True)
def no_claim_grows_old(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine that pauses for two seconds between claim and send costs no scene a second try."""
    monkeypatch.setattr(claiming, "STALE_SECONDS", claiming.HELD.total_seconds() - 5)
