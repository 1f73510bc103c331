"""What a person can be told to do, and doing it through the channel they use."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from simulator.media import UnknownSample
from simulator.people import People, Person, TelegramAccount, WhatsAppAccount
from simulator.telegram.server import TelegramServer
from simulator.telegram.state import Pending
from simulator.telegram.writing import Beside
from simulator.telegram.writing import NotPossible as NotOnTelegram
from simulator.whatsapp.server import WhatsAppServer
from simulator.whatsapp.writing import NotPossible as NotOnWhatsApp

type Channel = Literal["telegram", "whatsapp"]
type Everywhere = Literal[
    "text", "press", "contact", "photo", "voice", "sticker", "location", "document", "edit", "reaction", "odd"
]
type OnTelegram = Literal["album", "venue", "block", "unblock", "join", "kick", "migrate", Topics]
type Topics = Literal["topic_create", "topic_close", "topic_reopen", "topic_delete"]
type OnWhatsApp = Literal["revoke", "change_number"]
type Doing = Everywhere | OnTelegram | OnWhatsApp
ATTACHMENTS = ("photo", "voice", "sticker", "location", "document")
TELEGRAM_ATTACHMENTS = (*ATTACHMENTS, "venue")


class ActRefused(Exception):
    """The act cannot be done: unknown person, no such button."""


class Act(BaseModel):
    """One thing a person does."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    channel: Channel = "telegram"
    who: str | dict[str, Any] = Field(
        alias="as", description="key of a named person, or an account of one's own making"
    )
    do: Doing = "text"
    text: str = Field("", description="text, caption, or emoji of a reaction")
    title: str | None = Field(None, description="title of the button pressed")
    token: str | None = Field(None, description="callback data or button id pressed, known or forged")
    how: Literal["own", "forwarded", "other"] = Field("own", description="whose contact card")
    message_id: str | None = Field(None, description="message edited or reacted to; none = the last")
    kind: str = Field("message_reaction", description="update or message type of an odd act")
    body: dict[str, Any] = Field(default_factory=dict, description="its body")
    group: dict[str, Any] | None = Field(None, description="Telegram group written in instead of the private chat")
    count: int = Field(3, ge=2, le=10, description="pictures of an album")
    reply_to: str | None = Field(None, description="Telegram: message id, `last bot` or `last person`")
    quote: str = Field("", description="part of the message replied to")
    sample: str | None = Field(None, description="which sample file (simulator/media.py); none = the usual one")
    thread: int | None = Field(None, description="topic of a group with topics; none = General")
    forwarded: bool = Field(False, description="Telegram: passed on, another person's words")

    @property
    def where(self) -> dict[str, Any]:
        """The group the act is about."""
        if self.group is None:
            raise ActRefused(f"{self.do} needs a group")
        return self.group


@dataclass(frozen=True)
class Stage:
    """Where people act: both servers."""

    people: People
    telegram: TelegramServer
    whatsapp: WhatsAppServer

    def named(self, key: str) -> Person:
        """Find a named person."""
        person = self.people.get(key)
        if person is None:
            raise ActRefused(f"nobody is called {key!r}; known: {', '.join(self.people.all()) or 'nobody yet'}")
        return person

    def chat_of(self, channel: str, who: str) -> str:
        """Give the chat key of a named person, or take the key as it is."""
        person = self.people.get(who)
        if person is None:
            return who
        return str(person.telegram.id) if channel == "telegram" else person.whatsapp.user_id

    def perform(self, act: Act) -> dict[str, Any]:
        """Do one act and say what came of it."""
        try:
            return self._on_telegram(act) if act.channel == "telegram" else self._on_whatsapp(act)
        except (NotOnTelegram, NotOnWhatsApp, UnknownSample) as impossible:
            raise ActRefused(str(impossible)) from impossible

    def _on_telegram(self, act: Act) -> dict[str, Any]:
        person = self.named(act.who).telegram if isinstance(act.who, str) else TelegramAccount(**act.who)
        done = self._done_on_telegram(act, person)
        queued = [pending for pending in (done if isinstance(done, list) else [done]) if pending]
        for pending in queued:
            self.telegram.sent(pending)
        if not queued:
            return {"chat": str(person.id), "update_id": None, "message_id": None}
        last = queued[-1]
        return {"chat": last.chat, "update_id": last.update_id, "message_id": last.message_id}

    def _done_on_telegram(self, act: Act, person: TelegramAccount) -> Pending | list[Pending] | None:
        writer, standings = self.telegram.writer, self.telegram.standings
        beside = Beside(act.group, act.reply_to, act.quote, act.forwarded, act.thread)
        if act.do.startswith("topic_"):
            return self.telegram.groups.topic(person, int(act.where["id"]), act.do, act.text, act.thread)
        if act.do in TELEGRAM_ATTACHMENTS:
            return writer.attachment(person, act.do, act.text, beside, act.sample)
        ways: dict[str, Callable[[], Pending | list[Pending] | None]] = {
            "text": lambda: writer.text(person, act.text, beside),
            "press": lambda: writer.press(person, act.title, act.token, beside),
            "contact": lambda: writer.contact(person, act.how),
            "edit": lambda: writer.edit(person, act.text, act.message_id, beside),
            "album": lambda: writer.album(person, act.count, act.text, beside),
            "block": lambda: standings.block(person),
            "unblock": lambda: standings.unblock(person),
            "join": lambda: standings.join(person, act.where),
            "kick": lambda: standings.kick(person, act.where),
            "migrate": lambda: standings.migrate(person, act.where),
        }
        odd = act.body or {"chat": {"id": person.id, "type": "private"}}
        return ways.get(act.do, lambda: writer.odd(person, act.kind, odd))()

    def _on_whatsapp(self, act: Act) -> dict[str, Any]:
        who, writer = act.who, self.whatsapp.writer
        person = self.named(who).whatsapp if isinstance(who, str) else WhatsAppAccount(**who)
        if act.do == "text":
            event = writer.text(person, act.text)
        elif act.do == "press":
            event = writer.press(person, act.title, act.token)
        elif act.do == "contact":
            event = writer.contact(person, act.how)
        elif act.do in ATTACHMENTS:
            event = writer.attachment(person, act.do, act.text, act.sample)
        elif act.do == "reaction":
            event = writer.reaction(person, act.message_id or "wamid.none", act.text)
        elif act.do == "odd":
            event = writer.odd(person, act.kind, act.body)
        elif act.do == "edit":
            event = writer.edit(person, act.text, act.message_id)
        elif act.do == "revoke":
            event = writer.revoke(person, act.message_id)
        elif act.do == "change_number":
            event = writer.change_number(person, act.text)
        else:
            raise ActRefused(f"{act.do} does not exist on WhatsApp")
        self.whatsapp.sender.queued(event)
        return {"chat": event.user_id, "event": event.number, "message_id": event.message_id}
