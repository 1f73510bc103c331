"""What is usual at this minute, and what is not: the method that suspects an outage. Pure: counts in, rises out.

To follow it: `scope` (what is counted together), `days` (what kind of day), `learning` and `baseline` (what is usual),
`tails` (how unlikely), `recent` (the last hours), `level` (how busy it is anyway), `scan` (the test), `gathering` (one
rise told once), `listening` (all of it, minute by minute). Sources and figures stand in docs/detection.md.
"""
