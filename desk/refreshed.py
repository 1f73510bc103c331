"""Around every answer to a page that looks at itself again: the pace is told that it came, and how long that took."""

import time
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends

from desk.office import Office, office_of


async def refreshed(office: Annotated[Office, Depends(office_of)]) -> AsyncIterator[None]:
    """Serve a route that shows again what changed."""
    began = time.perf_counter()
    yield
    office.ears.pace.served(time.perf_counter() - began)
