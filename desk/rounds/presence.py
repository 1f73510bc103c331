"""Sweeps away presence of who is long gone."""

from datetime import timedelta

from desk.presence import forget
from desk.rounds.round import Round

ROUND = Round("presence", timedelta(minutes=10), forget)
