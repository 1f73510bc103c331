"""The audit trail's page: who did or looked at what, when and why."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from desk.office import Office, office_of
from desk.paper import page, query
from desk.trail import PAGE, Narrowed, address_of, entries, people, told
from desk.wording_people import ACTIONS, action_label, detail_label, object_label, value_label

router = APIRouter(prefix="/audit")
TheOffice = Annotated[Office, Depends(office_of)]
Word = Annotated[str, Query(max_length=100)]


class Asked:
    """What the address asks for."""

    def __init__(
        self,
        siapa: Word = "",
        tindakan: Word = "",
        objek: Word = "",
        dari: Word = "",
        sampai: Word = "",
        sebelum: Annotated[int | None, Query(ge=1, lt=2**63)] = None,
    ) -> None:
        first, last = _day(dari), _day(sampai)
        self.words = {
            "siapa": siapa.strip(),
            "tindakan": tindakan,
            "objek": objek.strip(),
            "dari": first.isoformat() if first else "",
            "sampai": last.isoformat() if last else "",
        }
        self.narrowed = Narrowed(siapa.strip().lower(), tindakan, objek.strip(), first, last, sebelum)
        self.later = sebelum is not None

    def address(self, **changed: str | int) -> str:
        """Return the query string of this question, or of a changed one."""
        return query(**{**self.words, **changed})


@router.get("")
async def audit_page(request: Request, office: TheOffice, asked: Annotated[Asked, Depends(Asked)]) -> Response:
    """Show one page of the trail."""
    async with office.database.read() as session:
        found = await entries(session, asked.narrowed)
        everybody = await people(session)
    return page(
        request,
        "audit.html",
        asked=asked,
        entries=found[:PAGE],
        more=len(found) > PAGE,
        everybody=everybody,
        names=dict(everybody),
        actions=sorted(ACTIONS.items(), key=lambda pair: pair[1]),
        action_label=action_label,
        address_of=address_of,
        told=told,
        object_label=object_label,
        detail_label=detail_label,
        value_label=value_label,
    )


def _day(said: str) -> date | None:
    try:
        return date.fromisoformat(said)
    except ValueError:
        return None
