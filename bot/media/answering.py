"""What is said to a file: that it is kept only where it is, that it joins the open case, and what to write now."""

from dataclasses import replace

from bot import wording
from bot.events import InboundEvent, Kind
from bot.media.attachments import attachments_of
from bot.outcome import Outcome
from bot.settings import MediaSettings

KEPT = (Kind.PHOTO, Kind.DOCUMENT, Kind.VOICE)
MEGABYTE = 1_000_000
NOT_UNDERSTOOD = "nlu_fallback"


def wordless(event: InboundEvent, media: MediaSettings | None) -> Outcome:
    """Return the answer to an event without words."""
    words = wording.BY_KIND.get(event.kind.value, wording.UNSUPPORTED)
    if event.kind not in KEPT:
        return Outcome("answered", words)
    files = attachments_of(event)
    if media is None or not files:
        return Outcome("answered", wording.UNSUPPORTED)
    file = files[0]
    name, cap = wording.FILES.get(file.kind, wording.FILES["document"]), media.cap(file.kind)
    if file.size is not None and file.size > cap:
        return Outcome("answered", wording.FILE_TOO_LARGE.format(file=name, megabytes=cap // MEGABYTE))
    return Outcome("answered", words, beside_case=wording.FILE_JOINED.format(file=name))


def captioned(event: InboundEvent, outcome: Outcome, preface: str, media: MediaSettings | None) -> Outcome:
    """Return the answer to a file with words: "ini buktinya" is no question where a case is open."""
    understood = outcome.answer.understanding if outcome.answer else {}
    unclear = (understood.get("intent") or {}).get("name") == NOT_UNDERSTOOD and not outcome.proposals
    files = attachments_of(event) if media and unclear and event.kind in KEPT else ()
    if not files:
        return outcome
    words = wording.FILE_JOINED.format(file=wording.FILES.get(files[0].kind, wording.FILES["document"]))
    return replace(outcome, beside_case="\n\n".join(part for part in (preface, words) if part))
