"""Asking a part whether it is ready."""

import contextlib
import http.client
import socket
from urllib.parse import urlsplit

import psycopg


def answers(address: str | None, seconds: float = 1.0) -> bool:
    """Say whether the address answers: 200 over HTTP, or a session with PostgreSQL."""
    if address is None:
        return True
    if address.startswith("postgresql"):
        return _lets_in(address, seconds)
    return _answers_200(address, seconds)


def port_taken(port: int) -> bool:
    """Say whether somebody already listens on this port of the loopback."""
    with contextlib.closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def _answers_200(address: str, seconds: float) -> bool:
    place = urlsplit(address)
    with contextlib.closing(http.client.HTTPConnection(place.hostname or "", place.port, timeout=seconds)) as line:
        try:
            line.request("GET", place.path or "/")
            return line.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False


def _lets_in(address: str, seconds: float) -> bool:
    try:
        psycopg.connect(address.replace("+psycopg", "", 1), connect_timeout=max(1, round(seconds))).close()
    except psycopg.Error:
        return False
    return True
