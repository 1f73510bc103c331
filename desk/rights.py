"""Who may do what: every route by its name. A route that is not in this list is open to nobody.

The door (`desk.door`) reads this list for each request; a test walks every route of the app against every role.
"""

ADMIN, AGENT, PMO = "admin", "agent", "pmo"
ANYBODY = "anybody"
"""Also somebody who has not signed in."""

EVERYONE = frozenset({ADMIN, AGENT, PMO})
HANDLING = frozenset({ADMIN, AGENT})
EXPORTING = frozenset({ADMIN, PMO})
SUPERVISING = frozenset({ADMIN, PMO})
ADMINISTERING = frozenset({ADMIN})
PROTECTING = frozenset({ADMIN})
"""Serving people's requests about their own data."""

RIGHTS: dict[str, frozenset[str]] = {
    # coming and going
    "health": frozenset({ANYBODY}),
    "setup_page": frozenset({ANYBODY}),
    "setup": frozenset({ANYBODY}),
    "sign_in_page": frozenset({ANYBODY}),
    "sign_in": frozenset({ANYBODY}),
    "sign_out": EVERYONE,
    "home": EVERYONE,
    "password_page": EVERYONE,
    "change_password": EVERYONE,
    "stream": EVERYONE,
    # cases
    "queue_page": HANDLING,
    "queue_list": HANDLING,
    "ticket_link": EVERYONE,
    "conversation_page": EVERYONE,
    "conversation_live": EVERYONE,
    "claim": HANDLING,
    "release": HANDLING,
    "reply": HANDLING,
    "note": HANDLING,
    "resolve": HANDLING,
    # files of participants: unmasked, so for who handles cases
    "attachment_page": HANDLING,
    "attachment_preview": HANDLING,
    "attachment_download": HANDLING,
    "attachment_sound": HANDLING,
    "attachment_again": HANDLING,
    # trends
    "trends_page": EVERYONE,
    "trends_rows": EVERYONE,
    "trends_csv": EXPORTING,
    # sources
    "sources_page": EVERYONE,
    "sources_rows": EVERYONE,
    # security
    "alarms_page": SUPERVISING,
    "alarm_seen": SUPERVISING,
    # deliveries
    "deliveries_page": SUPERVISING,
    "deliveries_list": SUPERVISING,
    "deliveries_preview": SUPERVISING,
    "deliveries_bulk": SUPERVISING,
    "delivery_in": SUPERVISING,
    "delivery_in_again": SUPERVISING,
    "delivery_in_discard": SUPERVISING,
    "delivery_out": SUPERVISING,
    "delivery_out_again": SUPERVISING,
    "delivery_out_settle": SUPERVISING,
    # personal data
    "privacy_page": PROTECTING,
    "privacy_case": PROTECTING,
    "privacy_receipt": PROTECTING,
    "privacy_show": PROTECTING,
    "privacy_correct": PROTECTING,
    "privacy_delete": PROTECTING,
    "raw_words": HANDLING,
    # people
    "staff_page": ADMINISTERING,
    "add_staff": ADMINISTERING,
    "set_active": ADMINISTERING,
    "reset_password": ADMINISTERING,
}


def may(role: str | None, route: str) -> bool:
    """Say whether somebody with this role (None: not signed in) may use the route."""
    allowed = RIGHTS.get(route, frozenset())
    return ANYBODY in allowed or (role is not None and role in allowed)
