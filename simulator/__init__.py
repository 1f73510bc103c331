"""The outside world on loopback: Telegram, WhatsApp and the programme API, strict and remembering everything."""
