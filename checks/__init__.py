"""What is true for this person: functions from facts to a Finding."""
