"""Personal data is replaced by a placeholder before a text reaches the model, a log or a ticket.

NIK, KK, card number and some accounts are all 16 digits, so every 16-digit run goes first, however it is separated;
context and a plausible birth date then name it. An OTP, PIN or password is a secret: the raw text is not kept at all.
"""

import re
from dataclasses import dataclass

DIGIT_WORDS = "nol|kosong|satu|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan"

EMAIL = re.compile(r"[\w.+-]+\s?@\s?[\w-]+(?:\.[\w-]+)+")
SIXTEEN = re.compile(r"(?<!\d)\d(?:[\s.\-_/]{0,3}\d){15}(?!\d)")
SPELLED = re.compile(rf"\b(?:{DIGIT_WORDS})(?:[\s,.\-]+(?:{DIGIT_WORDS})){{9,}}\b", re.IGNORECASE)
PHONE = re.compile(r"(?<![\w])(?:\+?62|0)[\s.\-]?8(?:[\s.\-]?\d){7,11}(?!\d)")
ACCOUNT = re.compile(r"(?<![\w-])\d(?:[\s.\-]?\d){8,14}(?![\w])")
SECRET = re.compile(
    r"\b(?P<word>otp|pin|kode\s+(?:otp|verifikasi|rahasia|masuk|sms)|verifikasi\s+kode)\b"
    r"(?P<between>(?:\W|\b(?:nya|saya|sy|gue|gw|aku|ku|ini|itu|adalah|yaitu|yg|yang|masuk|tadi|barusan|dapat|dpt|dapet|ada|"
    r"di|hp|sms|:|=)\b)*)"
    r"(?P<digits>\d(?:[\s.\-]?\d){3,7})(?!\d)",
    re.IGNORECASE,
)
SECRET_BEFORE = re.compile(
    r"(?<![\d-])(?P<digits>\d(?:[\s\-]?\d){3,7})(?!\d)(?P<between>\W{0,3}(?:itu|ini|tuh|nih|adalah|=)?\W{0,3})"
    r"(?P<word>(?:kode\s+)?otp|pin)\b",
    re.IGNORECASE,
)
PASSWORD = re.compile(
    r"\b(?P<word>(?:kata\s+sandi|sandi|password|pasword|pass|pw)(?:\s?(?:nya|saya|sy|gue|ku))?\s*(?:[:=]|adalah|yaitu)\s*)"
    r"(?P<value>\S{4,})",
    re.IGNORECASE,
)
REDEEM = re.compile(
    r"\b(?P<word>(?:kode\s+)?(?:redeem|redem|voucher|vocer|voucer)(?:\s?nya)?\W{0,4}(?:saya|sy|ini|itu|adalah)?\W{0,3})"
    r"(?P<value>(?=[A-Z0-9]*\d)(?=[A-Z0-9]*[A-Z])[A-Z0-9]{8,16}|PRAT-[A-Z0-9]{6})\b"
)

ABOUT_NIK = re.compile(r"\b(?:nik|ktp|kk|kartu\s+keluarga|kependudukan)\b", re.IGNORECASE)
ABOUT_CARD = re.compile(r"\b(?:kartu\s+prakerja|no(?:mor|mer)?\s+(?:kartu|prakerja)|kartu\s?ku|kartu)\b", re.IGNORECASE)
ABOUT_ACCOUNT = re.compile(r"\b(?:rek|rekening|bni|bca|bri|mandiri|ovo|gopay|linkaja|dana|norek)\b", re.IGNORECASE)
CONTEXT_CHARACTERS = 40


@dataclass(frozen=True)
class Masked:
    """A text without personal data, what kinds were taken out, and whether a secret was among them."""

    text: str
    kinds: tuple[str, ...]

    @property
    def secret(self) -> bool:
        """Whether the raw text held a secret, which is not kept even encrypted."""
        return "OTP" in self.kinds or "SANDI" in self.kinds


def mask(text: str) -> Masked:
    """Return the text with every personal number, address and secret replaced by its placeholder."""
    kinds: list[str] = []

    def put(kind: str) -> str:
        if kind not in kinds:
            kinds.append(kind)
        return f"[{kind}]"

    def sixteen(found: re.Match[str]) -> str:
        before = found.string[max(0, found.start() - CONTEXT_CHARACTERS) : found.start()]
        return put(kind_of_sixteen(re.sub(r"\D", "", found.group()), before))

    def account(found: re.Match[str]) -> str:
        before = found.string[max(0, found.start() - CONTEXT_CHARACTERS) : found.start()]
        return put("NIK" if ABOUT_NIK.search(before) and not ABOUT_ACCOUNT.search(before) else "REKENING")

    text = EMAIL.sub(lambda _: put("EMAIL"), text)
    text = SIXTEEN.sub(sixteen, text)
    text = SPELLED.sub(lambda _: put("NOMOR16"), text)
    text = PASSWORD.sub(lambda found: found["word"] + put("SANDI"), text)
    text = REDEEM.sub(lambda found: found["word"] + put("KODE"), text)
    text = PHONE.sub(lambda _: put("TELEPON"), text)
    text = ACCOUNT.sub(account, text)
    text = SECRET.sub(lambda found: found["word"] + found["between"] + put("OTP"), text)
    text = SECRET_BEFORE.sub(lambda found: put("OTP") + found["between"] + found["word"], text)
    return Masked(text, tuple(kinds))


def kind_of_sixteen(digits: str, before: str) -> str:
    """Name a 16-digit number by the words before it, else by whether it can be a NIK."""
    about = [(found.end(), kind) for kind, words in _WORDS.items() for found in words.finditer(before)]
    if about:
        return max(about)[1]
    return "NIK" if plausible_nik(digits) else "NOMOR16"


def plausible_nik(digits: str) -> bool:
    """Return whether digits 7 to 12 can be a birth date (women have 40 added to the day)."""
    day, month = int(digits[6:8]), int(digits[8:10])
    return (1 <= day <= 31 or 41 <= day <= 71) and 1 <= month <= 12


_WORDS = {"NIK": ABOUT_NIK, "KARTU": ABOUT_CARD, "REKENING": ABOUT_ACCOUNT}
