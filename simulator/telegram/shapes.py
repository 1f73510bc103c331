"""How people and chats look in an update."""

from typing import Any

from simulator.people import TelegramAccount


def user_of(person: TelegramAccount) -> dict[str, Any]:
    """Describe a person as a Telegram user."""
    user: dict[str, Any] = {"id": person.id, "is_bot": False, "first_name": person.first_name, "language_code": "id"}
    more = {"last_name": person.last_name, "username": person.username}
    return user | {name: value for name, value in more.items() if value}


def chat_of(person: TelegramAccount) -> dict[str, Any]:
    """Describe the private chat with a person."""
    names = {"first_name": person.first_name, "last_name": person.last_name, "username": person.username}
    return {"id": person.id, "type": "private"} | {name: value for name, value in names.items() if value}
