"""Incidents at the desk: opened, explained, handed on, resolved, looked back at, and everyone they touch.

Each act is a function: it locks the incident, looks whether it may be done, changes the row, adds to the timeline and
to the audit, and rings. Who belongs to an incident is worked out in one statement from what people wrote (`belonging`).
"""
