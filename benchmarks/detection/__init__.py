"""`bench detection`: simulated years with known outages, the method beside a fixed threshold and a plain z-score.

The years are made without the method's help: other curves, other noise, other waves. What is known of a year (when its
outages began, whom they touched) is used to judge and for nothing else.
"""
