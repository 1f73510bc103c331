"""What a broadcast's form says, read from its fields; and what it is filled with when it is shown."""

from collections.abc import Mapping
from datetime import date

from desk.broadcasts.audience import Chosen
from desk.broadcasts.making import Given
from desk.broadcasts.words import said_parts
from desk.refusals import NotWellSaid
from records.models import Broadcast

CHANNELS = ("telegram", "whatsapp", "web")
USUAL_PACE = 600


def given_of(kind: str, form: Mapping[str, str]) -> Given:
    """Return a filled-in form; raises NotWellSaid for what cannot be read."""
    texts = {
        what: {channel: form.get(f"teks_{what}_{channel}" if channel else f"teks_{what}", "") for channel in _ways()}
        for what in said_parts(kind)
    }
    return Given(
        title=form.get("judul", ""),
        texts=texts,
        rate=_number(form.get("laju", ""), "Kecepatan"),
        template=bool(form.get("templat")),
        held=form.get("dipegang", "agent"),
        chosen=_chosen(form),
    )


def form_of(broadcast: Broadcast) -> dict[str, str]:
    """Return the fields of a broadcast as they are filled in."""
    fields = {
        "judul": broadcast.title,
        "laju": str(broadcast.rate),
        "templat": "1" if broadcast.template else "",
        "dipegang": broadcast.held,
    }
    for what, texts in broadcast.texts.items():
        fields |= {f"teks_{what}_{channel}" if channel else f"teks_{what}": said for channel, said in texts.items()}
    names = {"first": "dari", "last": "sampai", "incident": "insiden", "wave": "gelombang", "province": "provinsi"}
    return fields | {names.get(name, name): str(value) for name, value in broadcast.audience.items()}


def _ways() -> tuple[str, ...]:
    return ("", *CHANNELS)


def _chosen(form: Mapping[str, str]) -> Chosen:
    said = form.get("gelombang", "").strip()
    wave = _number(said, "Gelombang") if said else None
    if wave == 0:
        raise NotWellSaid("Gelombang dimulai dari 1.")
    return Chosen(
        first=_day(form.get("dari", "")),
        last=_day(form.get("sampai", "")),
        intent=form.get("intent") or None,
        platform=form.get("platform") or None,
        channel=form.get("channel") or None,
        incident=form.get("insiden") or None,
        wave=wave,
        province=form.get("provinsi") or None,
    )


def _number(said: str, what: str) -> int:
    if not said.strip().isdecimal() or len(said.strip()) > 6:
        raise NotWellSaid(f"{what} harus angka.")
    return int(said)


def _day(said: str) -> date | None:
    if not said:
        return None
    try:
        return date.fromisoformat(said)
    except ValueError:
        raise NotWellSaid("Tanggal tidak terbaca.") from None
