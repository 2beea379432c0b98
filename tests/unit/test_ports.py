"""Ports that services are given: free, each its own, and not those of outgoing connections."""

import random
import socket

import pytest

from onebox import ports
from onebox.ports import free_ports, port_is_free


def test_each_name_gets_a_port_of_its_own_that_can_be_listened_on() -> None:
    found = free_ports(map(str, range(300)))
    assert list(found) == [str(number) for number in range(300)]
    assert len(set(found.values())) == 300
    assert all(port_is_free(port) and port < 32768 for port in found.values())


def test_a_port_that_is_listened_on_is_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    taken, free = free_ports(["taken", "free"]).values()
    monkeypatch.setattr(random, "sample", lambda *_: [taken, free])
    with socket.create_server(("127.0.0.1", taken)):
        assert not port_is_free(taken)
        assert free_ports(["mine"]) == {"mine": free}
        with pytest.raises(OSError, match="only 1 of the 2 ports needed on"):
            free_ports(["mine", "yours"])
    assert ports.free_port() == taken
