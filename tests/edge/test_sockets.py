"""How many connections a process may hold, by its limit of open files; and for how long the kernel keeps a silent one."""

import socket
import subprocess
import sys

import pytest

from alpheus.edge import sockets

SCRIPT = """
import resource, sys
from alpheus.edge.sockets import most_connections
resource.setrlimit(resource.RLIMIT_NOFILE, (int(sys.argv[1]), int(sys.argv[2])))
print(most_connections(300), resource.getrlimit(resource.RLIMIT_NOFILE)[0])
"""


@pytest.mark.parametrize(
    ("soft", "hard", "connections", "files"),
    [
        (500, 500, 300, 500),  # enough: left as it is
        (64, 1000, 300, 428),  # raised to what is needed, and no further
        (64, 400, 272, 400),  # raised as far as it may be
        (100, 100, 50, 100),  # hardly anything: half of it for listeners
    ],
)
def test_connections_never_outnumber_files(soft, hard, connections, files):
    command = [sys.executable, "-c", SCRIPT, str(soft), str(hard)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.split() == [str(connections), str(files)]
    assert ("open files are limited" in done.stderr) == (connections < 300)


@pytest.mark.skipif(not hasattr(socket, "TCP_USER_TIMEOUT"), reason="the kernel has no such time limit")
def test_who_was_let_in_before_is_timed_too():
    def limit(one):
        return one.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        with socket.create_connection(listening.getsockname()) as early, listening.accept()[0] as accepted:
            assert sockets.time_out(idle_seconds=2) >= 1
            assert [limit(one) for one in (listening, accepted, early)] == [2000, 2000, 0]
        with socket.create_connection(listening.getsockname()), listening.accept()[0] as later:
            assert limit(later) == 2000
