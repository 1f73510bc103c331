"""One file a channel: parse and verify what comes in, send what goes out."""
