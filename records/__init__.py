"""What the help desk itself writes down, and the one place that talks to the database engine."""
