"""Who looked at which rows and who took which table away is written into the audit trail."""

from fastapi import Request

from desk.door import signed_in
from desk.office import Office
from desk.pages.trends.asked import address
from records import audit
from trends.within import Within


async def noted(request: Request, office: Office, action: str, within: Within, detail: dict[str, object]) -> None:
    """Write the entry."""
    async with office.database.write() as session:
        await audit.record(
            session,
            at=office.clock(),
            actor=signed_in(request).username,
            action=action,
            object="trends",
            detail={"filter": address(within), **detail},
        )
