"""Chaos: people talk, agents take over, everything is killed again and again, and then it is counted what was lost."""
