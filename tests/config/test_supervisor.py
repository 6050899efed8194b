import os
import signal
import subprocess
import sys
import textwrap
import time

import pytest

from alpheus.config.supervisor import Part, Supervisor

SUPERVISE = textwrap.dedent("""
    import pathlib, sys
    from alpheus.config.supervisor import Part, Supervisor
    folder = pathlib.Path(sys.argv[1])
    child = "import os,time,pathlib; p=pathlib.Path(r'%s'); open(p/'starts','a').write(f'{os.getpid()}\\\\n'); time.sleep(600)" % folder
    Supervisor([Part("child", [sys.executable, "-c", child])], logs=folder / "logs").run()
""")


def wait_for(condition, *, seconds=20.0):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        time.sleep(0.05)
    raise AssertionError("it never happened")


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture
def supervised(tmp_path):
    process = subprocess.Popen([sys.executable, "-c", SUPERVISE, str(tmp_path)])
    yield (
        process,
        lambda: (
            [int(n) for n in (tmp_path / "starts").read_text().split()]
            if (tmp_path / "starts").exists()
            else []
        ),
    )
    process.kill()
    process.wait()


def test_what_dies_is_started_again_and_all_stops_on_a_signal(supervised):
    process, starts = supervised
    first = wait_for(starts)[0]
    os.kill(first, signal.SIGKILL)
    second = wait_for(lambda: starts()[1:])[0]
    assert alive(second)
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=20) == 0
    assert not alive(second)


def test_a_part_that_is_done_is_not_started_again(tmp_path):
    part = Part("once", [sys.executable, "-c", "print('done')"], once=True)
    supervisor = Supervisor([part], logs=tmp_path)
    running = supervisor._parts[0]
    wait_for(lambda: running.look(time.monotonic()) or running.done)
    wait_for(lambda: "done" in (tmp_path / "once.log").read_text())
    running.look(time.monotonic())
    assert running.process is None


def test_a_part_that_fails_waits_longer_each_time(tmp_path):
    running = Supervisor([Part("bad", [sys.executable, "-c", "raise SystemExit(3)"])], logs=tmp_path)._parts[
        0
    ]
    waits = []
    now = 0.0
    for _ in range(3):
        running.look(now)
        wait_for(lambda: running.process.poll() is not None)
        running.look(now)
        waits.append(running.restart_at - now)
        now = running.restart_at
    assert waits == pytest.approx([0.4, 0.8, 1.6])
