"""How calls to the programme's partner API are signed."""

import hmac


def signature(sign_key: str, client_code: str, timestamp: str, method: str, path: str, body: bytes) -> str:
    """Return the lower-case hex HMAC-SHA1 over everything that is sent, in this order and without separators."""
    signed = f"{client_code}{timestamp}{method}{path}".encode() + body
    return hmac.digest(sign_key.encode(), signed, "sha1").hex()
