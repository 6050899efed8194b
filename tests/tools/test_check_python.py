"""A machine without what Alpheus stands on is told what to install, before anything else is done."""

import subprocess
from pathlib import Path

import pytest

CHECK = Path(__file__).parents[2] / "tools" / "check-python"


@pytest.fixture
def check(tmp_path):
    """Check a Python that lacks something: `lacks` is a word of what it cannot do."""

    def checked(lacks):
        python = tmp_path / "python3"
        python.write_text(f'#!/bin/sh\ncase "$2" in *{lacks}*) exit 1 ;; esac\n')
        python.chmod(0o755)
        return subprocess.run([CHECK, python], capture_output=True, text=True, check=False)

    return checked


def test_one_that_has_all_passes_without_a_word(check):
    done = check("nothing-of-it")
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


@pytest.mark.parametrize("lacks", ["venv", "ensurepip"])
def test_without_the_venv_module_it_says_what_to_install(check, lacks):
    done = check(lacks)
    assert done.returncode == 1
    assert "venv module is missing" in done.stderr
    assert "sudo apt-get install python3-venv" in done.stderr


def test_one_that_is_too_old_is_told_so_for_each_system(check):
    done = check("version_info")
    assert done.returncode == 1
    assert "needs Python 3.11 or newer" in done.stderr
    assert "apt-get install python3" in done.stderr
    assert "brew install python" in done.stderr


def test_no_python_at_all_is_told_the_same(tmp_path):
    done = subprocess.run([CHECK, tmp_path / "none"], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "needs Python 3.11 or newer" in done.stderr
