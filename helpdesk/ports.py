"""Free ports for what runs beside something else, below those that the kernel lends to outgoing connections.

A part that is started again finds its port free: among the lent ones somebody's outgoing connection may have taken it
meanwhile.
"""

import random
import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager

OURS = range(20_000, 32_000)
"""Linux lends from 32,768 on (`net.ipv4.ip_local_port_range`)."""


@contextmanager
def held(many: int = 1) -> Iterator[int]:
    """Hold `many` free ports of 127.0.0.1 that follow each other, and yield the first."""
    while True:
        first = random.choice(OURS[: len(OURS) - many])  # noqa: S311 (nothing secret)
        with ExitStack() as ports:
            try:
                for port in range(first, first + many):
                    ports.enter_context(closing(socket.socket())).bind(("127.0.0.1", port))
            except OSError:
                continue
            yield first
            return


def free_port() -> int:
    """Return a port that is free now, and likely stays so."""
    with held() as port:
        return port
