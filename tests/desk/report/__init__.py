"""The weekly report: its figures, its page, and when it is made."""
