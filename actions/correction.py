"""An answer that was not what was meant: noticed, admitted, and mended with the other meanings or a person.

Plain words decide, not the model: "ga nyambung" is about a bank account for the model, and about our answer for the
person who has just read one.
"""

import re
from dataclasses import replace

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet

from actions.answer import Answers
from actions.asked import meant_by_yes
from actions.hand_over import HandingOver
from actions.heard import Heard
from actions.reply import Button, Reply, Say
from actions.talk import PERSON, Meant, Talk, likeliest
from checks.finding import Finding, Verdict
from checks.plans import COVERED, DIALOGUE, PARTICIPANT, PLANS, PURCHASE, STATUS

NOT = r"(?:ga|gak|g|gk|ngga|nggak|enggak|engga|tidak|tdk|kagak|kaga|ora|teu|belum|blm|blom|belom)"
THAT = re.compile(
    rf"\b(?:bukan|bkn|bukannya|dudu|sanes)\s+(?:yg\s+|yang\s+|soal\s+|masalah\s+|tentang\s+)?"
    rf"(?:itu|ini|gitu|begitu|tadi|iku|eta)\b"
    rf"|\b(?:maksud|pertanyaan|yg\s+saya\s+tanya|yang\s+saya\s+tanya)\w*\s+(?:saya\s+|aku\s+|gue\s+|gw\s+)?(?:bukan|bkn)\b"
    rf"|\bsalah\s+(?:jawab|paham|tangkap|nangkap|ngerti|nyambung)\w*"
    rf"|\b(?:jawab|balas)\w*\b.{{0,12}}\b(?:salah|ngaco|ngawur|beda|{NOT}\s+(?:nyambung|sesuai|jelas|pas))\b"
    rf"|\b{NOT}\s+(?:menjawab|kejawab|terjawab|ngejawab|nyambung\s+(?:jawab|sama\s+pertanyaan)\w*)\b",
    re.IGNORECASE,
)
"""Says by itself that the answer was beside the point."""
ALONE = re.compile(
    rf"\b(?:{NOT}\s+(?:nyambung|jelas|membantu|ngebantu|nolong|pas|sesuai|guna|berguna)|ngaco|ngawur|salah|bukan|percuma)\b",
    re.IGNORECASE,
)
"""Says so only where the message says nothing else."""
FILLER = re.compile(
    r"\b(?:min|mimin|kak|kakak|gan|sis|bang|pak|bu|bot|lu|lo|elu|kamu|sih|deh|dong|ah|ih|woi|woy|ya|yah|yg|yang|itu|ini|"
    r"jawab\w*|balas\w*|apaan|kok|mah|lah|aja|saja|lagi|juga|terus|mulu|saya|aku|gue|gw|pertanyaan\w*|maksud\w*|banget|bgt|tapi|tp|maaf|makasih|terima\s+kasih|thanks|aduh|duh|semua\w*)\b|\W+",
    re.IGNORECASE,
)
STILL = re.compile(
    rf"\b(?:tapi|tp|tpi|cuma|cuman|namun)\b.*\b(?:masih|tetap|tetep|{NOT})\b|\b(?:masih|tetap|tetep)\s+{NOT}\b|\bpercuma\b",
    re.IGNORECASE | re.DOTALL,
)
"""Thanks that say that nothing is solved."""
AGAIN = re.compile(
    rf"\b(?:masih|msh|tetap|tetep|ttp|teteup|tetp)\s+(?:sama|gitu|begitu|aja|saja|gagal|error|{NOT}(?:\s+(?:bisa|bs|mau|jalan))?)\b"
    rf"|\b(?:udah|udh|sudah|sdh|dah|uda)\s+(?:saya\s+|sy\s+|aku\s+|tak\s+)?(?:di)?(?:coba|cobain|ulang|tunggu)\w*(?:\s+lagi|\s+berkali\S*)?\b"
    rf"|\b{NOT}\s+(?:bisa|bs|mau|berhasil|jalan|ada)\s+(?:juga|jg|jga|lagi)\b|\b(?:gagal|error)\s+(?:lagi|terus|trs|mulu)\b",
    re.IGNORECASE,
)
"""The problem that was just answered is still there."""
WHEN = re.compile(
    r"\b(?:setengah|sejam|semalam\w*|jam|menit|mnt|hari|kemudian|tadi|barusan|pagi|siang|sore|malam|malem|kemarin|kmrn|"
    r"sampai|sampe|sekarang|skrg|skrang|dari|sejak|lalu|td|\d+)\b",
    re.IGNORECASE,
)
GOES_ON = re.compile(r"\b(?:tadi|td|jadi(?:nya)?|terus|trus|trs|lanjut\w*|berarti|lalu|trus)\b", re.IGNORECASE)
"""Words by which a message goes on with what was talked about."""
HARMED = re.compile(
    r"\b(?:telanjur|terlanjur|kadung|ketipu|tertipu|udah|udh|sudah|sdh)\b.{0,20}"
    r"\b(?:ke|ku|di)?(?:transfer|tf|kirim|bayar|kasih|beri)",
    re.IGNORECASE,
)
"""Said after a report of fraud: it has already happened."""
WHAT_NOW = re.compile(
    r"\b(?:(?:harus|mesti|kudu|sebaiknya|baiknya)?\s*(?:gimana|gmn|gmana|piye|kumaha|bagaimana|ngapain|apa)"
    r"|apa\s+solusi\w*|solusi\w*)\b",
    re.IGNORECASE,
)
"""Asks what to do now, and names nothing."""
PERHAPS = 0.08
ENOUGH = 3
"""After so many answers in a row that were not meant, a person takes over."""
OFFERED = 2
WHY = "Jawaban bot tiga kali bukan yang dimaksud"
LOOKED_UP = (PURCHASE, PARTICIPANT, STATUS)


class Correcting:
    """Replies to a correction, whichever action the message would have led to."""

    def __init__(self, answers: Answers, handing_over: HandingOver) -> None:
        self.answers = answers
        self.handing_over = handing_over

    async def instead(self, heard: Heard, tracker: Tracker) -> Reply | None:
        """Return the reply to a correction of the last answer, or to its not having helped; else none."""
        if corrects(heard):
            return await self.give(heard, "not_that")
        talk = Talk.of(heard)
        if persists(heard):
            return await self._look(heard, talk.answered, talk.others) or await self.give(heard, "not_solved")
        about = goes_on_with(heard)
        # to ask what to do now is not to say that it failed again
        return Reply(events=(SlotSet("last_answer_intent", None), *meant_by_yes(about, tracker))) if about else None

    async def _look(self, heard: Heard, intent: str | None, others: tuple[str, ...]) -> Reply | None:
        """Look once more: the second time a rule may ask for a person that did not the first time."""
        if intent is None or PLANS[intent].action not in LOOKED_UP:
            return None
        return replace(await self.answers.give(heard, intent), answered=Meant(intent, others))

    async def give(self, heard: Heard, key: str, talk: Talk | None = None) -> Reply:
        """Admit it, and offer what else was meant; a person from the third time on."""
        talk = talk or Talk.of(heard)
        times = talk.corrected + 1
        found = (_finding(talk, heard),) if talk.answered else ()
        if times >= ENOUGH:
            handed = await self.handing_over.give(
                replace(heard, also=()), (talk.answered,) if talk.answered else (), WHY
            )
            return replace(handed, findings=(*found, *handed.findings))
        offered = self._offered(heard, talk)
        wording = self.answers.wording
        text = wording.say(key if offered or key == "not_solved" else "not_that_tell")
        buttons = tuple(Button(PLANS[intent].button, intent) for intent in (*offered, PERSON))
        # what was rejected is not offered again, whatever comes next
        left = tuple(it for it in talk.others if it not in offered)
        after = replace(talk, others=left, corrected=times, off_topic=0)
        return Reply((Say(text, buttons),), found, events=(after.event(), SlotSet("clarify_count", None)))

    def _offered(self, heard: Heard, talk: Talk) -> tuple[str, ...]:
        rejected = (talk.answered,) if talk.answered else ()
        own = likeliest(heard, without=rejected) if _says_more(heard) else ()
        return tuple(dict.fromkeys((*own, *talk.waiting, *talk.others)))[:OFFERED]


def corrects(heard: Heard) -> bool:
    """Whether this message says that the last answer was not what was meant."""
    answered = Talk.of(heard).answered
    asked = heard.open_question is not None or bool(heard.slots.get("clarify_count"))
    if answered is None or asked or heard.intent == PERSON or _chosen(heard):
        return False
    if not _says_more(heard):
        return bool(THAT.search(heard.text) or ALONE.search(heard.text))
    # a message that is plainly about something else stands on its own
    return bool(THAT.search(heard.text)) and heard.intent in (answered, "nlu_fallback", *DIALOGUE)


def persists(heard: Heard) -> bool:
    """Whether this message says no more than that the problem just answered is still there."""
    talk = Talk.of(heard)
    if talk.answered not in PLANS or talk.ticket or heard.open_question is not None or heard.intent == PERSON:
        return False
    if AGAIN.search(heard.text) is None:
        return False
    if heard.intent in COVERED.get(talk.answered, ()):
        return True
    return not FILLER.sub(" ", WHEN.sub(" ", AGAIN.sub(" ", heard.text))).split()


def goes_on_with(heard: Heard) -> str | None:
    """Return the problem talked about before which an unclear message goes on with, or none."""
    talk = Talk.of(heard)
    asked = heard.open_question is not None or bool(heard.slots.get("clarify_count"))
    if heard.intent != "nlu_fallback" or asked:
        return None
    if "report_fraud" in (talk.answered, *talk.before) and HARMED.search(heard.text):
        return "report_fraud"
    if GOES_ON.search(heard.text) is None:
        return None
    left = FILLER.sub(" ", WHAT_NOW.sub(" ", GOES_ON.sub(" ", heard.text))).split()
    if talk.answered in PLANS and WHAT_NOW.search(heard.text) and not left:
        return talk.answered
    about = {talk.answered, *talk.before} - {None}
    near = about | {it for intent in about for it in COVERED.get(str(intent), ())}
    return next((it for it, likely in heard.ranking if it in near and likely >= PERHAPS), None)


def unsolved(heard: Heard) -> bool:
    """Whether these thanks say that the problem is still there."""
    return STILL.search(heard.text) is not None


def _says_more(heard: Heard) -> bool:
    rest = FILLER.sub(" ", ALONE.sub(" ", THAT.sub(" ", heard.text)))
    return len(rest.split()) > 1


def _chosen(heard: Heard) -> bool:
    return heard.intent != "deny" and heard.confidence >= 1.0 and not heard.text.strip().count(" ")


def _finding(talk: Talk, heard: Heard) -> Finding:
    label = PLANS[talk.answered].label if talk.answered in PLANS else str(talk.answered)
    return Finding("correction", Verdict.NO, f"Menurut peserta, jawaban tentang “{label}” bukan yang dimaksud")
