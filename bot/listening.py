"""The sockets a bot listens on: one of its own, and where several bots run on a machine the one they share."""

import socket

from bot.settings import BotSettings

KNOWN_OUTSIDE = {"receive", "chat"}
"""Only whoever takes messages belongs on the address that is known outside."""
WAITING = 2048
"""Connections that may wait to be taken up."""


def listening(settings: BotSettings) -> list[socket.socket]:
    """Return the sockets, bound; raises OSError where a port is taken."""
    own = _bound(settings.bot_host, settings.bot_port, shared=False)
    if settings.bot_shared_port is None or not settings.roles & KNOWN_OUTSIDE:
        return [own]
    return [own, _bound(settings.bot_host, settings.bot_shared_port, shared=True)]


def _bound(host: str, port: int, *, shared: bool) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if shared:
        # the kernel deals new connections out among all that listen so
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    listener.bind((host, port))
    listener.listen(WAITING)
    listener.setblocking(False)
    return listener
