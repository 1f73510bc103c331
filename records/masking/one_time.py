"""Secrets that are never kept: one-time codes, PINs, passwords, beside the word that gives them away.

Strictly beside it (a few small words between) any four to eight digits count; farther away only six digits that are no
amount, year, ticket or duration. A message that is six digits and nothing else is taken for a code too.
"""

import re
from collections.abc import Iterator

from records.masking.digits import Chain, Token, chains
from records.masking.reading import TAKEN, Reading, Span

OTHER_CODES = (
    r"error|eror|err|pos|bank|voucher|vocher|vocer|voucer|redeem|redem|kelas|kursus|pelatihan|transaksi|invoice|unik|"
    r"promo|referral|booking|program|wilayah|negara|bayar|pembayaran|tiket"
)
SECRET = re.compile(
    rf"(?<![^\W_])(?:(?P<firm>m?pin|otp|o\.t\.p|cvv|cvc|token|sandi|password|passw?ord|verifikasi)|"
    rf"kode(?!\s+(?:{OTHER_CODES}))(?:\s+(?P<which>otp|verifikasi|rahasia|masuk|sms|aktivasi|akses|keamanan|login))?)"
    r"(?:nya|ku|mu)?(?![^\W\d_])"
)
SMALL = (
    "nya|saya|sy|gue|gw|gua|aku|ku|ini|itu|adalah|yaitu|ialah|yg|yang|masuk|tadi|barusan|dapat|dpt|dapet|ada|di|hp|sms|"
    "dari|bni|bca|bri|ovo|gopay|linkaja|dana|atm|kartu|akun|prakerja|tokopedia|bukalapak|dikirim|kirim|keluar|muncul|"
    "isinya|nomor|nomornya|angka|angkanya|kak|min|baru|lama|verifikasi|otp|pin|kode|kodenya|sandi|login|wa|is|ya|nih|dia"
)
CLOSE = re.compile(rf"(?:[^\w{TAKEN}]*(?:{SMALL})(?![^\W_])){{0,6}}[^\w{TAKEN}]*")
FAR = re.compile(rf"(?:[^\w{TAKEN}]+[^\W_]+){{1,6}}[^\w{TAKEN}]+")
AFTER = re.compile(
    rf"(?P<link>[^\w{TAKEN}]{{0,4}}(?:(?:itu|ini|tuh|nih|adalah|ya|kak|min|sebagai|buat|untuk)[^\w{TAKEN}]{{1,3}}){{0,3}})"
    r"(?:kode\s+)?(?:otp|m?pin|cvv|password|sandi|kata\s+sandi|verifikasi|kode(?=nya|ku))(?![^\W\d_]|\s+(?:ga|gak|tidak|tdk|blm|belum))"
)
LINKED = re.compile(r"itu|ini|tuh|nih|adalah|[=:\-\n]")
UNIT = re.compile(
    r"\s?(?:x|kali|hari|hr|jam|menit|mnt|detik|rb|ribu|jt|juta|orang|org|bulan|bln|minggu|mgg|tahun|thn|persen|%|k)(?![^\W_])"
)
NO_CODE = re.compile(
    r"(?:rp|tgl|tanggal|gel|gelombang|batch|thn|tahun|error|eror|err|jam|pukul|tiket|laporan|rt|rw|pos|t-)[^\w]{0,2}$"
)
ERROR_BEFORE = re.compile(r"(?:error|eror|err|gagal|muncul)[^\w]+(?:\w+[^\w]+){0,2}$")
YEAR = re.compile(r"(?:19|20)\d\d")
BEFORE, BEHIND = 70, 40

PASSWORD = re.compile(
    r"(?<![^\W_])(?:kata\s?sandi|sandi|passw?ord|passwd|paswd|pasword|paswod|pass|pwd|pw)(?:nya|ku)?"
    r"(?:\s(?:nya|saya|sy|gue|gw|ku|aku|akun|login|email|prakerja|gmail|wifi|lama|baru|yg|yang|itu|ini|pake|pakai)){0,4}"
    rf"(?P<link>\s*(?:[:=]|->|(?:adalah|yaitu|is)\s)\s*)?(?(link)|[\s\"'“]+)[\"'“]?(?P<value>[^\s{TAKEN}\"'”]{{4,64}})"
)
NO_PASSWORD = re.compile(
    r"(?:lupa|salah|tidak|tdk|ngga|nggak|enggak|belum|blm|baru|lama|terus|selalu|benar|bener|sudah|udah|sdh|harus|"
    r"kenapa|gimana|bagaimana|minta|reset|ganti|invalid|error|ditolak)\W*|"
    r"[\d.,/:-]+(?:x|k|rb|ribu|jt|juta|kali|hari|jam|menit|bln|bulan|minggu|thn|tahun)?\W*|[^\W\d_]+2(?:an|nya)?"
)


def passwords(reading: Reading) -> Iterator[Span]:
    """Yield what stands where a password would."""
    if not reading.has("sandi", "pas", "pw"):
        return
    for found in PASSWORD.finditer(reading.text):
        value = found["value"].rstrip(".,;:!?)")
        odd = any(it.isdigit() for it in value) and any(it.isalpha() for it in value)
        sure = found["link"] or odd or any(it in "!@#$%^&*" for it in value)
        if len(value) >= 4 and sure and not NO_PASSWORD.fullmatch(value):
            yield Span(found.start("value"), found.start("value") + len(value), "SANDI")


def one_time_codes(reading: Reading) -> Iterator[Span]:
    """Yield four to eight digits that are a one-time code or PIN."""
    for chain in chains(reading.text):
        for part in chain.without_ordinary():
            code = _code(part)
            if code and _given_away(code):
                yield Span(code.start, code.end, "OTP")
            elif code and code is part and _stands_alone(part):
                yield Span(part.start, part.end, "OTP" if len(part.digits) == 6 else "NOMOR16")


def _code(chain: Chain) -> Chain | None:
    """The first tokens that can be a code: one of enough digits, or groups that make four to eight together."""
    first = chain.tokens[0]
    if not first.spelled and 6 <= len(first.said) <= 8:
        return chain if len(chain.tokens) == 1 else Chain((first,), chain.text)
    taken: list[Token] = []
    for token in chain.tokens:
        if len(Chain((*taken, token), chain.text).digits) > 8:
            break
        taken.append(token)
    if not taken:
        return None
    code = chain if len(taken) == len(chain.tokens) else Chain(tuple(taken), chain.text)
    return code if len(code.digits) >= 4 else None


def _given_away(code: Chain) -> bool:
    text, start, end = code.text, code.start, code.end
    before, behind = text[max(0, start - BEFORE) : start], text[end : end + BEHIND]
    if UNIT.match(behind) or NO_CODE.search(before):
        return False
    word = None
    for word in SECRET.finditer(before):  # noqa: B007 (the last one counts)
        pass
    if word:
        between = before[word.end() :]
        if CLOSE.fullmatch(between):
            bare = not (word["firm"] or word["which"])
            odd = len(code.digits) not in (4, 6, 8) or ERROR_BEFORE.search(before[: word.start()])
            return not (bare and odd)
        if FAR.fullmatch(between) and (word["firm"] or word["which"]) and _unlike_anything_else(code):
            return True
    after = AFTER.match(behind)
    return bool(after and (LINKED.search(after["link"]) or _unlike_anything_else(code)))


def _unlike_anything_else(code: Chain) -> bool:
    """Six digits, or four words: no amount, no year."""
    if code.spelled >= 4:
        return True
    return len(code.digits) == 6 and not code.digits.endswith("00")


def _stands_alone(chain: Chain) -> bool:
    """Whether the message is this number and nothing else: a code, or a piece of a longer number."""
    if any(it.isalnum() or it == TAKEN for it in chain.text[: chain.start] + chain.text[chain.end :]):
        return False
    digits = chain.digits
    # T-100001 and amounts are also typed bare
    return len(digits) >= 6 and not digits.endswith("00") and not (len(digits) == 6 and digits.startswith("10"))
