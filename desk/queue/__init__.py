"""The queue: which cases wait, since when, and whose promise is in danger. Every count uses the filters of its list."""

from desk.queue.promise import promise_state

__all__ = ["promise_state"]
