"""What the programme knows: one interface, two sources."""
