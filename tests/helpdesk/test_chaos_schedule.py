"""What `helpdesk chaos` does is drawn from its seed: the same seed does the same, and nothing is left out."""

from dataclasses import replace

from helpdesk.chaos.schedule import ACTS, DEEDS, KILLS, Plan, draw, summary
from records.failpoints import STEPS

LONG = Plan(seed=7, kills=1000)


def test_the_same_seed_draws_the_same_schedule() -> None:
    assert draw(LONG) == draw(Plan(seed=7, kills=1000))
    assert draw(LONG) != draw(replace(LONG, seed=8))


def test_a_whole_run_orders_every_failpoint_with_every_act() -> None:
    ordered = [(one.more["step"], one.more["act"]) for one in draw(LONG) if one.what == "failpoint"]
    assert sorted(ordered) == sorted((step, act) for step in STEPS for act in ACTS)


def test_a_whole_run_kills_everything_and_spoils_everything() -> None:
    done = summary(draw(LONG))
    assert sum(times for what, times in done.items() if what.startswith("kill ")) == LONG.kills
    assert {f"kill {whom}" for whom in KILLS} <= set(done)
    assert set(DEEDS) <= set(done)
    assert {"fault", "pause", "outage", "database stopped", "database frozen", "table locked"} <= set(done)


def test_an_outage_lasts_as_long_as_the_edges_are_away() -> None:
    assert {one.more["seconds"] for one in draw(LONG) if one.what == "outage"} == {140, 160, 25 * 3600}


def test_who_is_spared_is_not_killed() -> None:
    assert "kill rasa" not in summary(draw(replace(LONG, spared=("rasa",))))


def test_a_part_is_done_alone() -> None:
    assert {one.part for one in draw(replace(LONG, only=("failpoints",)))} == {"failpoints"}
    assert {one.part for one in draw(replace(LONG, only=("kills", "outages")))} == {"kills", "outages"}


def test_a_short_run_takes_some_of_the_failpoints_and_other_days_take_others() -> None:
    short = replace(LONG, failpoints=10, only=("failpoints",))
    assert len(draw(short)) == 10
    assert draw(short) != draw(replace(short, seed=8))
