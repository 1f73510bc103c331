"""The ground truth as data: what was acknowledged, what waits, what each chat has received."""

from typing import Any

from simulator.chats import ChatBook
from simulator.control.acts import Stage
from simulator.faults import FaultBoard
from simulator.telegram.group_acts import shown


def truth(stage: Stage, chats: ChatBook, board: FaultBoard) -> dict[str, Any]:
    """Give everything a checker compares with the bot's own records."""
    telegram, whatsapp = stage.telegram.state, stage.whatsapp.state
    return {
        "telegram": {
            "updates": [{"update_id": number, **note} for number, note in telegram.taken.items()],
            "pending": [waiting(p.update_id, p.chat, p.attempts) for p in telegram.pending.values()],
            "queries": {key: query.answer for key, query in telegram.queries.items()},
            "actions": telegram.actions,
            "groups": [shown(telegram, stage.telegram.forums, number) for number in stage.telegram.forums.groups],
        },
        "whatsapp": {
            "events": whatsapp.taken,
            "pending": [waiting(e.number, e.user_id, e.attempts) for e in whatsapp.events.values()],
        },
        "chats": [
            {"channel": channel, "chat": chat, "items": [item.as_dict() for item in items]}
            for channel, chat, items in chats.all()
        ],
        "spoiled": dict(board.spoiled),
    }


def waiting(number: int, chat: str, attempts: int) -> dict[str, Any]:
    """Describe what the bot has not taken yet."""
    return {"number": number, "chat": chat, "attempts": attempts}


def counts(stage: Stage, chats: ChatBook) -> dict[str, dict[str, int]]:
    """Count per channel: said by people, said by the bot, taken by the bot, waiting."""
    said = {"telegram": [0, 0], "whatsapp": [0, 0]}
    for channel, _, items in chats.all():
        for item in items:
            said[channel][item.who == "bot"] += 1
    telegram, whatsapp = stage.telegram.state, stage.whatsapp.state
    taken = {"telegram": len(telegram.taken), "whatsapp": len(whatsapp.taken)}
    pending = {"telegram": len(telegram.pending), "whatsapp": len(whatsapp.events)}
    return {
        channel: {"person": person, "bot": bot, "taken": taken[channel], "pending": pending[channel]}
        for channel, (person, bot) in said.items()
    }
