"""The corridor: carries a message in and an answer out."""
