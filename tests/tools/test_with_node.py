"""Node comes from the machine where that has one that is new enough, else from its wheel."""

import shutil
import subprocess
from pathlib import Path

import pytest

WITH_NODE = Path(__file__).parents[2] / "tools" / "with-node"
LOG = 'echo "$0 $*" >> "$(dirname "$0")/../calls"'


class Machine:
    """Folders of programs that only write down how they were called."""

    def __init__(self, folder):
        self.folder = folder
        (folder / "machine").mkdir()
        (folder / "wheel").mkdir()
        # What the script itself needs.
        (folder / "machine" / "dirname").symlink_to(shutil.which("dirname"))

    def program(self, name, then="exit 0"):
        path = self.folder / name
        path.write_text(f"#!/bin/sh\n{LOG}\n{then}\n")
        path.chmod(0o755)

    def run(self, *command):
        subprocess.run(
            [WITH_NODE, self.folder / "wheel" / "python", *command],
            env={"PATH": str(self.folder / "machine")},
            check=True,
        )
        calls = (self.folder / "calls").read_text().splitlines()
        return [call.removeprefix(f"{self.folder}/") for call in calls]


@pytest.fixture
def machine(tmp_path):
    it = Machine(tmp_path)
    it.program(
        "wheel/python",
        then=f'case "$*" in *import*) [ -e "{tmp_path}/installed" ] ;; *pip*) : > "{tmp_path}/installed" ;; esac',
    )
    it.program("wheel/npm")
    return it


def test_the_machines_own_is_taken_where_it_is_new_enough(machine):
    machine.program("machine/node")
    machine.program("machine/npm")
    assert machine.run("npm", "ci", "--quiet")[-1] == "machine/npm ci --quiet"
    assert not (machine.folder / "installed").exists()


@pytest.mark.parametrize("node", [None, "exit 1"])
def test_without_one_or_with_an_old_one_its_wheel_is_installed_by_its_hashes(machine, node):
    machine.program("machine/npm")
    if node:
        machine.program("machine/node", then=node)
    calls = machine.run("npm", "ci")
    (install,) = [call for call in calls if " pip install " in call]
    assert "--require-hashes -r requirements-node.lock" in install
    assert calls[-1] == "wheel/npm ci"


def test_a_node_without_npm_is_not_enough(machine):
    machine.program("machine/node")
    assert machine.run("npm", "ci")[-1] == "wheel/npm ci"


def test_a_wheel_that_is_there_is_not_installed_again(machine):
    (machine.folder / "installed").touch()
    calls = machine.run("npm", "ci")
    assert not [call for call in calls if " pip install " in call]
    assert calls[-1] == "wheel/npm ci"
