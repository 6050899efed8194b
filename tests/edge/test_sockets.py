"""How many connections a process may hold, by its limit of open files."""

import subprocess
import sys

import pytest

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
