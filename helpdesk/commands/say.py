"""`helpdesk say`: one message through the running system, as a named person would send it, and what came back."""

import json
import time
from collections.abc import Iterator
from typing import Annotated, NoReturn

import httpx
import psycopg
import typer
from rich.console import Console

from helpdesk import system
from helpdesk.hearing import Answer, NoAnswer, Records
from helpdesk.phone import CannotSend, Phone
from helpdesk.settings import SystemSettings

WAIT_SECONDS = 45.0


def say(
    messages: Annotated[list[str], typer.Argument(help="What is said; several are said one after the other.")],
    who: Annotated[str, typer.Option("--as", help="Who says it: siti, budi, dewi, rina, agus, …, or tamu.")] = "siti",
    channel: Annotated[str, typer.Option(help="telegram, whatsapp or web.")] = "telegram",
    as_json: Annotated[bool, typer.Option("--json", help="Print one line of JSON for each message.")] = False,
    wait: Annotated[float, typer.Option(help="Seconds to wait for each answer.")] = WAIT_SECONDS,
) -> None:
    """Say something as a participant and print the replies."""
    settings, console = SystemSettings.read(), Console()
    if system.look(settings) is None:
        _refuse("Not running. Start it with: make up", 3)
    try:
        for answer in converse(settings, messages, who=who, channel=channel, wait=wait):
            if as_json:
                typer.echo(json.dumps(answer.as_data(), ensure_ascii=False))
            else:
                _show(console, answer, who)
    except (CannotSend, NoAnswer) as refusal:
        _refuse(str(refusal), 1)
    except psycopg.Error as error:
        _refuse(f"The database does not answer ({error}). helpdesk doctor says more.", 1)


def converse(
    settings: SystemSettings, messages: list[str], *, who: str, channel: str, wait: float = WAIT_SECONDS
) -> Iterator[Answer]:
    """Say each message, wait for what follows from it, and yield that; raises CannotSend or NoAnswer."""
    told = system.told(settings)
    records = Records(told["DATABASE_URL"])
    try:
        with httpx.Client(timeout=10, trust_env=False) as http:
            phone = Phone(settings, told, http)
            for text in messages:
                began = time.monotonic()
                sent = phone.send(channel, who, text)
                yield records.answer(sent.channel, sent.keys, wait, began, text)
    finally:
        records.close()


def _show(console: Console, answer: Answer, who: str) -> None:
    console.print(f"[bold]{who}[/bold]  {_plain(answer.said)}", highlight=False)
    for reply in answer.replies:
        console.print(f"[bold cyan]bot[/bold cyan]   {_plain(reply.text)}", highlight=False)
        if reply.buttons:
            console.print("      " + "  ".join(f"[reverse] {_plain(title)} [/reverse]" for title in reply.buttons))
        if reply.status in ("refused", "unknown", "withheld"):
            console.print(f"      [red]{reply.status}[/red]")
    confidence = f" {answer.confidence:.2f}" if answer.confidence is not None else ""
    checks = ", ".join(f"{check.get('check')}: {check.get('verdict')}" for check in answer.checks)
    facts = [f"{answer.intent or answer.outcome}{confidence}", checks, answer.ticket or "", f"{answer.took_ms:.0f} ms"]
    console.print("      [dim]" + " · ".join(filter(None, facts)) + "[/dim]", highlight=False)


def _plain(text: str) -> str:
    return text.replace("[", "\\[")


def _refuse(why: str, code: int) -> NoReturn:
    typer.echo(why, err=True)
    raise typer.Exit(code)
