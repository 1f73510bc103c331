"""Failpoints are for rehearsals: nothing that is shipped switches them on, and nothing real obeys them."""

from pathlib import Path

import pytest

from helpdesk.examination import examine
from helpdesk.settings import SystemSettings
from records.settings import RecordsSettings

ROOT = Path(__file__).resolve().parents[2]
ORDERS = "HELPDESK_FAILPOINTS"


def test_no_image_and_no_service_switches_them_on() -> None:
    shipped = [ROOT / "docker-compose.yml", *(ROOT / "docker").iterdir()]
    assert [path.name for path in shipped if path.is_file() and ORDERS in path.read_text()] == []


@pytest.mark.parametrize("rehearsed", [True, False])
def test_only_a_rehearsal_obeys_them(rehearsed: bool, tmp_path: Path, data_key: str) -> None:
    clock = tmp_path / "clock.json" if rehearsed else None
    settings = RecordsSettings(
        database_url="postgresql://localhost/x",
        helpdesk_data_key=data_key,
        helpdesk_failpoints=tmp_path / "orders.json",
        helpdesk_clock_file=clock,
    )
    assert (settings.failpoints is not None) is rehearsed


@pytest.mark.parametrize("armed", [True, False])
def test_doctor_says_whether_they_are_on(armed: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if armed:
        monkeypatch.setenv(ORDERS, str(tmp_path / "orders.json"))
    looks = examine(SystemSettings(helpdesk_var=tmp_path, helpdesk_settings_file=Path("/dev/null")))
    assert [look.well for look in looks if look.what == "failpoints"] == [not armed]
