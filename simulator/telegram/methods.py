"""The Bot API methods a help desk calls, each checked the way Telegram checks it."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from simulator.media import MediaStore
from simulator.telegram import arguments as read
from simulator.telegram.errors import bad_request, forbidden
from simulator.telegram.files import FileMethods
from simulator.telegram.forum import Forums
from simulator.telegram.forum_methods import ForumMethods
from simulator.telegram.limits import FloodGate
from simulator.telegram.state import CHANNEL, QUERY_LIFE, TelegramState, Webhook

SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
CHAT_ACTIONS = frozenset(
    (
        *("typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice"),
        *("upload_document", "choose_sticker", "find_location", "record_video_note", "upload_video_note"),
    )
)
type Arguments = dict[str, Any]


class BotMethods:
    """The methods by name; getUpdates stands apart, for it waits."""

    def __init__(
        self, state: TelegramState, gate: FloodGate, media: MediaStore, bot: dict[str, Any], forums: Forums
    ) -> None:
        self.state, self.gate, self.media, self.bot, self.forums = state, gate, media, bot, forums
        self.commands: list[dict[str, str]] = []
        methods: list[Callable[[Arguments], Any]] = [
            *(self.get_me, self.set_webhook, self.delete_webhook, self.get_webhook_info, self.send_message),
            *(self.send_chat_action, self.answer_callback_query, self.edit_message_text),
            *(self.edit_message_reply_markup, self.get_file, self.set_my_commands, self.get_my_commands),
            *(self.delete_my_commands, self.get_chat, self.log_out, self.close),
        ]
        self.by_name = {method.__name__.replace("_", ""): method for method in methods}
        self.of_forums = ForumMethods(state, forums, gate, bot, self._chat)
        self.by_name |= self.of_forums.by_name
        self.by_name |= FileMethods(state, gate, media, bot, self._chat).by_name
        self.on_webhook: Callable[[], None] = lambda: None
        self.last_error: tuple[int, str] | None = None

    def get_me(self, _: Arguments) -> dict[str, Any]:
        """Describe the bot."""
        more = ("can_join_groups", "can_read_all_group_messages", "supports_inline_queries")
        return self.bot | dict(zip(more, (True, True, False), strict=True))

    def log_out(self, _: Arguments) -> bool:
        """Accept a log-out, which means nothing here."""
        return True

    def close(self, _: Arguments) -> bool:
        """Accept a close, which means nothing here."""
        return True

    def set_webhook(self, given: Arguments) -> bool:
        """Remember where updates go and the secret that goes with them."""
        url, secret = str(given.get("url") or ""), str(given.get("secret_token") or "")
        if url and urlsplit(url).scheme not in ("http", "https"):
            raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
        if url.startswith("http:") and urlsplit(url).hostname not in ("127.0.0.1", "localhost"):
            raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
        if secret and not SECRET.fullmatch(secret):
            raise bad_request("secret token contains unallowed characters")
        connections = read.whole_number(given, "max_connections", 40)
        allowed = read.structure(given, "allowed_updates") or []
        self._drop_pending(given)
        self.state.set_webhook(Webhook(url, secret, max(1, min(connections, 100)), list(allowed)))
        self.on_webhook()
        return True

    def delete_webhook(self, given: Arguments) -> bool:
        """Forget the webhook."""
        self._drop_pending(given)
        self.state.set_webhook(Webhook(allowed_updates=self.state.webhook.allowed_updates))
        return True

    def _drop_pending(self, given: Arguments) -> None:
        if read.truth(given, "drop_pending_updates"):
            for pending in list(self.state.pending.values()):
                self.state.done(pending, "dropped by the bot")

    def get_webhook_info(self, _: Arguments) -> dict[str, Any]:
        """Tell the webhook and what waits for it."""
        webhook = self.state.webhook
        info: dict[str, Any] = {"url": webhook.url, "has_custom_certificate": False}
        info |= {"pending_update_count": len(self.state.pending), "max_connections": webhook.max_connections}
        if webhook.allowed_updates:
            info["allowed_updates"] = webhook.allowed_updates
        if self.last_error:
            info |= {"last_error_date": self.last_error[0], "last_error_message": self.last_error[1]}
        return info

    def _chat(self, given: Arguments) -> dict[str, Any]:
        if not given.get("chat_id"):
            raise bad_request("chat_id is empty")
        chat_id = read.whole_number(given, "chat_id")
        chat = self.state.known.get(chat_id)
        if chat is None:
            # a bot cannot write first
            raise bad_request("chat not found")
        standing = self.state.standing.get(chat_id, {})
        if moved := standing.get("migrate_to"):
            raise bad_request("group chat was upgraded to a supergroup chat", migrate_to_chat_id=int(moved))
        if why := standing.get("forbidden"):
            raise forbidden(str(why))
        self.forums.check(chat_id)
        return chat

    def get_chat(self, given: Arguments) -> dict[str, Any]:
        """Describe a chat."""
        return self._chat(given) | {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": NO_GIFTS}

    def send_message(self, given: Arguments) -> dict[str, Any]:
        """Send a text, with buttons or a keyboard."""
        chat = self._chat(given)
        text = read.message_text(given)
        markup = read.reply_markup(given, private=chat["type"] == "private")
        if not isinstance(read.structure(given, "link_preview_options"), dict | None):
            raise bad_request("object expected as link preview options")
        placed = self._placed(given, chat)
        self.gate.pass_message(chat["id"])
        state, now = self.state, self.state.now()
        message_id = state.message_id()
        message: dict[str, Any] = {"message_id": message_id, "from": self.bot, "chat": chat}
        message |= {"date": int(now), "text": text}
        if thread := placed.get("thread"):
            message |= {"message_thread_id": thread, "is_topic_message": True}
        if markup and "inline_keyboard" in markup:
            message["reply_markup"] = {"inline_keyboard": markup["inline_keyboard"]}
        item: dict[str, Any] = {"at": now, "who": "bot", "type": "text", "text": text, "message_id": str(message_id)}
        item |= {"status": "sent", "buttons": shown_buttons(markup), "keyboard": shown_keyboard(markup)}
        marks = ("remove_keyboard", "force_reply")
        item["extra"] = placed | {mark: True for mark in marks if markup and markup.get(mark)}
        state.chats.add(CHANNEL, str(chat["id"]), item)
        return message

    def _placed(self, given: Arguments, chat: dict[str, Any]) -> dict[str, Any]:
        """Say in which topic a message is written and what it answers."""
        placed: dict[str, Any] = {}
        if given.get("message_thread_id"):
            thread = read.whole_number(given, "message_thread_id")
            placed["thread"] = self.forums.open_topic(int(chat["id"]), thread).thread_id
        answered = read.structure(given, "reply_parameters")
        if answered:
            number = str(answered.get("message_id"))
            if self.state.chats.find(CHANNEL, str(chat["id"]), number):
                placed["reply_to"] = number
            elif not answered.get("allow_sending_without_reply"):
                raise bad_request("message to be replied not found")
        return placed

    def send_chat_action(self, given: Arguments) -> bool:
        """Show that the bot is doing something."""
        chat = self._chat(given)
        if given.get("action") not in CHAT_ACTIONS:
            raise bad_request("wrong parameter action in request")
        if given.get("message_thread_id"):
            self.forums.topic(int(chat["id"]), read.whole_number(given, "message_thread_id"))
        self.state.act(str(chat["id"]), str(given["action"]))
        return True

    def answer_callback_query(self, given: Arguments) -> bool:
        """Stop the spinner of a pressed button."""
        query = self.state.queries.get(str(given.get("callback_query_id")))
        if query is None or self.state.now() - query.at > QUERY_LIFE:
            raise bad_request("query is too old and response timeout expired or query ID is invalid")
        text = str(given.get("text") or "")
        if read.utf16_length(text) > 200:
            raise bad_request("MESSAGE_TOO_LONG")
        answer = {"text": text, "show_alert": read.truth(given, "show_alert")}
        self.state.journal.record("tg.answer", str(given["callback_query_id"]), answer)
        pressed = self.state.chats.find(CHANNEL, query.chat, f"press-{given['callback_query_id']}")
        if pressed and text:
            self.state.chats.change(CHANNEL, query.chat, pressed.message_id, extra=pressed.extra | {"answer": text})
        return True

    def edit_message_text(self, given: Arguments) -> dict[str, Any]:
        """Change the text of a message of the bot's."""
        return self._edit(given, read.message_text(given))

    def edit_message_reply_markup(self, given: Arguments) -> dict[str, Any]:
        """Change the buttons under a message of the bot's."""
        return self._edit(given, None)

    def _edit(self, given: Arguments, text: str | None) -> dict[str, Any]:
        chat = self._chat(given)
        message_id = str(read.whole_number(given, "message_id"))
        item = self.state.chats.find(CHANNEL, str(chat["id"]), message_id)
        if item is None:
            raise bad_request("message to edit not found")
        if item.who != "bot":
            raise bad_request("message can't be edited")
        markup = read.reply_markup(given, private=chat["type"] == "private")
        buttons, text = shown_buttons(markup), item.text if text is None else text
        if (text, buttons) == (item.text, item.buttons):
            raise bad_request(
                "message is not modified: specified new message content and reply markup are exactly the same as a "
                "current content and reply markup of the message"
            )
        if int(chat["id"]) < 0:
            self.gate.pass_message(int(chat["id"]))
        self.state.chats.change(CHANNEL, str(chat["id"]), message_id, text=text, buttons=buttons)
        message: dict[str, Any] = {"message_id": int(message_id), "from": self.bot, "chat": chat}
        message |= {"date": int(item.at), "edit_date": int(self.state.now()), "text": text}
        return message | ({"reply_markup": {"inline_keyboard": telegram_buttons(buttons)}} if buttons else {})

    def get_file(self, given: Arguments) -> dict[str, Any]:
        """Say where a file can be fetched."""
        found = self.media.find(str(given.get("file_id")))
        if found is None or found.trap == "gone":
            raise bad_request("invalid file_id")
        path = "../../../latest/meta-data" if found.trap == "foreign" else found.path
        return found.description() | {"file_path": path}

    def set_my_commands(self, given: Arguments) -> bool:
        """Remember the menu of commands."""
        commands = read.structure(given, "commands") or []
        for command in commands:
            if not re.fullmatch(r"[a-z0-9_]{1,32}", str(command.get("command"))):
                raise bad_request("BOT_COMMAND_INVALID")
            if not 1 <= len(str(command.get("description") or "")) <= 256:
                raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
        self.commands = commands
        return True

    def get_my_commands(self, _: Arguments) -> list[dict[str, str]]:
        """Tell the menu of commands."""
        return self.commands

    def delete_my_commands(self, _: Arguments) -> bool:
        """Forget the menu of commands."""
        self.commands = []
        return True


NO_GIFTS = dict.fromkeys(
    ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), False
)


def shown_buttons(markup: dict[str, Any] | None) -> list[dict[str, Any]]:
    """Flatten inline buttons for the chat item, the row kept."""
    rows = (markup or {}).get("inline_keyboard", [])
    return [
        {"title": button["text"], "data": button.get("callback_data"), "url": button.get("url"), "row": number}
        for number, row in enumerate(rows)
        for button in row
    ]


def telegram_buttons(buttons: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Give stored buttons back as Telegram writes them."""
    rows: dict[int, list[dict[str, Any]]] = {}
    for button in buttons:
        shape = {"text": button["title"], "callback_data": button["data"], "url": button["url"]}
        rows.setdefault(button["row"], []).append({name: value for name, value in shape.items() if value is not None})
    return list(rows.values())


def shown_keyboard(markup: dict[str, Any] | None) -> list[dict[str, Any]]:
    """Flatten a reply keyboard for the chat item."""
    rows = (markup or {}).get("keyboard", [])
    buttons = [button if isinstance(button, dict) else {"text": button} for row in rows for button in row]
    return [{"title": button["text"], "request_contact": bool(button.get("request_contact"))} for button in buttons]
