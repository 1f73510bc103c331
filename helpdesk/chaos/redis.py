"""A Redis of the run's own, where the machine has one: rung by the bell, and killed like everything else."""

import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import redis

from helpdesk.ports import free_port

READY_SECONDS = 10.0


class Redis:
    """One server on a port of its own; started again as soon as it was killed."""

    def __init__(self, program: str) -> None:
        self._port = free_port()
        self._program, self._folder = program, Path(tempfile.mkdtemp(prefix="hd-chaos-redis-"))
        self._lock = threading.Lock()
        self._process = self._start()

    @property
    def url(self) -> str:
        """Return its address."""
        return f"redis://127.0.0.1:{self._port}/0"

    def flush(self) -> None:
        """Have it forget everything."""
        with suppress(redis.RedisError), redis.Redis.from_url(self.url) as client:
            client.flushall()

    def kill(self) -> None:
        """Kill it and start it again."""
        with self._lock:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process = self._start()

    def close(self) -> None:
        """End it for good."""
        self._process.kill()
        self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _start(self) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [self._program, "--port", str(self._port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
            cwd=self._folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until = time.monotonic() + READY_SECONDS
        while time.monotonic() < until:
            with suppress(redis.RedisError), redis.Redis.from_url(self.url) as client:
                client.ping()
                break
            time.sleep(0.05)
        return process


@contextmanager
def redis_where_there_is_one() -> Iterator[Redis | None]:
    """Run one, or yield nothing on a machine without Redis."""
    program = shutil.which("redis-server")
    server = Redis(program) if program else None
    try:
        yield server
    finally:
        if server:
            server.close()
