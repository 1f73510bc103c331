"""20 to 31 August 2020 as participants lived through it: who wrote what, when, and on which channel.

Strangers cannot find a course, many in the first hour and fewer from day to day; others ask what they ask on any day;
three whom the programme knows are among them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from records.clock import WIB
from simulator.programme.identifiers import whatsapp_user_id

EVE = datetime(2020, 8, 20, 6, 0, tzinfo=WIB)
"""When a system is best begun: what is usual is known, the outage is not."""
BEGINS = datetime(2020, 8, 20, 9, 0, tzinfo=WIB)
STEP = timedelta(minutes=5)
ENDED = datetime(2020, 8, 31, 9, 0, tzinfo=WIB)
EACH, STEPS = 12, 4
"""So many complain at each step of the first minutes, and so many steps there are."""
FIRST_MINUTES = EACH * STEPS
KNOWN_AT = BEGINS + STEPS * STEP
"""By then the desk suspects it."""
LATER = {21: 18, 22: 16, 23: 16, 24: 14, 25: 14, 26: 12, 27: 12, 28: 10, 29: 8, 30: 6}
"""How many more complain on each day, fewer and fewer."""
OTHERS = 5_000
"""From this number on strangers ask what is usual."""
CRIES = (
    "min kok paket kursus ga ketemu terus sih",
    "paket kursusnya tidak ditemukan mulu, padahal kmrn ada",
    "mau beli pelatihan malah muncul paket kursus tidak ditemukan",
    "knp ya paket kursus tdk ditemukan trs",
    "udah nyoba 5x ttp paket kursus tidak ditemukan",
    "tulisannya paket kursus tidak ditemukan min gmn dong",
    "ini paket kursusnya ilang apa gimana, ga ketemu",
    "ga bisa pilih pelatihan, katanya paket kursus tidak ditemukan",
)
HITS = (
    *CRIES,
    "di tokopedia paket kursusnya tidak ditemukan min",
    "bukalapak jg sama, paket kursus tidak ditemukan",
    "udah pindah ke pintaria tetep aja paket kursus tidak ditemukan",
    "sisnaker paket kursus tidak ditemukan terus dr kemarin",
)
"""As the days go by, some name where they tried."""
USUAL = (
    "insentif saya kok belum cair ya min",
    "gelombang berikutnya kapan dibuka",
    "sertifikat saya belum muncul padahal udah selesai",
    "lupa password akun prakerja",
    "gimana cara sambungin rekening bca",
    "kelas saya di sekolahmu ga bisa dibuka videonya",
    "cara tukar kode redeem di pintaria gimana",
    "saya belum lolos gelombang 4, kenapa ya",
    "verifikasi ktp gagal terus min",
    "otp masuk akun ga dateng dateng",
    "kartu prakerja itu dapet berapa sih totalnya",
    "boleh ganti nomor hp ga",
)
"""A day's questions."""
CHANNELS = ("telegram", "whatsapp", "whatsapp", "telegram", "whatsapp")
"""Where the day's questions come from, about as before."""
type Named = Mapping[tuple[str, str], Sequence[str]]
"""What somebody whom the programme knows writes, by who they are and where."""
CAST: Mapping[int, Named] = {
    24: {
        ("siti", "telegram"): ("min udah 3 hari paket kursus tidak ditemukan terus", "sisnaker", "desain grafis dasar"),
        ("rina", "whatsapp"): ("saldo prakerja udah berkurang 300 ribu, kode kelasnya ga dikirim-kirim",),
    },
    30: {
        ("budi", "whatsapp"): (
            "kak mau checkout kelas digital marketing bayarnya ga tembus mulu pake kartu prakerja",
            "di tokopedia",
        ),
    },
}
FIRST = 881_000_000


@dataclass(frozen=True)
class Moment:
    """What is written at one time: strangers, each a line and a channel after the other, then who is known."""

    at: datetime
    strangers: range
    lines: Sequence[str] = CRIES
    channels: Sequence[str] = ("telegram",)
    known: Named = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Return how many messages it is."""
        return len(self.strangers) + sum(map(len, self.known.values()))


def first_minutes() -> Iterator[Moment]:
    """Yield how it began."""
    for step in range(STEPS):
        yield Moment(BEGINS + step * STEP, range(step * EACH, (step + 1) * EACH))


def once_it_is_known() -> Moment:
    """Return the next to complain, who hears of the incident if somebody opened it by then."""
    return Moment(KNOWN_AT, range(FIRST_MINUTES, FIRST_MINUTES + 1))


def days(crowd: int = FIRST_MINUTES + 1) -> Iterator[Moment]:
    """Yield the days that followed, in whose complaints strangers from this number on are new."""
    for day in range(20, 31):
        if day in LATER:
            more = range(crowd, crowd + LATER[day])
            yield Moment(datetime(2020, 8, day, 10, tzinfo=WIB), more, HITS, known=CAST.get(day, {}))
            crowd += LATER[day]
        others = range(OTHERS + day * len(USUAL), OTHERS + (day + 1) * len(USUAL))
        yield Moment(datetime(2020, 8, day, 15, tzinfo=WIB), others, USUAL, CHANNELS)


def fortnight() -> list[Moment]:
    """Return all of it."""
    return [*first_minutes(), once_it_is_known(), *days()]


def stranger(number: int, channel: str = "telegram") -> dict[str, Any]:
    """Return an account nobody knows, as the simulator is told of it."""
    name = f"Peserta {number}"
    if channel == "whatsapp":
        return {"user_id": whatsapp_user_id(FIRST + number), "profile_name": name}
    return {"id": FIRST + number, "first_name": name}
