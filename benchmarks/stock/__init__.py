"""Stock Rasa 3.6.21 as its documentation sets it up: default pipeline with DIET, REST channel, a trivial action."""
