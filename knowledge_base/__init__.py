"""What the bot may say without a check: dated articles and their search.

`answer.best_answer` is the door most callers need; `search` and `articles` are behind it. Nothing is read
from disk when this package is imported.
"""
