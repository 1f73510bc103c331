"""Watching: figures of what waits, alarms that open and close by themselves, and what they are read from."""
