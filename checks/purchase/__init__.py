"""B: purchases and what hangs on them; one file a question a participant asks about them."""
