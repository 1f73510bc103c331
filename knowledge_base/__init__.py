"""What the bot may say without a check: dated articles and their search."""
