"""Pressure from outside: webhooks at a rate, a backlog, a flood, a broadcast. What the promises name as figures."""
