"""The fault switches the phone page offers, with the words people read."""

import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Switch:
    """One button of the side panel; `{channel}` stands for the channel on screen."""

    title: str
    note: str
    fault: dict[str, Any]

    @property
    def as_json(self) -> str:
        """Give the fault for the control API."""
        return json.dumps(self.fault)


HERE = {"target": "{channel}"}
SWITCHES = (
    Switch("Putus sambungan", "3 panggilan berikutnya ditutup tanpa jawaban", HERE | {"kind": "refuse", "count": 3}),
    Switch("Lambat 3 detik", "5 panggilan berikutnya", HERE | {"kind": "delay", "seconds": 3, "count": 5}),
    Switch("Terlalu cepat (429)", "sekali, tunggu 5 detik", HERE | {"kind": "limit", "retry_after": 5, "count": 1}),
    Switch("Galat server (500)", "3 panggilan berikutnya", HERE | {"kind": "error", "status": 500, "count": 3}),
    Switch("Terima lalu putus", "pesan sampai, jawabannya hilang", HERE | {"kind": "accept_then_reset", "count": 1}),
    Switch(
        "Pesan masuk ganda ×5",
        "webhook berikutnya dikirim lima kali serentak",
        HERE | {"side": "webhook", "kind": "duplicate", "copies": 5, "count": 1},
    ),
    Switch(
        "Pesan masuk diacak",
        "3 pesan berikutnya tiba terbalik",
        HERE | {"side": "webhook", "kind": "reorder", "window": 3, "count": 3},
    ),
    Switch(
        "API program galat",
        "sampai dimatikan",
        {"target": "programme", "kind": "error", "status": 500},
    ),
    Switch(
        "API program lambat 10 detik",
        "sampai dimatikan",
        {"target": "programme", "kind": "delay", "seconds": 10},
    ),
)
