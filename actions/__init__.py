"""What the bot can do: thin, read-only rasa-sdk actions, one file an ability."""
