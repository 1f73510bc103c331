"""A made-up year of the help desk: who wrote, about what, when and how it went, written straight into a database."""
