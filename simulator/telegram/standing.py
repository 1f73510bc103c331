"""What happens to a chat itself: the bot blocked, let in again, brought into a group, put out, a group that moves."""

from typing import Any

from simulator.people import TelegramAccount
from simulator.telegram.shapes import chat_of, user_of
from simulator.telegram.state import CHANNEL, Pending, TelegramState
from simulator.telegram.writing import NotPossible

BLOCKED, KICKED = "bot was blocked by the user", "bot was kicked from the group chat"
SUPERGROUP = "menjadi supergrup"
MOVED_BY = -1_000_000_000_000
"""A supergroup's id is far below a group's."""


class Standings:
    """Acts that change how a chat stands to the bot, and the updates Telegram makes of them."""

    def __init__(self, state: TelegramState, bot: dict[str, Any]) -> None:
        self._state, self._bot = state, bot

    def block(self, person: TelegramAccount) -> list[Pending]:
        """Block the bot: nothing can be sent to this person any more."""
        self._state.stand(person.id, {"forbidden": BLOCKED})
        return self._member(chat_of(person), person, "member", "kicked")

    def unblock(self, person: TelegramAccount) -> list[Pending]:
        """Let the bot write again."""
        self._state.stand(person.id, {})
        return self._member(chat_of(person), person, "kicked", "member")

    def join(self, person: TelegramAccount, group: dict[str, Any]) -> list[Pending]:
        """Bring the bot into a group."""
        self._state.meet(group)
        self._state.stand(int(group["id"]), {})
        return self._member(group, person, "left", "member")

    def kick(self, person: TelegramAccount, group: dict[str, Any]) -> list[Pending]:
        """Put the bot out of a group."""
        self._state.stand(int(group["id"]), {"forbidden": KICKED})
        return self._member(group, person, "member", "kicked")

    def migrate(self, person: TelegramAccount, group: dict[str, Any]) -> list[Pending]:
        """Make a group a supergroup: a new id, told in both chats, and the old one refuses."""
        if group.get("type") != "group":
            raise NotPossible("only a group becomes a supergroup")
        new = {**group, "id": MOVED_BY + int(group["id"]), "type": "supergroup"}
        self._state.meet(group)
        self._state.meet(new)
        self._state.stand(int(group["id"]), {"migrate_to": new["id"]})
        told = (
            self._service(group, person, {"migrate_to_chat_id": new["id"]}),
            self._service(new, person, {"migrate_from_chat_id": group["id"]}),
        )
        return [pending for pending in told if pending]

    def _member(self, chat: dict[str, Any], person: TelegramAccount, old: str, new: str) -> list[Pending]:
        self._state.meet(chat)
        body: dict[str, Any] = {"chat": chat, "from": user_of(person), "date": int(self._state.now())}
        body["old_chat_member"] = self._standing(old)
        body["new_chat_member"] = self._standing(new)
        queued = self._state.tell("my_chat_member", body, f"chat:{chat['id']}", str(chat["id"]), "")
        return [queued] if queued else []

    def _standing(self, status: str) -> dict[str, Any]:
        return {"user": self._bot, "status": status} | ({"until_date": 0} if status == "kicked" else {})

    def _service(self, chat: dict[str, Any], person: TelegramAccount, what: dict[str, Any]) -> Pending | None:
        message_id = str(self._state.message_id())
        body = {"message_id": int(message_id), "from": user_of(person), "chat": chat, "date": int(self._state.now())}
        item = {"at": self._state.now(), "who": "person", "type": "service", "text": SUPERGROUP}
        self._state.chats.add(CHANNEL, str(chat["id"]), item | {"message_id": message_id, "status": "queued"})
        return self._state.tell("message", body | what, f"chat:{chat['id']}", str(chat["id"]), message_id)
