"""Plays a conversation through the running system, with what it needs: nothing left of the one before, sources away."""

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from checks.desk_records import REMEMBERED
from helpdesk.hearing import Answer
from simulator.programme.partners import PLATFORMS
from tests.stack import judging
from tests.stack.running import Stack
from tests.stack.scene import Away, Play

NO_LIMIT = {"telegram": {"per_second": None, "per_chat_burst": 10_000, "per_group_minute": 10_000}}


@dataclass(frozen=True)
class Played:
    """A conversation as it was, and what is wrong with it."""

    play: Play
    answers: list[Answer]
    ticket: dict[str, Any] | None
    complaints: list[str]

    def told(self) -> str:
        """Return it to be read: who said what, what was understood, what is wrong."""
        lines = [f"{self.play.name}: {self.play.title}"]
        for answer in self.answers:
            checks = ", ".join(f"{it['check']}: {it['verdict']}" for it in answer.checks)
            lines += [f"  {self.play.who}: {answer.said}", f"      [{answer.intent}; {checks}]"]
            lines += [f"  bot: {reply.text} {reply.buttons or ''}" for reply in answer.replies]
        if self.ticket:
            lines.append(
                "  laporan: " + ", ".join(str(self.ticket[it]) for it in ("intent", "also", "queue", "priority"))
            )
        return "\n".join([*lines, *(f"  !! {it}" for it in self.complaints)])


class Sourced:
    """Knows over which source the system runs, and starts it anew only when another one is asked for."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._source: str | None = None

    def over(self, source: str | None) -> None:
        """Run over this source."""
        if source != self._source:
            self._stack.start_with(source)
            self._source = source


def play(stack: Stack, scene: Play) -> Played:
    """Play one conversation from its beginning, at its time."""
    stack.reach(scene.at)
    stack.forget(scene.who)
    _fresh(stack, scene)
    said = [_filled(stack, scene, text) for text in scene.said]
    with sources_away(stack, scene.away):
        answers = stack.say(*said, who=scene.who, channel=scene.channel)
    ticket = next(iter(stack.rows("SELECT * FROM tickets WHERE number = %s", answers[-1].ticket)), None)
    person = stack.person(scene.who)
    chat = person["telegram"]["id"] if scene.channel == "telegram" else person["whatsapp"]["user_id"]
    owner = stack.rows("SELECT owner FROM conversations WHERE external_id = %s", str(chat))[0]["owner"]
    heard = judging.filled(scene.heard, person)
    return Played(scene, answers, ticket, judging.complaints(heard, answers, ticket, str(owner)))


def _filled(stack: Stack, scene: Play, said: str) -> str:
    """Fill in what a person reads off their own papers: the invoice of their order."""
    if "<invoice>" not in said:
        return said
    bought = stack.rows(
        "SELECT invoice_code FROM programme.purchases b JOIN programme.participants p ON p.id = b.participant_id "
        "WHERE p.name = %s ORDER BY selected_at DESC LIMIT 1",
        stack.person(scene.who)["name"],
    )
    return said.replace("<invoice>", str(bought[0]["invoice_code"]))


def _fresh(stack: Stack, scene: Play) -> None:
    """Leave nothing of earlier conversations: no suspicion from failed sources, the incident as the scene wants it."""
    stack.control.delete("/control/faults").raise_for_status()
    stack.control.put("/control/limits", json=NO_LIMIT).raise_for_status()
    platforms = list(scene.only_incident_at) or list(PLATFORMS)
    stack.change("DELETE FROM source_failures")
    stack.change("DELETE FROM incidents WHERE status = 'suspected'")
    if [row["platforms"] for row in stack.rows("SELECT platforms FROM incidents")] != [platforms]:
        stack.change("UPDATE incidents SET platforms = to_jsonb(%s::text[])", platforms)
        # what was read just before is remembered for this long
        time.sleep(REMEMBERED)
    if scene.setting:
        stack.change(scene.setting)


@contextlib.contextmanager
def sources_away(stack: Stack, away: Away) -> Iterator[None]:
    """Let sources give no answer in time: tables are locked, the programme's API answers with an error."""
    if away.api:
        fault = {"target": "programme", "kind": "error", "method": away.api, "status": 503}
        stack.control.post("/control/faults", json=fault).raise_for_status()
    if "public.incidents" in away.tables:
        # what was read just before is remembered for this long
        time.sleep(REMEMBERED)
    with psycopg.connect(stack.database_url) as connection:
        for table in away.tables:
            schema, _, name = table.rpartition(".")
            locked = sql.Identifier(schema or "programme", name)
            connection.execute(sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(locked))
        yield
        connection.rollback()
    stack.control.delete("/control/faults").raise_for_status()
