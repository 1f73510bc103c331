"""What the bot may say: short, whole, without blame, and with no promise that is not ours."""

import ast
import re
from pathlib import Path

import pytest

from actions.reply import BUTTON_LIMIT
from actions.wording import read_wording
from checks.plans import PLANS
from checks.table import CHECKS
from checks.wording import WordingError, placeholders

WORDING = read_wording()
ROOT = Path(__file__).parents[2]
CHECKS_FOLDER = ROOT / "checks"
CODE = "\n".join(
    it.read_text(encoding="utf-8") for room in ("actions", "checks", "records") for it in (ROOT / room).rglob("*.py")
)
BLAME = (
    *(
        "salah kakak",
        "kakak salah",
        "kesalahan",
        "anda",
        "lalai",
        "teledor",
        "makanya",
        "seharusnya kakak",
        "tolong teliti",
    ),
    *("ceroboh", "kurang teliti", "tidak ada masalah", "tidak mungkin"),
)
JARGON = (
    *(
        "invalid",
        "timeout",
        "error",
        "server",
        "database",
        "api",
        "kyc",
        "sla",
        "eskalasi",
        "mutasi",
        "diverifikasi pmo",
    ),
    *(
        "terverifikasi oleh",
        "sinkronisasi",
        "invoice",
        "query",
        "endpoint",
        "swafoto",
        "peramban",
        "terminal",
        "backend",
    ),
    *("payload", "sesaat", "ditangguhkan", "integrasi", "tersebut di atas", "terkait hal"),
)
ENGLISH = (
    *("please", "sorry", "update", "failed", "pending", "balance", "account", "ticket", "course", "login", "password"),
    *("refund", "customer", "service", "submit", "status order", "link", "the", "and", "your", "browser", "review"),
)
PROMISES = (
    *("pasti", "dijamin", "garansi", "secepatnya", "segera cair", "akan cair", "akan kembali", "akan dikembalikan"),
    *("akan lolos", "akan masuk", "akan selesai", "akan diperpanjang", "akan dipulihkan", "kami janji", "saya janji"),
)
ASKS_FOR_SECRETS = (
    "kirimkan foto",
    "kirimkan otp",
    "kirim otp",
    "sebutkan otp",
    "sebutkan nik",
    "kirim nik",
    "kirim sandi",
)
NEVER_SAID = ("konflik kepentingan",)
LONGEST = 420


@pytest.mark.parametrize("key", sorted(WORDING.texts))
def test_a_text_is_short_and_without_blame_jargon_english_or_promises(key: str) -> None:
    text = re.sub(r"\{\w+\}", "", WORDING.texts[key])
    said = re.sub(r"jangan [^.;]*", "", text, flags=re.IGNORECASE)
    assert len(WORDING.texts[key]) <= LONGEST
    assert not found(text, *BLAME, *JARGON, *ENGLISH, *PROMISES, *NEVER_SAID)
    assert not found(said, *ASKS_FOR_SECRETS)


def found(text: str, *words: str) -> list[str]:
    return [word for word in words if re.search(rf"\b{word}\b", text, re.IGNORECASE)]


@pytest.mark.parametrize("key", sorted(WORDING.texts))
def test_every_text_is_a_whole_sentence_to_kak(key: str) -> None:
    text = WORDING.texts[key]
    assert text[0].isupper() or text[0] in "{“"
    assert text.rstrip("”").endswith((".", "?", "}"))
    assert "  " not in text
    assert not re.search(r"\b(?:kamu|kalian|bapak|ibu|gan|sis)\b", text, re.IGNORECASE)


@pytest.mark.parametrize("key", sorted(WORDING.texts))
def test_every_text_is_said_somewhere(key: str) -> None:
    assert _said(key.removesuffix("_elsewhere")), f"{key} is not used"


def _said(key: str) -> bool:
    """Whether the code names a key whole, or puts it together from a beginning and an end it names."""
    halves = [(key[: at + 1], key[at + 1 :]) for at, letter in enumerate(key) if letter == "_"]
    joined = any(f'f"{begin}{{' in CODE and (f'"{end}"' in CODE or f"'{end}'" in CODE) for begin, end in halves)
    return f'"{key}"' in CODE or f"'{key}'" in CODE or joined


@pytest.mark.parametrize("path", sorted(CHECKS_FOLDER.rglob("*.py")), ids=lambda path: path.stem)
def test_every_advice_a_check_can_give_has_words(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    advices = {key for node in ast.walk(tree) for key in _advices(node)}
    assert advices <= WORDING.texts.keys()


def _advices(node: ast.AST) -> set[str]:
    """Return the keys a piece of code writes out as advice: given to a Finding, or kept under that name."""
    given: list[ast.expr] = []
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Finding":
        given = [*node.args[4:5], *(it.value for it in node.keywords if it.arg == "advice")]
    if isinstance(node, ast.Assign) and any(isinstance(it, ast.Name) and it.id == "advice" for it in node.targets):
        given = [node.value]
    return {key for it in given for key in _texts(it)}


def _texts(value: ast.expr) -> set[str]:
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        return {value.value}
    if isinstance(value, ast.IfExp):
        return _texts(value.body) | _texts(value.orelse)
    return set()


@pytest.mark.parametrize("key", sorted(key for key in WORDING.texts if key.startswith(("ticket", "hand_over"))))
def test_whoever_is_told_of_a_person_is_told_the_number_and_the_time(key: str) -> None:
    if "nomor laporan" in WORDING.texts[key]:
        assert {"ticket", "promise"} <= placeholders(WORDING.texts[key])


def test_a_ticket_text_keeps_its_two_places_for_the_bot() -> None:
    assert "{ticket}" in WORDING.say("ticket")
    assert "{promise}" in WORDING.say("ticket")


def test_a_placeholder_without_a_value_is_refused() -> None:
    with pytest.raises(WordingError, match="course"):
        WORDING.say("course_full")


def test_braces_in_a_value_do_not_become_placeholders() -> None:
    assert "{ticket}" not in WORDING.say("course_full", {"course": "Kelas {ticket}"})


def test_every_button_fits_on_whatsapp_and_no_two_are_alike() -> None:
    titles = [plan.button for plan in PLANS.values()]
    assert [title for title in titles if len(title) > BUTTON_LIMIT] == []
    assert len(set(titles)) == len(titles)


def test_every_plan_names_checks_and_steps_that_exist() -> None:
    for intent, plan in PLANS.items():
        assert set(plan.checks) <= CHECKS.keys(), intent
        assert plan.steps is None or plan.steps in WORDING.texts, intent
