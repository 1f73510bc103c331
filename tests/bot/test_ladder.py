"""Whoever waits waits longer than whom they wait for, and nothing starts where that is not so."""

import os
import subprocess
import sys
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from actions.ladder import check as check_actions
from actions.settings import ActionsSettings
from bot.ladder import check, steps
from bot.settings import BotSettings
from records.ladder import Rung, Step, WrongOrder, climb

ROOT = Path(__file__).resolve().parents[2]
USUAL = BotSettings(bot_console_token="k", rasa_turn_token="r", _env_file=None)  # type: ignore[call-arg]


def changed(**seconds: float) -> BotSettings:
    return USUAL.model_copy(update={name: timedelta(seconds=value) for name, value in seconds.items()})


def test_the_ladder_as_it_is_holds() -> None:
    check(USUAL)
    check_actions(ActionsSettings(_env_file=None))  # type: ignore[call-arg]


def test_the_ladder_has_no_gap_from_an_action_to_the_lease_of_a_conversation() -> None:
    climbing = steps(USUAL)[:4]
    assert all(lower.longer == upper.shorter for lower, upper in pairwise(climbing))
    names = [climbing[0].shorter.setting, *(step.longer.setting for step in climbing)]
    assert names == ["ACTIONS_DEADLINE", "RASA_LOCK_LIFE", "RASA_TIMEOUT", "bot/rounds/kept.py", "LANE_LEASE"]


@pytest.mark.parametrize(
    ("settings", "shorter", "longer"),
    [
        (changed(actions_deadline=8), "ACTIONS_DEADLINE", "RASA_LOCK_LIFE"),
        (changed(actions_deadline=7.5), "ACTIONS_DEADLINE", "RASA_LOCK_LIFE"),
        (changed(rasa_lock_life=21), "RASA_LOCK_LIFE", "RASA_TIMEOUT"),
        (changed(rasa_lock_life=20), "RASA_LOCK_LIFE", "RASA_TIMEOUT"),
        (changed(rasa_timeout=26), "RASA_TIMEOUT", "bot/rounds/kept.py"),
        (changed(lane_lease=25), "bot/rounds/kept.py", "LANE_LEASE"),
        (changed(bot_send_timeout=20), "BOT_SEND_TIMEOUT", "bot/claiming.py"),
        (changed(bot_webhook_deadline=3.5), "BOT_WEBHOOK_DEADLINE", "batas penyedia"),
    ],
)
def test_every_pair_in_the_wrong_order_is_refused_by_name(settings: BotSettings, shorter: str, longer: str) -> None:
    with pytest.raises(WrongOrder) as refused:
        check(settings)
    (step,) = refused.value.broken
    assert (step.shorter.setting, step.longer.setting) == (shorter, longer)
    assert f"{shorter} harus lebih pendek dari {longer}" in str(refused.value)
    assert f"{shorter} must be shorter than {longer}: shorten the first or lengthen the second" in str(refused.value)


def test_every_step_swapped_is_refused() -> None:
    for step in steps(USUAL):
        with pytest.raises(WrongOrder):
            climb([Step(step.longer, step.shorter)] if not step.equal else [_beyond(step)])


def _beyond(step: Step) -> Step:
    longest = Rung(step.shorter.setting, step.longer.lasts + timedelta(milliseconds=1), step.shorter.whose)
    return Step(longest, step.longer, equal=True)


def test_a_source_that_may_take_longer_than_its_action_is_refused() -> None:
    slow = ActionsSettings(actions_source_deadline=timedelta(seconds=5), _env_file=None)  # type: ignore[call-arg]
    with pytest.raises(WrongOrder, match="ACTIONS_SOURCE_DEADLINE harus lebih pendek dari ACTIONS_DEADLINE"):
        check_actions(slow)


@pytest.mark.parametrize(
    ("room", "wrong", "said"),
    [
        ("bot", {"RASA_TIMEOUT": "PT70S"}, "RASA_TIMEOUT harus lebih pendek dari"),
        ("actions", {"ACTIONS_SOURCE_DEADLINE": "PT9S"}, "ACTIONS_SOURCE_DEADLINE harus lebih pendek dari"),
    ],
)
def test_a_process_on_a_broken_ladder_does_not_start(
    room: str, wrong: dict[str, str], said: str, data_key: str, tmp_path: Path
) -> None:
    told = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing",
        "HELPDESK_DATA_KEY": data_key,
        "BOT_CONSOLE_TOKEN": "k",
        "RASA_TURN_TOKEN": "r",
        "TELEGRAM_MODE": "off",
        "WHATSAPP_MODE": "off",
        **wrong,
    }
    ended = subprocess.run(
        [sys.executable, "-m", room], env=told, cwd=tmp_path, capture_output=True, text=True, timeout=180, check=False
    )
    assert ended.returncode == 2
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr
