"""A WhatsApp Cloud API server on loopback, strict about what Meta documents."""
