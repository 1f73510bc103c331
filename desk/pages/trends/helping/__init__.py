"""The pages of the service: how well people were helped, the rows of each figure, and what nothing answers yet."""

from fastapi import APIRouter

from desk.pages.trends.helping import overview, rows, taking, topics

router = APIRouter()
for room in (overview, rows, taking, topics):
    router.include_router(room.router)
