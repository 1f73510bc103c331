"""The programme's tables as we keep them (schema `programme`), filled by import only; one file a topic.

NIK, phone and card numbers are kept as keyed hashes for matching; what may be shown is kept masked.
"""

from registry.tables.catalogue import CourseRow, OfferRow
from registry.tables.imports import ImportRunRow, LoadedFileRow
from registry.tables.money import IncentiveRow, LedgerEntryRow, PayoutAccountRow
from registry.tables.organisations import OrganisationRoleRow, OrganisationRow, PaymentPartnerRow
from registry.tables.people import CardRow, ParticipantRow, WaveApplicationRow
from registry.tables.purchases import PurchaseRow
from registry.tables.rules import PolicyRow, WaveRow

__all__ = [
    "CardRow",
    "CourseRow",
    "ImportRunRow",
    "IncentiveRow",
    "LedgerEntryRow",
    "LoadedFileRow",
    "OfferRow",
    "OrganisationRoleRow",
    "OrganisationRow",
    "ParticipantRow",
    "PaymentPartnerRow",
    "PayoutAccountRow",
    "PolicyRow",
    "PurchaseRow",
    "WaveApplicationRow",
    "WaveRow",
]
