"""The public status page: what everybody may know of outages, as bytes that only change when something does.

It shows the components with their state, open incidents with their public words, and ninety days of history; nothing
that staff write for each other and nothing of any participant. It needs no script and no database once it was read.
"""
