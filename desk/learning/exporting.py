"""What was accepted, as files: training messages by topic, messages that judge, and articles to be filled in.

The same examples always give the same files. Nothing that may be somebody's leaves: every line is looked at once more.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from desk.learning.cleaning import personal
from desk.learning.known_lines import bare
from desk.learning.meanings import Meant
from records.models import LearningDraft, LearningExample, Staff

LEARNED = "learned"
"""The folder among the topics."""
JUDGING = "learned.jsonl"
NO_TOPIC = "other"
FILL_IN = "ISI"


@dataclass(frozen=True)
class Accepted:
    """One accepted example."""

    id: UUID
    text: str
    meant: Meant
    held_out: bool


@dataclass(frozen=True)
class Asked:
    """An article to be written, with the questions that should find it and what agents said would answer them."""

    id: UUID
    title: str
    questions: tuple[str, ...]
    wishes: tuple[str, ...]


async def accepted(session: AsyncSession) -> tuple[list[Accepted], list[UUID]]:
    """Return what may leave, each text once, and the ids of what may not because it may be somebody's."""
    names = list(await session.scalars(select(Staff.name)))
    rows = await session.scalars(
        select(LearningExample)
        .where(LearningExample.status == "accepted")
        .order_by(LearningExample.decided_at, LearningExample.id)
    )
    found: dict[str, Accepted] = {}
    kept_back = []
    for row in rows:
        words, intent = row.text or "", row.right_intent or ""
        if personal(words, names):
            kept_back.append(row.id)
        else:
            found.setdefault(bare(words), Accepted(row.id, words, Meant(intent, tuple(row.right_also)), row.held_out))
    return list(found.values()), kept_back


async def asked_for(session: AsyncSession) -> list[Asked]:
    """Return the articles to be written."""
    names = list(await session.scalars(select(Staff.name)))
    rows = await session.execute(
        select(LearningDraft, LearningExample.text, LearningExample.wanted)
        .join(LearningExample, LearningExample.draft_id == LearningDraft.id)
        .where(LearningExample.status == "drafted")
        .order_by(LearningDraft.made_at, LearningExample.decided_at)
    )
    gathered: dict[UUID, tuple[LearningDraft, list[str], list[str]]] = {}
    for draft, question, wish in rows:
        _, questions, wishes = gathered.setdefault(draft.id, (draft, [], []))
        questions += [question] if question and not personal(question, names) else []
        wishes += [wish] if wish and not personal(wish, names) else []
    return [
        Asked(draft.id, draft.title, tuple(dict.fromkeys(questions)), tuple(dict.fromkeys(wishes)))
        for draft, questions, wishes in gathered.values()
    ]


def training_files(examples: Iterable[Accepted], topics: Mapping[str, str]) -> dict[str, str]:
    """Return the training messages as files below the training folder; what judges is not among them."""
    by_topic: dict[str, dict[Meant, list[str]]] = {}
    for one in examples:
        if not one.held_out:
            topic = topics.get(one.meant.intent, NO_TOPIC)
            by_topic.setdefault(topic, {}).setdefault(one.meant, []).append(one.text)
    return {f"{LEARNED}/{topic}.yml": _topic(blocks) for topic, blocks in sorted(by_topic.items())}


def judging_lines(examples: Iterable[Accepted]) -> str:
    """Return the messages that judge the model, as the evaluation reads them."""
    rows = [
        {"text": one.text, "intent": one.meant.intent, **({"also": list(one.meant.also)} if one.meant.also else {})}
        for one in examples
        if one.held_out
    ]
    lines = sorted(json.dumps(row, ensure_ascii=False) for row in rows)
    return "".join(f"{line}\n" for line in lines)


def article_name(asked: Asked) -> str:
    """Return the id of an article by its title."""
    plain = re.sub(r"[^a-z0-9]+", "-", asked.title.lower()).strip("-")
    return plain[:60].rstrip("-") or "artikel"


def article(asked: Asked) -> str:
    """Return an article whose facts a person has to fill in: until then the knowledge base refuses it."""
    name = article_name(asked)
    keywords = "".join(f"  - {_quoted(question)}\n" for question in asked.questions)
    wishes = "".join(f"- {wish}\n" for wish in asked.wishes)
    detail = f"Menurut petugas, yang akan menjawabnya:\n\n{wishes}\n" if wishes else ""
    return (
        f"---\nid: {name}\nkey: {name}\ntitle: {_quoted(asked.title)}\n"
        f"intents: []  # {FILL_IN}: maksud yang dijawabnya (knowledge_base/intents.py)\n"
        f"valid_from:  # {FILL_IN}: hari pertama boleh dikatakan\nvalid_to: none\n"
        f"as_of:  # {FILL_IN}: hari yang dibicarakan sumbernya\n"
        f"sources: []  # {FILL_IN}: nama, outlet dan tanggal sumber\n"
        f"owner: Tim konten meja bantuan\nreview_by:  # {FILL_IN}\nkeywords:\n{keywords}---\n\n"
        f"## answer\n\n\n## detail\n\nPertanyaan peserta yang belum terjawab, disamarkan: lihat keywords.\n\n{detail}"
    )


def _topic(blocks: Mapping[Meant, list[str]]) -> str:
    said = ['version: "3.1"\n', "nlu:\n"]
    for meant, lines in sorted(blocks.items(), key=lambda one: (one[0].intent, one[0].also)):
        also = f"  metadata:\n    also: [{', '.join(meant.also)}]\n" if meant.also else ""
        said.append(f"- intent: {meant.intent}\n{also}  examples: |\n")
        said += [f"    - {line}\n" for line in sorted(set(lines))]
    return "".join(said)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
