"""What the model learns from is various, evenly spread, and says of no message two things.

A message of five words or fewer may well repeat; longer ones are compared by their words after normalising.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator

import pytest

from nlu.components.normaliser import Normaliser
from nlu.components.special_intents import DIALOGUE
from tests.nlu.training_text import ROOT, beside, examples, heldout, intents

NORMALISE = Normaliser.from_words()
LONG = 6
APART = ROOT.parent / "shared" / "data"


def words(text: str) -> list[str]:
    return [word for word in NORMALISE(text).split() if word.isalnum()]


@pytest.fixture(scope="module")
def taught() -> list[tuple[str, str, list[str]]]:
    """Return every training message with its intent and words."""
    return [(intent, line, words(line)) for intent, lines in examples().items() for line in lines]


def one_word_apart(taught: list[tuple[str, str, list[str]]]) -> Iterator[tuple[str, str, str, str]]:
    """Yield pairs of longer messages that differ in one word."""
    without: dict[frozenset[str], list[tuple[str, str, frozenset[str]]]] = defaultdict(list)
    for intent, line, said in taught:
        bag = frozenset(said)
        for word in bag if len(bag) >= LONG else ():
            for other_intent, other, other_bag in without[bag - {word}]:
                if other_bag != bag and len(other_bag) == len(bag):
                    yield intent, line, other_intent, other
            without[bag - {word}].append((intent, line, bag))


def test_no_two_intents_are_taught_with_the_same_words(taught: list[tuple[str, str, list[str]]]) -> None:
    seen: dict[frozenset[str], tuple[str, str]] = {}
    clashes = []
    for intent, line, said in taught:
        other, where = seen.setdefault(frozenset(said) or frozenset({line}), (intent, line))
        if other != intent and len(set(said)) > 1:
            clashes.append((intent, line, other, where))
    assert not clashes, clashes[:5]


def test_hardly_any_message_is_another_with_one_word_changed(taught: list[tuple[str, str, list[str]]]) -> None:
    alike = list(one_word_apart(taught))
    same_intent = [pair for pair in alike if pair[0] == pair[2]]
    assert len(same_intent) <= len(taught) / 500, same_intent[:10]
    # across intents such pairs teach the one word that matters, as long as they are few
    assert len(alike) - len(same_intent) <= len(taught) / 500, alike[:10]


@pytest.mark.parametrize("intent", sorted(intents()))
def test_an_intent_is_neither_thin_nor_monotonous(intent: str) -> None:
    lines = examples()[intent]
    said = [words(line) for line in lines]
    openings = Counter(" ".join(one[:2]) for one in said if len(one) > 2)
    opening, times = openings.most_common(1)[0]
    vocabulary = {word for one in said for word in one}
    if intent in DIALOGUE:
        assert len(lines) >= 120
    else:
        assert len(lines) >= 250
        assert len(vocabulary) >= 700, "people have more words for it"
    # there are not many ways to begin a thank-you
    assert times <= len(lines) * (0.1 if intent in DIALOGUE else 0.05), (
        f'{times} of {len(lines)} messages begin with "{opening}"'
    )


def test_off_topic_is_taught_broadly() -> None:
    assert len(examples()["out_of_scope"]) >= 800


def test_a_second_meaning_is_another_known_intent() -> None:
    pairs = [(intent, other) for intent, others in beside() for other in others]
    assert len(pairs) > 500
    assert {other for _, other in pairs} <= intents()
    assert all(intent != other for intent, other in pairs)


@pytest.mark.parametrize("name", ["calibration", "regression"])
def test_no_held_out_message_is_taught(name: str, taught: list[tuple[str, str, list[str]]]) -> None:
    known = {tuple(said) for _, _, said in taught if len(said) > 3}
    rows = heldout(name)
    assert len(rows) > 1_000
    assert [row["text"] for row in rows if tuple(words(row["text"])) in known] == []
    assert {row["intent"] for row in rows} == intents()


@pytest.mark.skipif(not APART.exists(), reason="the evaluation texts are not beside the project")
@pytest.mark.parametrize("name", ["nlu_dev", "real_register"])
def test_no_real_message_is_in_the_project(name: str, taught: list[tuple[str, str, list[str]]]) -> None:
    lines = (APART / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    real = {tuple(words(json.loads(line)["text"])) for line in lines}
    ours = {tuple(said) for _, _, said in taught}
    ours |= {tuple(words(row["text"])) for kept in ("calibration", "regression") for row in heldout(kept)}
    # what four words can say, two people say alike
    assert [said for said in real & ours if len(said) > 4] == []


def test_the_two_held_out_sets_share_no_message() -> None:
    calibration, regression = ({row["text"].lower() for row in heldout(name)} for name in ("calibration", "regression"))
    assert not {text for text in calibration & regression if len(text.split()) > 3}
