"""What the bot can do: rasa-sdk actions that look, say and propose; the bot writes, in one transaction a turn."""
