"""The phone page: chatting with the bot as a participant would."""
