"""What the bot could learn from the desk: corrections, unanswered questions, their review, and what became of them.

Agents mark (`marking`), turns that went badly are gathered (`gathering`), look-alikes stand together (`alike`), a
reviewer decides (`deciding`), files are made of it (`exporting`), and every example can be followed (`fates`).
"""
