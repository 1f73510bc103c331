"""A rise seen on one channel: the form proposes that channel only where the others are seen not to rise."""

import re
from datetime import timedelta
from typing import Any

import pytest

from records.models import Suspicion
from tests.conftest import OPENING
from tests.desk.conftest import Browse
from tests.desk.incidents.outage import Outage


def line(key: str, seen: int, usual: float, *, out: bool = False) -> dict[str, Any]:
    return {"key": key, "seen": seen, "usual": usual, "out": out}


TELEGRAM = line("telegram", 48, 3.0, out=True)
ALL_CHANNELS = "Terlihat di Telegram; belum tentu hanya di sana, jadi usulannya semua kanal."
ITS_OWN = "Terlihat di Telegram; kanal lain tidak ikut naik, jadi usulannya kanal itu saja."
EVIDENCE: dict[str, tuple[dict[str, Any], bool]] = {
    "others as usual": ({"by": {"channel": [TELEGRAM, line("whatsapp", 4, 4.1), line("web", 0, 0.3)]}}, True),
    "others silent": ({"by": {"channel": [TELEGRAM, line("whatsapp", 0, 2.0)]}}, True),
    "another rises too": ({"by": {"channel": [TELEGRAM, line("whatsapp", 40, 4.1, out=True)]}}, False),
    "another rises a little less": ({"by": {"channel": [TELEGRAM, line("whatsapp", 9, 1.0)]}}, False),
    "another goes with it": (
        {
            "by": {"channel": [TELEGRAM, line("whatsapp", 4, 4.1)]},
            "also": [{"intent": "payment_failed", "platform": None, "channel": "whatsapp"}],
        },
        False,
    ),
    "nobody writes elsewhere anyway": ({"by": {"channel": [TELEGRAM, line("web", 0, 0.1)]}}, False),
    "nothing of others is kept": ({"by": {"channel": [TELEGRAM]}}, False),
    "nothing is kept": ({}, False),
}


@pytest.mark.parametrize("evidence", EVIDENCE)
async def test_its_channel_is_ticked_only_where_others_do_not_rise_and_the_form_says_why(
    outage: Outage, browse: Browse, evidence: str
) -> None:
    kept, alone = EVIDENCE[evidence]
    began = OPENING - timedelta(hours=1)
    times = {"began_at": began, "found_at": OPENING, "last_at": OPENING}
    about = {"intent": "package_not_found", "channel": "telegram", "observed": 48.0, "expected": 3.0}
    suspicion = Suspicion(kind="complaints", evidence=kept, **about, **times)
    async with outage.database.write() as session:
        session.add(suspicion)
    rudi = await browse(outage.scene, "rudi")
    form = (await rudi.get(f"/insiden/baru?dugaan={suspicion.id}")).text
    ticked = re.findall(r'name="channels" value="(\w+)" checked', form)
    assert ticked == (["telegram"] if alone else [])
    assert (ITS_OWN if alone else ALL_CHANNELS) in form
    assert (ALL_CHANNELS if alone else ITS_OWN) not in form


async def test_of_failing_sends_the_channel_is_said_and_all_are_proposed(outage: Outage, browse: Browse) -> None:
    times = {"began_at": OPENING - timedelta(hours=1), "found_at": OPENING, "last_at": OPENING}
    sends = Suspicion(kind="sends", channel="whatsapp", observed=30.0, expected=1.4, **times)
    async with outage.database.write() as session:
        session.add(sends)
    rudi = await browse(outage.scene, "rudi")
    form = (await rudi.get(f"/insiden/baru?dugaan={sends.id}")).text
    assert "Terlihat di WhatsApp; belum tentu hanya di sana" in form
    assert not re.findall(r'name="channels" value="(\w+)" checked', form)


async def test_of_a_rise_on_every_channel_nothing_is_said_of_channels(outage: Outage, browse: Browse) -> None:
    times = {"began_at": OPENING - timedelta(hours=1), "found_at": OPENING, "last_at": OPENING}
    rise = Suspicion(kind="complaints", intent="package_not_found", observed=40.0, expected=6.0, **times)
    async with outage.database.write() as session:
        session.add(rise)
    rudi = await browse(outage.scene, "rudi")
    assert "Terlihat di" not in (await rudi.get(f"/insiden/baru?dugaan={rise.id}")).text
