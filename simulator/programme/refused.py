"""How the programme's API says no, and how it reads what it is sent."""

from typing import Any

import orjson

type Body = dict[str, Any]
LONGEST_NUMBER = 18


class Refused(Exception):
    """An answer with success=false."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code, self.message, self.status = code, message, status


def read_body(raw: bytes) -> Body:
    """Read a body that must be a JSON object."""
    try:
        body = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise Refused("ERRPLT40001", "Format permintaan tidak sesuai.") from error
    if not isinstance(body, dict):
        raise Refused("ERRPLT40001", "Format permintaan tidak sesuai.")
    return body


def text(body: Body, name: str) -> str:
    """Read a field that must be filled; a code may come as a number."""
    value = body.get(name)
    if not isinstance(value, str | int) or not str(value).strip():
        raise Refused("ERRPLT40001", f"{name} wajib diisi.")
    return str(value).strip()


def whole(body: Body, name: str) -> int:
    """Read a field that must be a whole number, as number or as text."""
    value = text(body, name)
    if not value.isdecimal() or len(value) > LONGEST_NUMBER:
        raise Refused("ERRPLT40001", f"{name} wajib diisi.")
    return int(value)
