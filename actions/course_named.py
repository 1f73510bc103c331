"""A class named in few words: believed where the catalogue knows such a title."""

import re

from actions.platform_names import AROUND
from checks.course import FITS
from checks.situation import known
from checks.sources import Sources
from registry.interface import CouldNotAsk

FILLER = re.compile(
    r"\b(?:kelas\w*|kursus\w*|pelatihan\w*|judul\w*|nama\w*|tentang|soal|pokok\w*|mau|cari|nyari|ambil|kak|min|mas|mba|mbak|"
    r"bang|pak|bu|gan|sis|nya|ini|ya|aja|saja|dan|atau|ada|untuk|utk|buat|sama|jg|juga)\b"
)
LONGEST, SHORTEST = 8, 4


async def course_named(sources: Sources, text: str, platform: str | None, *, otherwise: bool = False) -> str | None:
    """Return the words of a short text that name a class of the catalogue, or none.

    Args:
        sources: The catalogue among them.
        text: What was said.
        platform: Where, if it is known.
        otherwise: What to believe where the catalogue cannot be asked.
    """
    title = words_left(text)
    if not title or len(title) < SHORTEST or len(title.split()) > LONGEST:
        return None
    answer = await sources.ask("courses", sources.registry.courses(title, platform_id=platform, limit=1))
    if isinstance(answer, CouldNotAsk):
        return title if otherwise else None
    found = known(answer)
    return title if found and found[0].match >= FITS else None


def words_left(text: str) -> str:
    """Return what is left of a text without platforms and the words around them."""
    plain = re.sub(r"[^a-z0-9 ]", " ", text.lower())
    return " ".join(FILLER.sub(" ", AROUND.sub(" ", plain)).split())
