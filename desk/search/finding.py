"""Finding: the newest first, only what this person may open, in steps that are quick for common and for rare words.

A common word is found at once among the newest rows, read back in time. A word that is not there often enough leads
through the index of words, back in time by ever longer stretches of weeks. Marks in the index (team, channel, author,
week) keep every step small; `desk.access` decides in the end. What takes too long is given up with a plain word, never
half.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, cast, func, literal, select, text, tuple_
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import aliased

from desk.access import IN_TEAMS, visible
from desk.search.narrowed import Narrowed, Place
from desk.search.wanted import Wanted
from desk.sessions import Person
from records.database import ReadSession
from records.models import (
    ChannelIdentity,
    Conversation,
    Message,
    SearchMessage,
    SearchPerson,
    SearchTicket,
    Staff,
    Ticket,
)

type Searched = type[SearchMessage] | type[SearchPerson] | type[SearchTicket]

NEWEST = 8_000
"""Rows that are looked through back in time: a word that is not enough times in them is rare."""
WEEK = 604_800
STRETCHES = (2, 6)
"""Weeks that are asked together, back from the last that counts; all that is older comes in one."""
EVERY = 10_000_000
PATIENCE_MS = 1500
CARE = text(
    # whatever the statistics say: a few rows are wanted, each found by its key
    "SELECT set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true),"
    " set_config('enable_seqscan', 'off', true), set_config('jit', 'off', true),"
    # a word's beginning stands for many rows: they are to be remembered one by one, not by the page
    " set_config('work_mem', '64MB', true), set_config('max_parallel_workers_per_gather', '0', true),"
    f" set_config('statement_timeout', '{PATIENCE_MS}', true)"
)
CANCELLED = "57014"
COLUMNS = (
    *(Ticket.number, Ticket.status, Ticket.intent, Ticket.channel, Ticket.conversation_id),
    ChannelIdentity.display_name,
)


@dataclass(frozen=True)
class Found:
    """One result: the case it belongs to, and the text that was found."""

    number: str
    status: str
    intent: str
    channel: str
    conversation_id: UUID
    name: str | None
    at: datetime
    place: Place
    text: str
    author: str = ""
    direction: str = ""
    message_id: UUID | None = None
    cases: int = 1
    tags: tuple[str, ...] = ()
    holder: str | None = None


@dataclass(frozen=True)
class Group:
    """Results of one kind, and whether there are more."""

    found: list[Found] = field(default_factory=list)
    more: bool = False
    too_many: bool = False


@dataclass(frozen=True)
class Stretch:
    """A piece of time that is asked at once: by the marks of some teams' weeks, or all of the teams before a moment."""

    marks: str
    until: datetime | None = None


@dataclass(frozen=True)
class Looking:
    """Who looks for what, and when."""

    session: ReadSession
    person: Person
    wanted: Wanted
    narrowed: Narrowed
    now: datetime
    own: Sequence[UUID]
    """See `own_cases`."""
    newest: int = NEWEST


async def care(session: ReadSession) -> None:
    """Set this transaction up for searching."""
    await session.execute(text("SET TRANSACTION READ ONLY"))
    await session.execute(CARE)


async def messages(it: Looking, count: int) -> Group:
    """Return messages whose conversation this person may open."""
    current = aliased(Ticket)
    case = (
        select(current.id)
        .where(current.conversation_id == Message.conversation_id)
        .order_by(current.status == "resolved", current.opened_at.desc())
        .limit(1)
        .correlate(Message)
        .scalar_subquery()
    )

    def shown(rows: Any) -> Select[Any]:
        return (
            select(rows.c.at, rows.c.id, *COLUMNS, Message.text, Message.author, Message.direction)
            .add_columns(Message.id.label("message_id"), Staff.name.label("holder"))
            .select_from(rows)
            .join(Message, Message.position == rows.c.id)
            .join(Ticket, Ticket.id == case)
            .join(Conversation, Conversation.id == Message.conversation_id)
            .outerjoin(ChannelIdentity, ChannelIdentity.id == Conversation.identity_id)
            .outerjoin(Staff, Staff.id == Message.staff_id)
        )

    theirs = select(Message.position).where(Message.conversation_id.in_(it.own))
    marks = (f"'@{it.narrowed.author}'",) if it.narrowed.author else ()
    return await _found(it, SearchMessage, it.wanted.texts(), marks, shown, theirs, count)


async def cases(it: Looking, count: int) -> Group:
    """Return cases of this person's teams."""

    def shown(rows: Any) -> Select[Any]:
        said = func.concat_ws(" ", Ticket.summary, Ticket.resolution, Ticket.course).label("text")
        return (
            select(rows.c.at, rows.c.id, *COLUMNS, said, Ticket.tags, Staff.name.label("holder"))
            .select_from(rows)
            .join(Ticket, Ticket.id == rows.c.id)
            .join(Conversation, Conversation.id == Ticket.conversation_id)
            .outerjoin(ChannelIdentity, ChannelIdentity.id == Conversation.identity_id)
            .outerjoin(Staff, Staff.id == Ticket.staff_id)
        )

    theirs = select(Ticket.id).where(Ticket.conversation_id.in_(it.own))
    return await _found(it, SearchTicket, it.wanted.cases(), (), shown, theirs, count)


async def people(it: Looking, count: int) -> Group:
    """Return people with a case of this person's teams, by the name they go by."""
    current, chat = aliased(Ticket), aliased(Conversation)
    of_person = select(chat.id).where(chat.identity_id == ChannelIdentity.id).correlate(ChannelIdentity)
    case = (
        select(current.id)
        .where(current.conversation_id.in_(of_person))
        .order_by(current.status == "resolved", current.opened_at.desc())
        .limit(1)
        .correlate(ChannelIdentity)
        .scalar_subquery()
    )
    number = (
        select(func.count())
        .where(current.conversation_id.in_(of_person))
        .select_from(current)
        .correlate(ChannelIdentity)
        .scalar_subquery()
    )

    def shown(rows: Any) -> Select[Any]:
        return (
            select(rows.c.at, rows.c.id, *COLUMNS, ChannelIdentity.display_name.label("text"), number.label("cases"))
            .select_from(rows)
            .join(ChannelIdentity, ChannelIdentity.id == rows.c.id)
            .join(Ticket, Ticket.id == case)
        )

    theirs = select(Conversation.identity_id).where(Conversation.id.in_(it.own))
    return await _found(it, SearchPerson, it.wanted.names(), (), shown, theirs, count)


async def own_cases(session: ReadSession, person: Person) -> list[UUID]:
    """Return the few conversations this person may open though they are of no team of theirs."""
    held = select(Ticket.conversation_id).where(Ticket.status == "claimed", Ticket.staff_id == person.id)
    if person.role in IN_TEAMS and person.teams:
        held = held.where(Ticket.team_id.not_in(person.teams))
    return list({*await session.scalars(held), *person.permits})


async def hidden_case(session: ReadSession, number: str, person: Person) -> UUID | None:
    """Return the conversation of a case of this very number that the person may only ask to look into."""
    asked = select(Ticket.conversation_id).where(Ticket.number == f"T-{number}", ~visible(person))
    found: UUID | None = await session.scalar(asked)
    return found


async def _found(
    it: Looking,
    table: Searched,
    question: str,
    marks: Sequence[str],
    shown: Callable[[Any], Select[Any]],
    theirs: Select[Any],
    count: int,
) -> Group:
    if not question:
        return Group()
    narrowed, person = it.narrowed, it.person
    marks = (*marks, f"'={narrowed.channel}'") if narrowed.channel else marks
    limits = [_from(table, narrowed), *([table.at >= narrowed.first] if narrowed.first else [])]
    allowed = and_(visible(person), *([Ticket.status == narrowed.status] if narrowed.status else []))
    rows: dict[Any, Row[Any]] = {}

    async def ask(base: Any, *more: ColumnElement[bool]) -> bool:
        """Add what is found, and say whether there is enough now."""
        asked = shown(base).where(allowed, *more).order_by(base.c.at.desc(), base.c.id.desc()).limit(count + 1)
        fresh = (await it.session.execute(asked)).all()
        rows.update((row.id, row) for row in fresh)
        return len(rows) > count

    def by_words(stretch: Stretch) -> Any:
        matching = table.words.op("@@")(_query(question, *marks, stretch.marks))
        older = [table.at < stretch.until] if stretch.until else []
        every = select(table.id, table.at).where(matching, *limits, *older).cte().prefix_with("MATERIALIZED")
        # put in order before anything is looked up for them, so that the first few are enough
        return select(every).order_by(every.c.at.desc(), every.c.id.desc()).limit(EVERY).subquery()

    try:
        if person.role in IN_TEAMS and person.teams:
            newest = select(table.id, table.at, table.words).where(*limits).order_by(table.at.desc(), table.id.desc())
            window = newest.limit(it.newest).subquery()
            enough = await ask(window, window.c.words.op("@@")(_query(question, *marks, _either(_teams(person)))))
            for stretch in _stretches(narrowed, person, it.now):
                enough = enough or await ask(by_words(stretch))
        if it.own:
            # by their keys, never by the words: a few rows, whatever is looked for
            every = select(table.id, table.at, table.words).where(table.id.in_(theirs), *limits)
            mine = every.limit(EVERY).subquery()
            await ask(mine, mine.c.words.op("@@")(_query(question, *marks)))
    except OperationalError as problem:
        if getattr(problem.orig, "sqlstate", None) != CANCELLED:
            raise
        await it.session.rollback()
        await care(it.session)
        return Group(too_many=True)
    newest_first = sorted(rows.values(), key=lambda row: (row.at, row.id), reverse=True)
    return Group([_one(row) for row in newest_first[:count]], more=len(newest_first) > count)


def _stretches(narrowed: Narrowed, person: Person, now: datetime) -> Iterator[Stretch]:
    """Yield the stretches that count, the newest first; no two hold the same row, together they hold every row."""
    latest = min(now, narrowed.after.at if narrowed.after else narrowed.end)
    end = math.floor(latest.timestamp() / WEEK) + 2  # a week more: who wrote a row may have been ahead of this clock
    for weeks in STRETCHES:
        if narrowed.first and narrowed.first.timestamp() >= end * WEEK:
            return
        yield Stretch(_either(f"{team}~{week}" for team in _teams(person) for week in range(end - weeks, end)))
        end -= weeks
    yield Stretch(_either(_teams(person)), until=datetime.fromtimestamp(end * WEEK, UTC))


def _query(question: str, *marks: str) -> ColumnElement[Any]:
    return cast(literal(" & ".join((f"({question})", *marks))), TSQUERY)


def _teams(person: Person) -> list[str]:
    return [f"#{str(team)[:8]}" for team in sorted(person.teams)]


def _either(marks: Iterable[str]) -> str:
    return "(" + " | ".join(f"'{mark}'" for mark in marks) + ")"


def _from(table: Searched, narrowed: Narrowed) -> ColumnElement[bool]:
    if narrowed.after is None:
        return table.at < narrowed.end
    key = narrowed.after.number if table is SearchMessage else narrowed.after.uuid
    return tuple_(table.at, table.id) < tuple_(literal(narrowed.after.at), literal(key))


def _one(row: Row[Any]) -> Found:
    known = row._mapping
    return Found(
        number=row.number,
        status=row.status,
        intent=row.intent,
        channel=row.channel,
        conversation_id=row.conversation_id,
        name=row.display_name,
        at=row.at,
        place=Place(row.at, str(row.id)),
        text=row.text or "",
        author=known.get("author", ""),
        direction=known.get("direction", ""),
        message_id=known.get("message_id"),
        cases=known.get("cases", 1),
        tags=tuple(known.get("tags") or ()),
        holder=known.get("holder"),
    )
