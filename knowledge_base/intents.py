"""The meanings an article may answer: the questions and complaints of the taxonomy, without the dialogue acts.

A misspelt intent in an article would make it unreachable without a word, so the loader checks against this list.
"""

ANSWERABLE_INTENTS = frozenset(
    [
        "ask_how_to_buy",
        "ask_training_choice",
        "package_not_found",
        "payment_failed",
        "purchase_otp",
        "paid_no_code",
        "purchase_status",
        "purchase_requirements",
        "cancel_or_refund",
        "wrong_charge",
        "purchase_deadline",
        "ask_how_to_redeem",
        "redeem_failed",
        "class_access",
        "attendance_verification",
        "certificate_missing",
        "certificate_wrong_data",
        "rating_and_review",
        "incentive_not_received",
        "ask_incentive_terms",
        "survey_incentive",
        "manage_payout_account",
        "payout_account_failed",
        "ask_how_to_register",
        "login_otp",
        "login_failed",
        "identity_verification_failed",
        "nik_already_registered",
        "blocked_by_other_data",
        "change_contact",
        "account_blocked",
        "wave_schedule",
        "join_wave_failed",
        "selection_result",
        "ask_eligibility",
        "participation_revoked",
        "card_number_or_balance",
        "system_outage",
        "ask_programme",
        "ask_platforms",
        "ask_bundling",
        "partner_complaint",
        "support_complaint",
        "report_fraud",
        "personal_data_request",
        "ticket_status",
    ]
)

# Intents whose first or only check is this room (the K of the taxonomy): each needs an article on every working day.
ANSWERED_FROM_KNOWLEDGE = frozenset(
    [
        "ask_how_to_buy",
        "ask_training_choice",
        "ask_how_to_redeem",
        "ask_incentive_terms",
        "manage_payout_account",
        "ask_how_to_register",
        "wave_schedule",
        "ask_eligibility",
        "ask_programme",
        "ask_platforms",
        "ask_bundling",
    ]
)

# Intents that are checked first and then explained from here.
EXPLAINED_FROM_KNOWLEDGE = frozenset(
    [
        "rating_and_review",
        "login_failed",
        "blocked_by_other_data",
        "change_contact",
        "report_fraud",
        "personal_data_request",
    ]
)
