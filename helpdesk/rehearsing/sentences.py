"""What participants write: the sentences the model learns from, each about its matter, with a word more here and there.

Sentences in which masking finds anything are left out, so nothing that is written looks like somebody's number.
"""

import re
from functools import cache
from pathlib import Path
from random import Random

from helpdesk.rehearsing.words import COMPLAINTS, Speaker
from helpdesk.settings import ROOT
from records.masking import mask
from trends.within import DIALOGUE

TRAINING = ROOT / "nlu" / "training"
A_SENTENCE = re.compile(r"^    - (.+)$")
AN_INTENT = re.compile(r"^- intent: (\w+)$")
MANY_DIGITS = re.compile(r"\d{4}")
LONGEST = 220
TAILS = (
    *(" kak", " min", " ya", ", tolong dibantu", ", mohon infonya", " gimana ya min", ", udah {days} hari nih"),
    *(" (saya di {town})", ", saya di {town}", " makasih", ", bingung saya", " pdhl tmn saya di {town} bisa"),
)
TAIL = 0.55
UNKNOWN_TOPICS: dict[str, tuple[str, ...]] = {
    "surat keterangan peserta": (
        "minta surat keterangan peserta prakerja buat lamaran kerja di {town}",
        "bisa minta surat keterangan sebagai peserta gak min",
        "surat keterangan peserta prakerja dapetnya dari mana ya kak",
        "butuh surat bukti peserta prakerja untuk perusahaan di {town}",
    ),
    "magang": (
        "ada program magang dari prakerja ga kak",
        "habis pelatihan {course} bisa magang dimana ya",
        "info magang lulusan prakerja di {town} dong min",
    ),
    "modal usaha": (
        "kak abis lulus pelatihan bisa dapet pinjaman modal usaha ga",
        "cara ajuin modal usaha lewat prakerja gimana",
        "katanya alumni prakerja dapat kur, caranya gimana",
    ),
    "jadi pengajar": (
        "saya mau daftar jadi pengajar pelatihan gimana caranya",
        "cara jadi instruktur di lembaga pelatihan prakerja {town}",
        "lembaga kursus saya mau jadi mitra prakerja, hubungi siapa",
    ),
    "kelas tatap muka": (
        "kelas tatap muka di {town} kapan dibuka lagi kak",
        "ada pelatihan offline di {town} ga selama pandemi",
        "pelatihan tatap muka {course} di {town} ada min",
    ),
    "juru bahasa isyarat": (
        "saya tuli kak, ada pelatihan yang pakai bahasa isyarat",
        "pelatihan untuk disabilitas ada ga min, video nya ga ada teks",
        "teks di video {course} ga ada, saya tuna rungu",
    ),
}
"""What nobody has an answer to yet: groups of sentences that are alike."""


@cache
def learned(folder: Path = TRAINING) -> dict[str, tuple[str, ...]]:
    """Return the sentences of each intent."""
    found: dict[str, list[str]] = {intent: list(said) for intent, said in COMPLAINTS.items()}
    intent = ""
    for file in sorted(folder.rglob("*.yml")):
        for line in file.read_text(encoding="utf-8").splitlines():
            if named := AN_INTENT.match(line):
                intent = named[1]
            elif intent and (said := A_SENTENCE.match(line)) and _fits(said[1]):
                found.setdefault(intent, []).append(said[1])
    return {intent: tuple(said) for intent, said in found.items()}


def _fits(said: str) -> bool:
    if len(said) > LONGEST or MANY_DIGITS.search(said) or "{" in said or "\\" in said or "\t" in said:
        return False
    return mask(said).text == said


class Sentences:
    """Says what participants say, the same every time for the same seed."""

    def __init__(self, seed: int) -> None:
        self.random, self.speaker = Random(seed), Speaker(seed + 1)
        self.learned = learned()
        self.topics = tuple(UNKNOWN_TOPICS.values())

    def about(self, intent: str) -> str:
        """Return a message about a matter."""
        draw = self.random.random
        if intent == "nlu_fallback":
            return self._unknown()
        sentences = self.learned[intent]
        said = sentences[int(draw() * len(sentences))]
        if draw() < TAIL and intent not in DIALOGUE:
            said += TAILS[int(draw() * len(TAILS))]
        return self.speaker.fill(said)

    def _unknown(self) -> str:
        draw = self.random.random
        if draw() < 0.35:
            return self.speaker.fill("{rare} {rare2}")
        topic = self.topics[int(draw() ** 1.7 * len(self.topics))]
        said = topic[int(draw() * len(topic))]
        return self.speaker.fill(said + (TAILS[int(draw() * len(TAILS))] if draw() < TAIL else ""))
