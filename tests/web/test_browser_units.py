"""The browser code's own tests, run by node: pure modules, decryption, the stream's client with a scripted edge."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def _node(*arguments: str) -> subprocess.CompletedProcess[str]:
    if not (ROOT / "node_modules" / "esbuild").is_dir():
        pytest.skip("node_modules is not there: run `make assets`")
    command = [str(ROOT / "tools" / "with-node"), sys.executable, "node", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)


def test_units():
    done = _node("tests/web/browser/run.mjs")
    assert done.returncode == 0, done.stdout + done.stderr


def test_types():
    done = _node("node_modules/typescript/bin/tsc", "--noEmit")
    assert done.returncode == 0, done.stdout + done.stderr
