"""An evaluation for people: a picture of what is confused with what, and a page of the mistakes."""
