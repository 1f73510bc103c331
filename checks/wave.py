"""Is a wave open, until when by the record, and has the person joined it?"""

from datetime import timedelta

from checks.evidence import evidence, unknown
from checks.finding import Finding, Verdict
from checks.indonesian import moment
from checks.situation import Situation, known
from registry.facts import Wave
from registry.interface import CouldNotAsk

NAME = "wave"
LABEL = "Gelombang"
SOON = timedelta(hours=24)


def check(situation: Situation) -> Finding | None:
    """Say whether a wave is open and when it closes by the record; yes means one can be joined."""
    answer = situation.calendar
    if answer is None:
        return None
    if isinstance(answer, CouldNotAsk):
        return unknown(NAME, "Jadwal gelombang", answer)
    wave = open_wave(situation)
    if wave is None:
        nothing = (evidence(LABEL, answer, "tidak ada yang terbuka"),)
        return Finding(NAME, Verdict.NO, "Tidak ada gelombang terbuka menurut catatan", nothing, "wave_none_open")
    closes = moment(wave.closes_at) if wave.closes_at else "waktu yang belum tercatat"
    words = {"wave": str(wave.number), "closes": closes}
    shown = (evidence(LABEL, answer, f"{wave.number} terbuka, ditutup {closes}"),)
    advice = "wave_joined" if joined(situation) else "wave_open" if wave.closes_at else "wave_end_unknown"
    return Finding(NAME, Verdict.YES, f"Gelombang {wave.number} ditutup {closes}", shown, advice, words=words)


def open_wave(situation: Situation) -> Wave | None:
    """Return the newest wave that has opened and, by the record, not closed."""
    now = situation.now
    mine = [it for it in known(situation.calendar) or () if it.opens_at is not None and it.opens_at <= now]
    still = [it for it in mine if it.closes_at is None or now < it.closes_at]
    newest = max(mine, key=lambda it: it.number, default=None)
    return newest if newest in still else None


def joined(situation: Situation) -> bool:
    """Whether they are recorded in the open wave."""
    wave = open_wave(situation)
    return wave is not None and any(it.wave == wave.number for it in known(situation.waves) or ())


def closes_soon(situation: Situation) -> bool:
    """Whether the open wave closes within 24 hours by the record."""
    wave = open_wave(situation)
    return wave is not None and wave.closes_at is not None and wave.closes_at - situation.now <= SOON
