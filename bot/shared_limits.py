"""The limits of a channel where several processes send: the rules of bot/limits.py, kept in Redis, on Redis' clock.

A Redis that is away is no reason to be silent: each process then keeps the limits by itself, and the provider's own
429 does the rest.
"""

import logging
import time
from collections.abc import Awaitable, Callable
from typing import cast

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from bot.limits import BROADCAST_AT_ONCE, BROADCAST_SHARE, Limits, LocalLimits, Room, Rules, leave_for

log = logging.getLogger("bot.limits")

SCRIPT = """
local time = redis.call('TIME')
local now = tonumber(time[1]) + tonumber(time[2]) / 1000000
local window, paused, pace, chat = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local most, seconds, leave = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])

local function bucket(key, rate, burst)
    local kept = redis.call('HMGET', key, 'tokens', 'at', 'paused')
    local tokens, at = tonumber(kept[1]) or burst, tonumber(kept[2]) or now
    tokens = math.min(burst, tokens + (now - at) * rate)
    local missing = tokens >= 1 and 0 or (1 - tokens) / rate
    return tokens, math.max(missing, (tonumber(kept[3]) or 0) - now, 0)
end

local function keep(key, tokens, rate, burst)
    redis.call('HSET', key, 'tokens', tostring(tokens), 'at', string.format('%.6f', now))
    local life = math.ceil(burst / rate) + 1
    if redis.call('TTL', key) < life then redis.call('EXPIRE', key, life) end
end

local function window_wait(left)
    local until_then = (tonumber(redis.call('GET', paused)) or 0) - now
    local oldest = tonumber(redis.call('LINDEX', window, most - left - 1))
    return math.max(until_then, oldest and oldest + seconds - now or 0, 0)
end

if ARGV[1] == 'hold' then
    local wait = tonumber(ARGV[5])
    if ARGV[6] == 'all' then
        redis.call('SET', paused, string.format('%.6f', now + wait), 'EX', math.ceil(wait) + 1)
    else
        redis.call('HSET', chat, 'tokens', '1', 'at', string.format('%.6f', now), 'paused',
                   string.format('%.6f', now + wait))
        redis.call('EXPIRE', chat, math.ceil(wait) + 60)
    end
    return {'0', '0', '0'}
end

local pace_rate, pace_burst = tonumber(ARGV[5]), tonumber(ARGV[6])
local pace_tokens, pace_wait = bucket(pace, pace_rate, pace_burst)

if ARGV[1] == 'room' then
    local free = 0
    if window_wait(0) == 0 then
        free = most
        for _, at in ipairs(redis.call('LRANGE', window, 0, most - 1)) do
            if tonumber(at) + seconds > now then free = free - 1 else break end
        end
    end
    local paced = pace_wait == 0 and math.floor(pace_tokens) or 0
    local wait = free == 0 and window_wait(0) or math.max(pace_wait, window_wait(leave))
    return {tostring(free), tostring(math.max(0, math.min(free - leave, paced))), tostring(wait)}
end

local broadcast = ARGV[9] == '1'
local rate, burst = tonumber(ARGV[7]), tonumber(ARGV[8])
local tokens, wait = bucket(chat, rate, burst)
wait = math.max(wait, window_wait(leave), broadcast and pace_wait or 0)
if wait > 0 then return {tostring(wait), '0', '0'} end
keep(chat, tokens - 1, rate, burst)
if broadcast then keep(pace, pace_tokens - 1, pace_rate, pace_burst) end
redis.call('LPUSH', window, string.format('%.6f', now))
redis.call('LTRIM', window, 0, most - 1)
redis.call('EXPIRE', window, math.ceil(seconds) + 1)
return {'0', '0', '0'}
"""
"""Answers in strings, because Redis cuts numbers down to integers."""
SHORTEST = 0.001
AWAY_SECONDS = 5.0
"""A Redis that did not answer is left alone for so long; nobody's reply waits for it."""


def redis_for(url: str) -> Redis:
    """Return a client that answers soon or not at all."""
    return Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1, retry=Retry(NoBackoff(), 0))


class SharedLimits:
    """The limits of one channel, shared by every process that reaches this Redis."""

    def __init__(self, rules: Rules, redis: Redis, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._rules = rules
        self._alone = LocalLimits(rules, monotonic)
        self._script = redis.register_script(SCRIPT)
        self._prefix = f"helpdesk:limits:{rules.channel}"
        self._pace = (rules.per_second * BROADCAST_SHARE, BROADCAST_AT_ONCE)
        self._now, self._away_until = monotonic, float("-inf")

    async def take(self, chat: str, *, broadcast: bool = False) -> float:
        """Return 0 when a message may go to this chat now (and count it), else the seconds to wait."""
        given = (*self._pace, *self._rules.of_chat(chat), int(broadcast))
        said = await self._ask("take", chat, leave_for(self._rules, broadcast), *given)
        if said is None:
            return await self._alone.take(chat, broadcast=broadcast)
        return max(said[0], SHORTEST) if said[0] else 0.0

    async def room(self) -> Room:
        """Return what the channel as a whole would take now; counts nothing."""
        said = await self._ask("room", "", leave_for(self._rules, True), *self._pace)
        if said is None:
            return await self._alone.room()
        free, broadcasts, wait = said
        return Room(int(free), int(broadcasts), max(wait, SHORTEST))

    async def hold_back(self, chat: str, seconds: float, *, whole_channel: bool) -> None:
        """Wait as the provider asked, in the scope it asked for."""
        await self._alone.hold_back(chat, seconds, whole_channel=whole_channel)
        await self._ask("hold", chat, 0, seconds, "all" if whole_channel else "chat")

    async def _ask(self, what: str, chat: str, leave: int, *more: float | str) -> tuple[float, float, float] | None:
        """Return what Redis says, or None while it is away."""
        if self._now() < self._away_until:
            return None
        keys = [f"{self._prefix}:{name}" for name in ("window", "paused", "pace", f"chat:{chat}")]
        given: list[float | str] = [what, *self._rules.window, leave, *more]
        try:
            answered = await cast(Awaitable[list[bytes | str]], self._script(keys=keys, args=given))
        except (RedisError, OSError) as problem:
            log.warning("limits are kept by this process alone: %s", type(problem).__name__)
            self._away_until = self._now() + AWAY_SECONDS
            return None
        first, second, third = (float(number) for number in answered)
        return first, second, third


def limits_for(rules: Rules, redis_url: str | None) -> Limits:
    """Return limits shared through Redis where Redis is configured, else those of this process alone."""
    return SharedLimits(rules, redis_for(redis_url)) if redis_url else LocalLimits(rules)
