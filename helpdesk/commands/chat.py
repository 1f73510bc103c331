"""`helpdesk chat`: a conversation in the terminal, over the bot's console channel."""

import getpass
import time
import uuid
from typing import Annotated, Any

import httpx
import typer
from rich.console import Console
from rich.prompt import Prompt

from helpdesk import system
from helpdesk.settings import SystemSettings

WAIT_SECONDS = 30.0
QUIET_SECONDS = 0.6
"""This long without a further reply, and it is the person's turn again."""


def chat(
    name: Annotated[
        str | None, typer.Option("--as", help="Whose conversation it is; your own name by default.")
    ] = None,
) -> None:
    """Talk with the bot here; an empty line or Ctrl-D ends it."""
    settings, console = SystemSettings.read(), Console()
    if system.look(settings) is None:
        console.print("Not running. Start it with: make up")
        raise typer.Exit(3)
    told = system.told(settings)
    headers = {"Authorization": f"Bearer {told['BOT_CONSOLE_TOKEN']}", "X-Console-User": name or getpass.getuser()}
    base = f"http://127.0.0.1:{settings.bot_port}"
    with httpx.Client(base_url=base, headers=headers, timeout=10, trust_env=False) as bot:
        try:
            _converse(console, Conversation(bot))
        except httpx.HTTPError as error:
            console.print(f"[red]The bot does not answer ({error}).[/red] helpdesk status says more.")
            raise typer.Exit(1) from error


class Conversation:
    """One person's side of the console channel."""

    def __init__(self, bot: httpx.Client) -> None:
        self._bot = bot
        self._position = 0
        self._buttons: list[dict[str, str]] = []
        while self.fetch_page():
            pass

    def say(self, text: str) -> None:
        """Post what was typed; a button's number or title presses it."""
        pressed = self._pressed(text)
        body = {"id": uuid.uuid4().hex, "text": pressed["title"] if pressed else text}
        self._bot.post(
            "/console/messages", json=body | ({"token": pressed["token"]} if pressed else {})
        ).raise_for_status()

    def fetch_page(self) -> list[dict[str, Any]]:
        """Return whatever was said since the last time."""
        answer = self._bot.get("/console/messages", params={"after": self._position}).raise_for_status()
        messages: list[dict[str, Any]] = answer.json()["messages"]
        if messages:
            self._position = messages[-1]["position"]
        return messages

    def fetch(self) -> list[dict[str, Any]]:
        """Return what the other side said since the last time."""
        heard = [message for message in self.fetch_page() if message["from"] != "me"]
        if heard:
            self._buttons = [button for message in heard for button in message["buttons"]]
        return heard

    def replies(self) -> list[dict[str, Any]]:
        """Wait for the replies to what was said last."""
        heard: list[dict[str, Any]] = []
        until = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < until:
            new = self.fetch()
            heard += new
            if new:
                until = time.monotonic() + QUIET_SECONDS
            time.sleep(0.1)
        return heard

    def _pressed(self, text: str) -> dict[str, str] | None:
        if text.isdigit() and 1 <= int(text) <= len(self._buttons):
            return self._buttons[int(text) - 1]
        return next((button for button in self._buttons if button["title"].casefold() == text.casefold()), None)


def _converse(console: Console, conversation: Conversation) -> None:
    console.print("[dim]Tulis pesan; baris kosong atau Ctrl-D mengakhiri.[/dim]")
    while True:
        try:
            text = Prompt.ask("[bold]Anda[/bold]", console=console, default="", show_default=False)
        except (EOFError, KeyboardInterrupt):
            return
        if not text.strip():
            return
        conversation.say(text)
        with console.status("…"):
            replies = conversation.replies()
        for reply in replies:
            _show(console, reply)
        if not replies:
            console.print("[yellow]Belum ada jawaban.[/yellow]")


def _show(console: Console, reply: dict[str, Any]) -> None:
    console.print(f"[bold cyan]Bot[/bold cyan]  {reply['text']}", highlight=False)
    for number, button in enumerate(reply["buttons"], 1):
        console.print(f"     [dim]{number}[/dim] ({button['title']})", highlight=False)
