"""Ports on 127.0.0.1: whether one can be had, and some that can."""

import random
import socket
from collections.abc import Iterable

_BELOW_OUTGOING = range(20_000, 32_000)
"""From 32768 on Linux takes the ports of outgoing connections, and one of those may come between
the moment a port is found free and the moment a server listens on it."""


def port_is_free(port: int) -> bool:
    """Whether 127.0.0.1:port can be bound now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """A port on 127.0.0.1 that nothing listens on at this moment."""
    return free_ports(["the one"])["the one"]


def free_ports(names: Iterable[str]) -> dict[str, int]:
    """Such a port for each name, no two the same. Raises OSError when there are not as many."""
    wanted = list(names)
    candidates = random.sample(_BELOW_OUTGOING, len(_BELOW_OUTGOING))
    found = dict(zip(wanted, filter(port_is_free, candidates), strict=False))
    if len(found) < len(wanted):
        raise OSError(f"only {len(found)} of the {len(wanted)} ports needed on 127.0.0.1 are free")
    return found
