"""Ports of a second system: free, held until they are given away, and never one that an outgoing connection gets."""

import socket
from contextlib import closing

import pytest

from helpdesk import ports

LENT_BY_LINUX = 32_768
"""From here on, unless somebody set `net.ipv4.ip_local_port_range`."""


def test_ports_that_are_held_follow_each_other_and_are_nobody_elses() -> None:
    with ports.held(3) as first:
        for port in range(first, first + 3):
            with closing(socket.socket()) as other, pytest.raises(OSError, match="in use"):
                other.bind(("127.0.0.1", port))
    with closing(socket.socket()) as other:
        other.bind(("127.0.0.1", first))


def test_a_run_with_a_taken_port_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    with ports.held() as taken:
        tries = iter([taken, taken - 1, taken + 1])
        monkeypatch.setattr(ports.random, "choice", lambda _: next(tries))
        with ports.held(2) as first:
            assert first == taken + 1


def test_no_outgoing_connection_is_lent_one_of_them() -> None:
    assert ports.OURS.stop <= LENT_BY_LINUX
