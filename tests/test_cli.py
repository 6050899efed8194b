"""The command line as an operator types it."""

import os
import socket
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from alpheus import cli
from alpheus.config import operators, processes, supervisor


def alpheus(*words, data, **environment):
    clean = {name: value for name, value in os.environ.items() if not name.startswith("ALPHEUS_")}
    return subprocess.run(
        [sys.executable, "-m", "alpheus", *words],
        env={**clean, "ALPHEUS_DATA": str(data), **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def said(done):
    """What it said, however wide the terminal that broke its lines."""
    return " ".join(done.stderr.split())


def test_without_words_it_lists_its_commands(tmp_path):
    done = alpheus("--help", data=tmp_path)
    for command in (
        "up",
        "web",
        "edge",
        "worker",
        "import",
        "demo",
        "doctor",
        "auditor",
        "operator",
        "turn-epoch",
        "strategies",
        "migrate",
    ):
        assert command in done.stdout


@pytest.mark.parametrize(
    ("environment", "says"),
    [({"ALPHEUS_PORT": "eighty"}, "ALPHEUS_PORT"), ({"ALPHEUS_PROT": "1"}, "no such setting")],
)
def test_a_bad_setting_ends_with_a_sentence(tmp_path, environment, says):
    done = alpheus("doctor", data=tmp_path, **environment)
    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_up_says_when_its_port_is_taken(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = alpheus("up", data=tmp_path, ALPHEUS_PORT=str(taken.getsockname()[1]))
    assert done.returncode == 1
    assert "taken by another program" in said(done)


@pytest.mark.parametrize("words", [("turn-epoch",), ("strategies",), ("strategies", "force", "tide")])
def test_without_an_edge_its_commands_say_so(tmp_path, words):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = str(closed.getsockname()[1])
    done = alpheus(*words, data=tmp_path, ALPHEUS_EDGE_PORT=port)
    assert done.returncode == 1
    assert "Start it: alpheus up" in said(done)
    assert "Traceback" not in done.stderr


def test_importing_what_is_no_folder_says_so(tmp_path):
    done = alpheus("import", str(tmp_path / "nowhere"), data=tmp_path / "data")
    assert done.returncode == 2
    assert "is not a folder" in said(done)


def test_doctor_mends_by_word(tmp_path):
    done = alpheus("doctor", data=tmp_path, ALPHEUS_DEBUG="true")
    assert done.returncode == 1
    assert "Unset it" in done.stderr


@pytest.mark.slow
def test_migrate_twice_changes_nothing_and_operator_gives_a_link(tmp_path):
    assert alpheus("migrate", data=tmp_path).returncode == 0
    assert alpheus("migrate", data=tmp_path).returncode == 0
    done = alpheus("operator", "Mei@Example.org", data=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "http://127.0.0.1:8000/account/link/" in done.stderr


@pytest.fixture
def greeted(monkeypatch, tmp_path):
    """`alpheus up` as far as its parts would be started: what it said, and what the parts would read."""
    began = []

    class Started:
        def __init__(self, parts, *, logs):
            began.append([part.name for part in parts])

        def run(self):
            began.append({name: os.environ.get(f"ALPHEUS_{name}") for name in ("BIND", "ALLOWED_HOSTS")})

    for name in ("BIND", "ALLOWED_HOSTS"):
        monkeypatch.setenv(f"ALPHEUS_{name}", "")
        monkeypatch.delenv(f"ALPHEUS_{name}")
    monkeypatch.setattr(supervisor, "Supervisor", Started)
    monkeypatch.setattr(processes, "start_django", lambda _settings, **_part: None)
    monkeypatch.setattr(processes, "prepare", lambda _settings: None)
    monkeypatch.setattr(processes, "taken_ports", lambda _settings: [])
    monkeypatch.setattr(operators, "first_link", lambda *, base_url: f"{base_url}/account/link/once")
    cli.load.cache_clear()

    def up(*words):
        return CliRunner().invoke(cli.app, ["up", *words]), began

    yield up
    cli.load.cache_clear()


def test_up_on_the_local_network_says_where_and_draws_it_for_a_phone(greeted, monkeypatch, capsys):
    monkeypatch.setattr(processes, "lan_address", lambda: "192.168.1.7")
    done, began = greeted("--lan")
    assert done.exit_code == 0, done.output
    assert "On your phone: http://192.168.1.7:8000" in done.output
    assert any("▀" in line or "▄" in line or "█" in line for line in done.output.splitlines()), "the QR code"
    _, environment = began
    assert environment["BIND"] == "0.0.0.0"
    assert environment["ALLOWED_HOSTS"].split(",") == ["127.0.0.1", "localhost", "[::1]", "192.168.1.7"]


def test_without_a_network_lan_says_so(greeted, monkeypatch):
    monkeypatch.setattr(processes, "lan_address", lambda: None)
    done, began = greeted("--lan")
    assert done.exit_code == 1
    assert "This machine is on no network" in " ".join(done.output.split())
    assert not began


def test_up_alone_stays_on_this_machine_and_greets_the_first_operator(greeted):
    done, (parts, environment) = greeted()
    assert parts == ["web", "edge", "worker"]
    assert environment["BIND"] is None
    assert "Alpheus is at http://127.0.0.1:8000" in done.output
    assert "http://127.0.0.1:8000/account/link/once" in done.output
    assert "On your phone" not in done.output


def test_after_the_first_sign_in_up_prints_no_link(greeted, monkeypatch):
    monkeypatch.setattr(operators, "first_link", lambda **_base: None)
    done, _began = greeted()
    assert "Sign in once" not in done.output
