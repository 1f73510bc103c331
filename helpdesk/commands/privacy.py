"""`helpdesk privacy show | delete | sweep`: requests about personal data, and retention, without the desk."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from desk.wording import DATA_ERASED, DATA_ERASED_WHAT
from helpdesk import system
from helpdesk.places import Places
from helpdesk.settings import SystemSettings
from records.bell import bell_for
from records.clock import Clock, clock_from
from records.database import Database
from records.models import DataRequest, Ticket
from records.privacy.person import NobodyThere, Subject, subject_of
from records.privacy.requests import Asked, ask_to_delete, finish_deletion, show_request
from records.privacy.retention import Limits, sweep
from records.privacy.showing import as_json, counts_of, everything_held
from records.sealed import Seal
from records.settings import RecordsSettings

app = typer.Typer(no_args_is_help=True)
BY = "system"
WAIT_SECONDS = 60
LOOK_SECONDS = 1.0
Who = Annotated[str, typer.Argument(help="A ticket (T-100001) or the id of a conversation.")]
Why = Annotated[str, typer.Option("--reason", help="Written into the request; no names or numbers.")]


@app.callback()
def privacy() -> None:
    """Requests about personal data, and retention."""


@app.command()
def show(who: Who, file: Annotated[Path, typer.Argument(help="Where to write the JSON.")], reason: Why) -> None:
    """Write everything held about a person to a file, with a receipt."""

    async def act(database: Database, records: RecordsSettings, clock: Clock) -> str:
        async with database.write() as session:
            conversation, ticket = await _named(session, who)
            subject = await subject_of(session, conversation)
            held = await everything_held(session, subject, Seal(records.helpdesk_data_key.get_secret_value()))
            asked = Asked("show", conversation, BY, reason, ticket)
            receipt = await show_request(session, asked, counts_of(held), clock())
        file.write_text(as_json(held, number=receipt.number, at=clock()))
        file.chmod(0o600)
        return f"{receipt.number}: {sum(receipt.counts.values())} rows in {file}"

    _run(act)


@app.command()
def delete(
    who: Who,
    reason: Why,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask; this cannot be undone.")] = False,
) -> None:
    """Erase a person: the last message goes out first, then everything of theirs is emptied."""
    if not yes:
        typer.confirm(f"Erase everything of {who}? This cannot be undone.", abort=True)

    async def act(database: Database, records: RecordsSettings, clock: Clock) -> str:
        async with database.write() as session:
            conversation, ticket = await _named(session, who)
            subject: Subject = await subject_of(session, conversation)
            if subject.erased:
                return "Erased already."
            asked = Asked("delete", conversation, BY, reason, ticket)
            bell = bell_for(records.database_url, records.redis_url)
            request = await ask_to_delete(
                session, bell, asked, what=DATA_ERASED_WHAT, farewell=DATA_ERASED, now=clock()
            )
        return await _finished(database, request.id, clock)

    _run(act)


@app.command(name="sweep")
def sweep_(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count what would be emptied, change nothing.")] = False,
) -> None:
    """Empty what was kept long enough, and say how much and what is left."""

    async def act(database: Database, records: RecordsSettings, clock: Clock) -> str:
        report = await sweep(database, clock, Limits.of(records), by=BY, dry=dry_run)
        lines = [f"{'would be ' if report.dry else ''}emptied, as of {report.at:%Y-%m-%d %H:%M} UTC:"]
        for name, count in report.counts.items():
            lines.append(f"  {name:32}{count:>10,}   oldest left: {report.oldest_left[name] or 'none'}")
        return "\n".join(lines)

    _run(act)


async def _named(session: AsyncSession, who: str) -> tuple[UUID, UUID | None]:
    """Return the conversation and ticket that are meant; raises NobodyThere."""
    if not who.upper().startswith("T-"):
        try:
            return UUID(who), None
        except ValueError as problem:
            raise NobodyThere from problem
    query = select(Ticket.conversation_id, Ticket.id).where(Ticket.number == who.upper())
    found = (await session.execute(query)).first()
    if found is None:
        raise NobodyThere
    return found[0], found[1]


async def _finished(database: Database, request_id: UUID, clock: Clock) -> str:
    """Wait for the last message, erase unless the bot does it first, and say what the receipt says."""
    for _ in range(int(WAIT_SECONDS / LOOK_SECONDS)):
        async with database.write() as session:
            await finish_deletion(session, request_id, clock())
            request = await session.get_one(DataRequest, request_id, populate_existing=True)
        if request.status == "done":
            rows = ", ".join(f"{table} {count}" for table, count in request.counts.items())
            return f"{request.number} done: {rows}\nsha256 {request.digest}"
        await asyncio.sleep(LOOK_SECONDS)
    return f"{request.number} waits for its last message to be sent; the bot erases as soon as it is."


def _run(act: Callable[[Database, RecordsSettings, Clock], Awaitable[str]]) -> None:
    settings = SystemSettings.read()
    told = system.told(settings)
    moved = Places(settings.var).clock
    clock = clock_from(moved if settings.rehearsed and moved.exists() else None)
    known = RecordsSettings.model_fields
    records = RecordsSettings.model_validate({n.lower(): value for n, value in told.items() if n.lower() in known})
    try:
        typer.echo(asyncio.run(_with_database(records, clock, act)))
    except (NobodyThere, OperationalError) as refusal:
        nobody = isinstance(refusal, NobodyThere)
        typer.echo("No such ticket or conversation." if nobody else "The database does not answer: make up", err=True)
        raise typer.Exit(1) from refusal


async def _with_database(
    records: RecordsSettings, clock: Clock, act: Callable[[Database, RecordsSettings, Clock], Awaitable[str]]
) -> str:
    database = Database(records.database_url, pool_size=2, application="helpdesk privacy")
    try:
        return await act(database, records, clock)
    finally:
        await database.close()
