"""How the group is: there, with topics, and the bot with the rights it needs. What is wrong is told as an alarm.

The web goes on whatever is wrong here; nothing is lost, for what the group should show is worked out from the cases.
"""

from datetime import timedelta

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from desk.office import Office
from desk.staff_group.api import BadToken, CallFailed, Json, Refused
from desk.staff_group.failing import PROBLEMS
from desk.staff_group.group import Group
from desk.staff_group.planning import teams_told, untold_cases
from desk.staff_group.posting import forget_old, locked_group, real_now, say
from desk.staff_group.updates import parked
from desk.staff_group.wording import PROBLEMS as PROBLEM_NAMES
from desk.staff_group.wording import WAITING
from records.models import StaffGroup
from records.processes import this_process

EVERY = timedelta(seconds=30)
SAID_EVERY = timedelta(minutes=10)
RIGHTS = ("can_manage_topics", "can_pin_messages", "can_delete_messages")
READING = "staff_group"
KEEP = text(
    """
    INSERT INTO readings (name, at, taken_by, value) VALUES (:name, now(), :me, CAST(:value AS jsonb))
    ON CONFLICT (name) DO UPDATE SET at = now(), taken_by = EXCLUDED.taken_by, value = EXCLUDED.value
    """
)
COUNTS = text(
    """
    SELECT (SELECT count(*) FROM group_topics WHERE chat_id = :chat AND status = 'unknown') AS unknown_topics,
           (SELECT count(*) FROM group_posts WHERE chat_id = :chat AND status = 'unknown') AS unknown_posts,
           (SELECT count(*) FROM group_posts WHERE chat_id = :chat AND status = 'due') AS due
    """
)


async def look_round(office: Office, group: Group) -> int:
    """Look at the group if nobody did lately; returns 1 when something is wrong."""
    async with office.database.write() as session:
        known = await locked_group(session, group.chat_id)
        checked, now = known.checked_at, await real_now(session)
    if checked and now - checked < EVERY:
        return 0
    problem, detail = await problem_of(group)
    async with office.database.write() as session:
        await _keep(session, group, problem, detail)
        await forget_old(session)
        if problem is None:
            await _say_how_many_wait(session, group)
    return 1 if problem else 0


async def problem_of(group: Group) -> tuple[str | None, str]:
    """Return what is wrong with the group, or None, and Telegram's own words."""
    try:
        me = await group.api.me()
        chat: Json = await group.api.call("getChat", chat_id=group.chat_id)
        mine: Json = await group.api.call("getChatMember", chat_id=group.chat_id, user_id=me["id"])
    except BadToken as problem:
        return "token", str(problem)
    except Refused as problem:
        said = str(problem)
        if problem.moved_to:
            return "moved", f"id barunya {problem.moved_to}"
        return next((name for words, name in PROBLEMS if words in said), "gone"), said
    except CallFailed as problem:
        return "away", str(problem)
    if mine.get("status") in ("left", "kicked"):
        return "removed", ""
    if not chat.get("is_forum"):
        return "no_topics", ""
    missing = [right for right in RIGHTS if mine.get("status") != "administrator" or not mine.get(right)]
    return ("no_rights", ", ".join(missing)) if missing else (None, "")


async def _say_how_many_wait(session: AsyncSession, group: Group) -> None:
    """Where more cases came than can be told within two minutes, say so in General, once in a while."""
    waiting = await untold_cases(session, group.chat_id, await teams_told(session, group.teams))
    if waiting > group.posts:
        now = await real_now(session)
        key = f"waiting:{group.chat_id}:{int(now.timestamp() // SAID_EVERY.total_seconds())}"
        await say(session, chat_id=group.chat_id, key=key, text=WAITING.format(count=waiting, pace=group.posts // 2))


async def _keep(session: AsyncSession, group: Group, problem: str | None, detail: str) -> None:
    known: StaffGroup = await locked_group(session, group.chat_id)
    now = await real_now(session)
    if problem != known.problem:
        known.problem, known.problem_since = problem, now if problem else None
        if problem is None:
            known.paused_until = None
    known.checked_at = now
    counts = (await session.execute(COUNTS, {"chat": group.chat_id})).one()
    said = f"{PROBLEM_NAMES[problem]}; {detail}"[:160].rstrip("; ") if problem else ""
    value = {"problem": problem, "said": said, **counts._asdict(), "parked": await parked(session)}
    await session.execute(KEEP, {"name": READING, "me": this_process(), "value": orjson.dumps(value).decode()})
