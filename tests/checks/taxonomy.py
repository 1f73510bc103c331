"""The taxonomy's column "check, in order" for every meaning, kept apart from the plans so that they can be held to it.

P participant and card, B purchase and redeem, C course and platform catalogue, A payout account, I incentive,
S system status, T ticket, K knowledge base.
"""

IN_ORDER: dict[str, tuple[str, ...]] = {
    "ask_how_to_buy": ("K", "P"),
    "ask_training_choice": ("C", "K"),
    "package_not_found": ("S", "C", "P"),
    "payment_failed": ("S", "P", "B", "C"),
    "purchase_otp": ("S", "P"),
    "paid_no_code": ("B", "S"),
    "purchase_status": ("B",),
    "purchase_requirements": ("C", "P"),
    "cancel_or_refund": ("B", "C"),
    "wrong_charge": ("B", "P"),
    "purchase_deadline": ("P", "policy"),
    "ask_how_to_redeem": ("K", "B"),
    "redeem_failed": ("B", "S"),
    "class_access": ("B", "C"),
    "attendance_verification": ("B",),
    "certificate_missing": ("B",),
    "certificate_wrong_data": ("B",),
    "rating_and_review": ("B", "K"),
    "incentive_not_received": ("I", "B", "A", "S"),
    "ask_incentive_terms": ("K", "P"),
    "survey_incentive": ("I",),
    "manage_payout_account": ("K", "A"),
    "payout_account_failed": ("A", "P", "S"),
    "ask_how_to_register": ("K",),
    "login_otp": ("S", "P"),
    "login_failed": ("S", "P", "K"),
    "identity_verification_failed": ("S", "P"),
    "nik_already_registered": ("P",),
    "blocked_by_other_data": ("P", "K"),
    "change_contact": ("P", "K"),
    "account_blocked": ("P",),
    "wave_schedule": ("K",),
    "join_wave_failed": ("S", "P"),
    "selection_result": ("P",),
    "ask_eligibility": ("K",),
    "participation_revoked": ("P", "B", "S"),
    "card_number_or_balance": ("P",),
    "system_outage": ("S",),
    "ask_programme": ("K",),
    "ask_platforms": ("C", "K"),
    "ask_bundling": ("K", "B"),
    "partner_complaint": ("B", "T"),
    "support_complaint": ("T",),
    "report_fraud": ("K",),
    "personal_data_request": ("K", "P"),
    "ticket_status": ("T",),
    "talk_to_human": (),
}
BESIDES: dict[str, tuple[str, ...]] = {
    # escalation asks whether an incident blocks buying, and a platform without one is worth naming
    "purchase_deadline": ("S", "C"),
    # whether "their incentive really stopped"
    "ask_bundling": ("I",),
}
"""What is looked at after that, because escalation depends on it."""
