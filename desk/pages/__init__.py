"""The pages of the desk, one file a place: what an address shows, and which act a form calls."""
