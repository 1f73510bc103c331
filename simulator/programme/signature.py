"""The partner API's signature: HMAC-SHA1 over client code, timestamp, method, path and raw body, no separators."""

import hashlib
import hmac


def sign(
    sign_key: str, client_code: str, timestamp: str, method: str, path: str, body: bytes, authorization: str = ""
) -> str:
    """Give the lower-case hex signature of a call; what an Authorization header adds stands before the body."""
    signed = f"{client_code}{timestamp}{method}{path}{authorization}".encode() + body
    return hmac.new(sign_key.encode(), signed, hashlib.sha1).hexdigest()
