"""What the programme office asks: one read-only function per question."""
