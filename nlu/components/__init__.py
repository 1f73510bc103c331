"""What the model is made of: reading a message, and carrying a turn."""
