"""What nothing answers yet: candidate topics with examples, masked; and a topic made into an article to be written."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from desk.access import openable
from desk.door import signed_in
from desk.learning.deciding import LONGEST_TITLE
from desk.pages.acting import staff_of
from desk.pages.trends.asked import TheOffice, TheQuestion, address
from desk.pages.trends.helping.words import untold_said
from desk.pages.trends.noted import noted
from desk.paper import page
from desk.pictures.numbers import signed, whole
from desk.refusals import Refusal
from desk.topics.drafting import draft
from desk.topics.gathering import MOST, ask
from records.models import Topic, TopicRun
from trends.helping import topics
from trends.helping.topics import PAGE, SHOWN, examples, gathered, questions
from trends.within import Within

PLACE = "/tren/topik"
router = APIRouter(prefix=PLACE)
PageNumber = Annotated[int, Query(ge=1, le=10_000)]


class NoSuchTopic(Refusal):
    """It was gathered anew since."""

    status = 404

    def __init__(self) -> None:
        super().__init__("Topik ini sudah dikumpulkan ulang. Buka lagi halaman topik.")


@router.get("")
async def topics_page(request: Request, office: TheOffice, asked: TheQuestion) -> Response:
    """Show the topics of the range as they were gathered last."""
    within, untold = asked.within, topics.untold(asked.within)
    async with office.database.read() as session:
        found = await gathered(session, within)
        shown = [] if untold else list(found.topics)[:SHOWN]
        said = await examples(session, shown)
    await noted(request, office, "topics_viewed", within, {"topics": len(shown)})
    return page(
        request,
        "topics.html",
        asked=asked,
        found=found,
        topics=shown,
        hidden=len(found.topics) - len(shown),
        examples=said,
        untold=untold_said(untold) if untold else "",
        most=MOST,
        longest=LONGEST_TITLE,
        signed=signed,
        whole=whole,
    )


@router.post("")
async def topics_gather(request: Request, office: TheOffice, asked: TheQuestion) -> Response:
    """Want the topics of the range; a round gathers them."""
    within = asked.within
    wanted = Within(within.first, within.last, platform=within.platform, channel=within.channel)
    async with office.database.write() as session:
        await ask(session, wanted, office.clock())
    return RedirectResponse(PLACE + address(wanted), status_code=303)


@router.get("/{topic_id}")
async def topic_page(request: Request, office: TheOffice, topic_id: UUID, halaman: PageNumber = 1) -> Response:
    """Show the questions of one topic, masked."""
    return await _topic(request, office, topic_id, halaman)


@router.post("/{topic_id}")
async def topic_draft(
    request: Request, office: TheOffice, topic_id: UUID, title: Annotated[str, Form(max_length=200)] = ""
) -> Response:
    """Put the topic's questions under the title of an article to be written."""
    try:
        async with office.database.write() as session:
            topic = await session.get(Topic, topic_id)
            if topic is None:
                raise NoSuchTopic
            made = await draft(session, topic, title=title, staff=await staff_of(session, request), at=office.clock())
    except NoSuchTopic:
        raise
    except Refusal as problem:
        return await _topic(request, office, topic_id, 1, problem=problem, typed=title)
    return RedirectResponse(f"/belajar?lihat=artikel&artikel={made.draft_id}", status_code=303)


async def _topic(
    request: Request, office: TheOffice, topic_id: UUID, number: int, *, problem: Refusal | None = None, typed: str = ""
) -> Response:
    async with office.database.read() as session:
        topic = await session.get(Topic, topic_id)
        if topic is None:
            raise NoSuchTopic
        rows, total = await questions(session, topic_id, number)
        opened = await openable(session, signed_in(request), {row.conversation_id for row in rows})
        run = await session.get_one(TopicRun, topic.run_id)
    within = Within(run.first, run.last, platform=run.platform or None, channel=run.channel or None)
    await noted(request, office, "topic_viewed", within, {"topic": str(topic_id), "rows": len(rows)})
    return page(
        request,
        "topic.html",
        problem.status if problem else 200,
        topic=topic,
        rows=rows,
        total=total,
        openable=opened,
        page_number=number,
        pages=-(-total // PAGE),
        place=PLACE,
        longest=LONGEST_TITLE,
        problem=str(problem) if problem else "",
        typed=typed,
        whole=whole,
    )
