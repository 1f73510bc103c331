"""Giving cases out: to who knows the kind and has least to do, fairly, and nobody starves."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from desk.assignment import WEIGHTS, Colleague, Given, Waiting, choose, deal

NOW = datetime(2020, 8, 24, 3, tzinfo=UTC)


def person(name: str, *, held: int = 0, capacity: int = 8, **more: object) -> Colleague:
    return Colleague(uuid4(), name, capacity, held, more.pop("load", held), **more)  # type: ignore[arg-type]


def case(queue: str = "PMO_TRANSACTION", priority: str = "normal", back: tuple[UUID, ...] = ()) -> Waiting:
    return Waiting(uuid4(), queue, priority, frozenset(back))


def test_the_lighter_load_comes_first_and_urgent_cases_weigh_more() -> None:
    sari, joko = person("Sari", held=1, load=3), person("Joko", held=2, load=2)
    [it] = deal([case()], [sari, joko], NOW)
    assert it.to == joko
    assert it.reason == "beban Joko paling ringan (2 dari 8 tiket di tangan)"


def test_who_knows_the_kind_gets_it_and_is_waited_for_while_full() -> None:
    sari, joko = person("Sari", held=3, skills=frozenset({"SECURITY"})), person("Joko", skills=frozenset({"PLATFORM"}))
    [it] = deal([case("SECURITY")], [sari, joko], NOW)
    assert it.to == sari
    assert it.reason.endswith("menguasai Keamanan")
    full = person("Sari", held=8, skills=frozenset({"SECURITY"}))
    assert choose(case("SECURITY"), [full, joko]) is None


def test_a_kind_nobody_there_knows_goes_to_anybody() -> None:
    joko = person("Joko", skills=frozenset({"PLATFORM"}))
    assert choose(case("SECURITY"), [joko]) == joko


def test_among_equals_who_waited_longest_for_a_case_gets_it() -> None:
    sari, joko = person("Sari", last_given=NOW), person("Joko", last_given=NOW - timedelta(hours=1))
    [it] = deal([case()], [sari, joko], NOW)
    assert it.to == joko
    assert "paling lama belum diberi" in it.reason


def test_whoever_let_a_case_lie_gets_it_again_only_if_nobody_else_can() -> None:
    sari, joko = person("Sari"), person("Joko", held=5)
    assert choose(case(back=(sari.id,)), [sari, joko]) == joko
    assert choose(case(back=(sari.id,)), [sari]) == sari


NUMBERS = st.integers(0, 6)
PRIORITIES = st.sampled_from(sorted(WEIGHTS))
QUEUES = st.sampled_from(["PMO_TRANSACTION", "SECURITY", "PLATFORM"])


@given(st.integers(1, 6), st.lists(PRIORITIES, max_size=40))
def test_equal_colleagues_never_differ_by_more_than_one_case_of_the_heaviest_kind(many: int, told: list[str]) -> None:
    there = [person(str(number), capacity=100) for number in range(many)]
    loads = _loads(there, deal([case(priority=it) for it in told], there, NOW))
    heaviest = max((WEIGHTS[it] for it in told), default=0)
    assert max(loads.values()) - min(loads.values()) <= heaviest


@given(st.integers(1, 6), st.integers(0, 40))
def test_equal_cases_are_spread_to_within_one(many: int, cases: int) -> None:
    there = [person(str(number), capacity=100) for number in range(many)]
    loads = _loads(there, deal([case() for _ in range(cases)], there, NOW))
    assert max(loads.values()) - min(loads.values()) <= 1


@st.composite
def desks(draw: st.DrawFn) -> list[Colleague]:
    return [
        person(
            str(number), held=draw(NUMBERS), capacity=draw(NUMBERS), skills=frozenset(draw(st.sets(QUEUES, max_size=2)))
        )
        for number in range(draw(st.integers(0, 5)))
    ]


@given(desks(), st.lists(st.tuples(QUEUES, PRIORITIES), max_size=20))
def test_nobody_is_overloaded_and_no_case_waits_while_somebody_for_it_is_free(
    there: list[Colleague], told: list[tuple[str, str]]
) -> None:
    cases = [case(queue, priority) for queue, priority in told]
    given_out = deal(cases, there, NOW)
    held = {it.id: it.held + sum(one.to.id == it.id for one in given_out) for it in there}
    for it in there:
        assert held[it.id] <= max(it.capacity, it.held)
    left = {it.id for it in cases} - {it.case.id for it in given_out}
    for one in (it for it in cases if it.id in left):
        able = [it for it in there if it.knows(one.queue)] or there
        assert all(held[it.id] >= it.capacity for it in able)


@given(desks(), st.lists(st.tuples(QUEUES, PRIORITIES), max_size=12))
def test_the_first_in_line_is_given_within_as_many_steps_as_cases_stand_before_it(
    there: list[Colleague], told: list[tuple[str, str]]
) -> None:
    """Each step somebody who is full finishes one case; nobody who can take it leaves: so each case is reached."""
    waiting = [case(queue, priority) for queue, priority in told]
    there = [person(it.name, held=it.held, capacity=max(1, it.capacity), skills=it.skills) for it in there]
    for _ in range(len(waiting) + sum(it.held for it in there)):
        done = {it.case.id for it in deal(waiting, there, NOW)}
        waiting = [it for it in waiting if it.id not in done]
        there = [person(it.name, held=0, capacity=it.capacity, skills=it.skills) for it in there]
    assert not (waiting and there)


def _loads(there: list[Colleague], given_out: list[Given]) -> dict[UUID, int]:
    return {it.id: it.load + sum(WEIGHTS[one.case.priority] for one in given_out if one.to.id == it.id) for it in there}
