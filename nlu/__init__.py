"""The Rasa side: what the model learns from, what it is made of, and the channel through which the bot asks it."""
