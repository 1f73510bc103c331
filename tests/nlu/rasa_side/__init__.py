"""Tests that run in Rasa's environment, with unittest; tests/nlu/test_rasa_side.py runs them."""
