"""The pages of incidents: the list, opening one, one of them, its people, its scope, and every act on it."""

from fastapi import APIRouter

from desk.pages.incidents import acts, exports, looking_back, opening, people, scope, showing

router = APIRouter()
for _room in (opening, showing, people, exports, scope, acts, looking_back):
    router.include_router(_room.router)
