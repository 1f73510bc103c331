"""The Telegram staff group: a second door to the same cases, with the same acts, rights and audit."""
