"""Instant search over people, cases and messages: what was typed, what is found of it, and what of a text is shown."""
