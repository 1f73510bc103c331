"""The short way in: the simulated servers, and talking, without the web framework around the pages.

A benchmark sends thousands of messages through the simulator, on the very processors it measures.
"""

from collections.abc import Awaitable, Callable, Mapping

from simulator.edge import Receive, Scope, Send

type Application = Callable[[Scope, Receive, Send], Awaitable[None]]


class ShortWay:
    """Hands a request to the room its path begins with, and everything else on."""

    def __init__(self, app: Application, rooms: Mapping[str, Application]) -> None:
        self._rest, self._rooms = app, rooms

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on to who answers it."""
        if scope["type"] == "http":
            path: str = scope["path"]
            for prefix, room in self._rooms.items():
                if path.startswith(prefix):
                    await room({**scope, "root_path": prefix.rstrip("/")}, receive, send)
                    return
        await self._rest(scope, receive, send)
