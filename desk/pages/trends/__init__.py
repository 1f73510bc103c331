"""The PMO's pages: what participants suffer from, as pictures with their tables; every figure opens its rows.

A page of this group has its route in a file here, is included below, and stands as one line in `places.PLACES`.
"""

from fastapi import APIRouter

from desk.pages.trends import exports, helping, overview, rows, taking

router = APIRouter()
for room in (overview, rows, exports, taking, helping):
    router.include_router(room.router)
