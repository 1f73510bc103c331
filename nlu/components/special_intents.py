"""The intents that are not about a problem or a question of the programme."""

FALLBACK = "nlu_fallback"
OUT_OF_SCOPE = "out_of_scope"
DIALOGUE = frozenset({"inform", "affirm", "deny", "greet", "thank"})
COURTESY = frozenset({"greet", "thank"})
PERSON = "talk_to_human"
