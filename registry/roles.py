"""Who was platform, institution or payment partner on a day, and what of it may be told today.

The end of a role that is not announced yet is not known to anybody: until then the role stands open-ended.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, case, func, literal, null, or_, select

from records.clock import midnight, wib
from registry.facts import Organisation
from registry.questions import Row, question, valid_on
from registry.tables import OrganisationRoleRow, OrganisationRow, PaymentPartnerRow

Role = OrganisationRoleRow

_told = or_(Role.valid_to.is_(None), func.coalesce(Role.announced_at, Role.valid_to) <= bindparam("now"))
_valid_to = case((_told, Role.valid_to), else_=null())
_name = case((Role.kind == "platform", OrganisationRow.platform_name), else_=OrganisationRow.institution_name)
_roles = select(
    Role.organisation_id.label("id"),
    func.coalesce(_name, OrganisationRow.platform_name, OrganisationRow.institution_name).label("name"),
    Role.kind.label("role"),
    Role.valid_from,
    _valid_to.label("valid_to"),
    case((_told, Role.effective_note), else_=null()).label("note"),
    Role.source,
).join(OrganisationRow, OrganisationRow.id == Role.organisation_id)


def _organisations(rows: Sequence[Row]) -> tuple[Organisation, ...]:
    return tuple(_organisation(row) for row in rows)


def _organisation(row: Row) -> Organisation:
    ended = row["valid_to"]
    return Organisation(
        id=row["id"],
        name=row["name"],
        role=row["role"],
        valid_from=_day(row["valid_from"]),
        valid_to=_day(ended) if ended else None,
        note=row["note"],
        source=row["source"],
    )


def _day(moment: datetime | date) -> date:
    return wib(moment).date() if isinstance(moment, datetime) else moment


ORGANISATIONS = question(
    ("organisation_roles",),
    _roles.where(
        Role.kind == bindparam("role"),
        Role.valid_from < bindparam("day_ends"),
        or_(_valid_to.is_(None), _valid_to > bindparam("day_begins")),
    ),
    _organisations,
    "name",
)

ORGANISATION_ROLES = question(
    ("organisation_roles",),
    _roles.where(Role.organisation_id == bindparam("organisation_id"), Role.valid_from <= bindparam("now")),
    _organisations,
    "valid_from",
    "role",
)

PAYMENT_PARTNERS = question(
    ("payment_partners",),
    select(
        PaymentPartnerRow.id,
        PaymentPartnerRow.name,
        literal("payment_partner").label("role"),
        PaymentPartnerRow.valid_from,
        PaymentPartnerRow.valid_to,
        PaymentPartnerRow.contact.label("note"),
        PaymentPartnerRow.source,
    ).where(and_(valid_on(PaymentPartnerRow))),
    _organisations,
    "name",
)


def day_in_wib(on: date) -> dict[str, Any]:
    """Return the bounds of a day as people in Jakarta count it."""
    begins = midnight(on)
    return {"day_begins": begins, "day_ends": begins + timedelta(days=1)}
