"""Several Rasa servers: asked in turn, and one that is away costs nobody an answer."""

import asyncio
from collections.abc import Mapping
from uuid import uuid4

import httpx
import orjson
import pytest

from bot.lines import Patience
from bot.rasas import LEFT_OUT_SECONDS, Rasas
from bot.settings import BotSettings
from bot.understanding import RasaAway, TurnFailed, TurnRequest, Understanding

JAKARTA, BANDUNG = "http://10.0.0.1:8450", "http://10.0.0.2:8450"
ANSWER = {
    "replies": [{"text": "Halo"}],
    "findings": [],
    "proposals": [],
    "understanding": {},
    "state": {},
    "took_ms": 1,
}


class Town:
    """Two Rasa servers on wires of our own; what each does may be changed."""

    def __init__(self, **doing: object) -> None:
        self.doing = {JAKARTA: doing.get("jakarta", 200), BANDUNG: doing.get("bandung", 200)}
        self.asked: list[str] = []

    async def post(self, url: str, headers: Mapping[str, str], body: bytes, patience: Patience) -> tuple[int, bytes]:
        place = url.removesuffix("/webhooks/turn/turns")
        self.asked.append(place)
        does = self.doing[place]
        if isinstance(does, Exception):
            raise does
        return int(str(does)), orjson.dumps(ANSWER if does == 200 else {"error": "actions_failed"})


def bot_in(town: Town) -> Understanding:
    settings = BotSettings(
        bot_console_token="konsol",  # type: ignore[arg-type]
        rasa_turn_token="r",  # type: ignore[arg-type]
        rasa_urls=f"{JAKARTA}, {BANDUNG}/",
        _env_file=None,  # type: ignore[call-arg]
    )
    return Understanding(settings, town)


def turn() -> TurnRequest:
    return TurnRequest(uuid4(), uuid4(), "halo", {}, {})


async def test_turns_are_dealt_out_evenly() -> None:
    town = Town()
    bot = bot_in(town)
    for _ in range(10):
        await bot.ask(turn())
    assert town.asked.count(JAKARTA) == town.asked.count(BANDUNG) == 5


@pytest.mark.parametrize("away", [httpx.ConnectError("refused"), httpx.ReadError("hung up"), 503, 502])
async def test_a_turn_whose_rasa_is_away_is_answered_by_the_other(away: object) -> None:
    town = Town(jakarta=away)
    bot = bot_in(town)
    for _ in range(6):
        assert (await bot.ask(turn())).replies
    # once it is known to be away, nobody waits for it
    assert town.asked.count(JAKARTA) == 1


async def test_with_all_away_the_turn_waits_and_each_was_asked_once() -> None:
    town = Town(jakarta=503, bandung=httpx.ConnectError("refused"))
    with pytest.raises(RasaAway):
        await bot_in(town).ask(turn())
    assert sorted(town.asked) == [JAKARTA, BANDUNG]


async def test_one_that_does_not_answer_in_time_is_left_out_and_the_turn_is_not_asked_twice() -> None:
    town = Town(jakarta=httpx.ReadTimeout("slow"), bandung=httpx.ReadTimeout("slow"))
    bot = bot_in(town)
    with pytest.raises(TurnFailed):
        await bot.ask(turn())
    assert len(town.asked) == 1
    with pytest.raises(TurnFailed):
        await bot.ask(turn())
    assert sorted(town.asked) == [JAKARTA, BANDUNG]


async def test_one_that_was_away_is_asked_again_after_a_moment() -> None:
    seconds = [0.0]
    rasas = Rasas([JAKARTA, BANDUNG], monotonic=lambda: seconds[0])
    rasas.leave_out(JAKARTA)
    assert [(await rasas.in_turn())[0] for _ in range(4)] == [BANDUNG] * 4
    seconds[0] = LEFT_OUT_SECONDS + 1
    assert {(await rasas.in_turn())[0] for _ in range(4)} == {JAKARTA, BANDUNG}


async def test_a_name_is_looked_up_and_one_that_cannot_be_stays_as_it_is() -> None:
    behind = await Rasas(["http://localhost:8450"]).in_turn()
    assert behind
    assert "http://localhost:8450" not in behind
    assert await Rasas(["http://nowhere.invalid:8450"]).in_turn() == ["http://nowhere.invalid:8450"]


async def test_many_turns_at_once_look_a_name_up_once() -> None:
    rasas = Rasas(["http://localhost:8450"])
    first = await rasas.in_turn()
    orders = await asyncio.gather(*(rasas.in_turn() for _ in range(20)))
    assert all(sorted(order) == sorted(first) for order in orders)
