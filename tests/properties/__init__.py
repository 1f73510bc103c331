"""Sequences nobody thought of: state machines over the real database, and what strangers may send."""
