"""Groups with topics over the control API: make one, change what the bot may do there, read what stands in it."""

from typing import Any

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, ConfigDict, Field

from simulator.control.acts import ActRefused, Stage
from simulator.people import TelegramAccount
from simulator.telegram.forum import Group
from simulator.telegram.group_acts import shown
from simulator.telegram.writing import NotPossible

STAFF = tuple(
    TelegramAccount(id=5_100_000_000 + number, first_name=first, last_name=last, username=user)
    for number, first, last, user in (
        (1, "Sari", "Dewanti", "sari_dewanti"),
        (2, "Joko", "Prasetyo", "joko_prasetyo"),
        (3, "Lela", "Anggraini", "lela_anggraini"),
        (4, "Ani", "Kusumo", "ani_kusumo"),
        (5, "Bagas", "Orang Luar", None),
    )
)
"""Who is in the group unless told otherwise; whether they are staff only the desk knows."""
USUAL_ID = -1_002_020_082_401


class Made(BaseModel):
    """A group as it is to be."""

    model_config = ConfigDict(extra="forbid")

    id: int = Field(USUAL_ID, lt=0)
    title: str = "Meja Bantuan Prakerja"
    is_forum: bool = True
    members: list[TelegramAccount] | None = Field(None, description="none = five made-up ones")


class Standing(BaseModel):
    """How the bot stands to a group."""

    model_config = ConfigDict(extra="forbid")

    status: str = Field("administrator", pattern="^(administrator|member|left|kicked|deleted)$")
    rights: dict[str, bool] = Field(default_factory=dict, description="can_manage_topics …; missing = given")


def group_api(stage: Stage) -> APIRouter:
    """Make the routes under /control/groups."""
    api = APIRouter(prefix="/control/groups")
    telegram = stage.telegram

    def look(chat_id: int) -> dict[str, Any]:
        if chat_id not in telegram.forums.groups:
            raise HTTPException(404, "there is no such group")
        counted = {"posts": len(telegram.gate.passed[chat_id]), "refused": telegram.gate.refused[chat_id]}
        counted["most_in_a_minute"] = telegram.gate.most_in_a_minute(chat_id)
        return shown(telegram.state, telegram.forums, chat_id) | counted

    @api.get("")
    async def groups() -> list[dict[str, Any]]:
        """Show all groups."""
        return [look(chat_id) for chat_id in telegram.forums.groups]

    @api.post("")
    async def make(given: Made) -> dict[str, Any]:
        """Make a group with the bot as administrator, or change one."""
        members = list(given.members) if given.members is not None else list(STAFF)
        known = telegram.forums.groups.get(given.id)
        group = Group(given.id, given.title, given.is_forum)
        if known:
            group.bot = known.bot
        telegram.sent(telegram.groups.set_up(group, members, members[0] if members else None))
        return look(given.id)

    @api.get("/{chat_id}")
    async def group(chat_id: int) -> dict[str, Any]:
        """Show a group: members, rights, topics, and how fast the bot wrote there."""
        return look(chat_id)

    @api.post("/{chat_id}/bot")
    async def bot(chat_id: int, given: Standing) -> dict[str, Any]:
        """Change what the bot may do, put it out, or delete the group."""
        try:
            if given.status == "deleted":
                telegram.groups.delete(chat_id)
            else:
                telegram.sent(telegram.groups.stand(chat_id, STAFF[0], given.status, given.rights))
        except (NotPossible, ActRefused) as error:
            raise HTTPException(404, str(error)) from error
        return look(chat_id)

    return api
