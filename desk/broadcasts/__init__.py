"""One message to many: to everyone an outage touched once it is over, or to people staff choose.

Made by one, shown as it will be, approved by another, sent within limits, stopped within seconds. Whoever is meant is
one row; what became of their message stands in the outbox.
"""
