"""A Telegram Bot API server on loopback, strict about what Telegram documents."""
