"""A button of a card was pressed: the act is done, or what comes next is said; a stale button explains itself.

What a button carries is only the name of an act, and a client may send whatever it likes: who presses and which topic
it was in decide everything else, by the same rules as at the desk.
"""

from html import escape
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy.ext.asyncio import AsyncSession

from desk.office import Office
from desk.refusals import AlreadyResolved, NeedsPermit, NotHeldByYou, Refusal
from desk.staff_group import wording
from desk.staff_group.acting import Asked, do, must_be_allowed
from desk.staff_group.answering import Answer, case_of
from desk.staff_group.group import Group
from desk.staff_group.hearing import Pressed
from desk.staff_group.linking import staff_of
from desk.staff_group.posting import say
from desk.staff_group.rechecking import Findings, keep_findings
from records.models import GroupTopic, Staff, Ticket

ACTS = {"ambil": "claim", "lepas": "release"}
ASKS = {"balas": "reply", "selesai": "resolve"}
QUESTIONS = {"reply": wording.ASK_REPLY, "resolve": wording.ASK_RESOLUTION}


async def pressed(
    session: AsyncSession, office: Office, group: Group, heard: Pressed, findings: Findings | None
) -> Answer:
    """Do what the button says, and say what is shown to who pressed it."""
    staff = await staff_of(session, heard.by)
    if staff is None:
        return Answer(wording.UNKNOWN_PRESS, alert=True)
    found = await case_of(session, group.chat_id, thread_id=heard.thread_id, card_id=heard.message_id)
    if found is None:
        return Answer(wording.NOTHING_HERE, alert=True)
    topic, ticket = found
    try:
        return await _pressed(session, office, heard, staff, topic, ticket, findings)
    except NeedsPermit:
        return Answer(wording.ELSEWHERE, alert=True)
    except Refusal as refusal:
        return Answer(str(refusal), alert=True)


async def _pressed(
    session: AsyncSession,
    office: Office,
    heard: Pressed,
    staff: Staff,
    topic: GroupTopic,
    ticket: Ticket,
    findings: Findings | None,
) -> Answer:
    if act := ACTS.get(heard.data):
        told = await do(session, office.bell, Asked(act, ticket, topic, staff, office.clock()))
        return Answer(told, silence=ticket.conversation_id if act == "claim" else None)
    if act := ASKS.get(heard.data):
        return await _ask(session, heard, staff, topic, ticket, act)
    if heard.data == "catatan":
        must_be_allowed(staff, "note")
        return Answer(wording.NOTE_HOW, alert=True)
    if heard.data == "periksa" and findings is not None:
        return Answer(await keep_findings(session, office, findings, staff), alert=True)
    return Answer(wording.NOTHING_HERE, alert=True)


async def _ask(
    session: AsyncSession, heard: Pressed, staff: Staff, topic: GroupTopic, ticket: Ticket, act: str
) -> Answer:
    """Ask for the words: what answers the question is the act, and nothing else is."""
    must_be_allowed(staff, act)
    if ticket.status == "resolved":
        raise AlreadyResolved
    if ticket.status != "claimed" or ticket.staff_id != staff.id:
        raise NotHeldByYou
    who = f'<a href="tg://user?id={heard.by.id}">{escape(staff.name)}</a>'
    question = QUESTIONS[act].format(who=who, number=ticket.number)
    markup = {"force_reply": True, "selective": True}
    key = str(uuid5(NAMESPACE_URL, f"ask:{heard.press_id}"))
    await say(session, chat_id=topic.chat_id, key=key, text=question, topic=topic, asks=act, markup=markup)
    return Answer(wording.ASKED)
