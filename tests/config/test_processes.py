"""Where a phone on the local network finds this machine, and what holds our ports."""

import socket

import pytest

from alpheus.config import processes
from alpheus.config.settings import Settings


class Routed:
    """A socket whose kernel routes by an address, or not at all."""

    address = None

    def __init__(self, *_kind):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        return None

    def connect(self, to):
        assert to[0] == "192.0.2.1", "an address that belongs to nobody"
        if self.address is None:
            raise OSError("Network is unreachable")

    def getsockname(self):
        return (self.address, 40_000)


@pytest.mark.parametrize(
    ("routed", "found"),
    [("192.168.1.7", "192.168.1.7"), ("10.0.0.3", "10.0.0.3"), ("127.0.0.1", None), (None, None)],
)
def test_the_address_is_that_by_which_the_machine_is_on_a_network(monkeypatch, routed, found):
    monkeypatch.setattr(Routed, "address", routed)
    monkeypatch.setattr(processes.socket, "socket", Routed)
    assert processes.lan_address() == found


def test_ports_that_another_program_holds_are_named():
    with socket.socket() as one, socket.socket() as free:
        for each in (one, free):
            each.bind(("127.0.0.1", 0))
        one.listen()
        taken, other = one.getsockname()[1], free.getsockname()[1]
        free.close()
        assert processes.taken_ports(Settings(port=other, edge_port=taken)) == [taken]


def test_several_edges_are_processes_of_their_own_names_and_the_demo_ends_by_itself():
    names = [part.name for part in processes.parts(Settings(edge_count=2), demo=True)]
    assert names == ["web", "edge-1", "edge-2", "worker", "demo"]
    assert [part.once for part in processes.parts(Settings(), demo=True)] == [False, False, False, True]
