"""What every journey stands on: a running installation with recordings in it, and real browsers."""

import contextlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote
from urllib.request import urlopen

import pytest
from journeys import installation as installations
from journeys import recordings, stock
from journeys.browsers import null_sink
from journeys.installation import Installation
from journeys.pair import Pair
from journeys.post_office import PostOffice, open_office
from journeys.recordings import Piece
from playwright.sync_api import Playwright, sync_playwright

LAN_HOST = "lan.test"


@dataclass
class House:
    """A running installation and what is in it."""

    installation: Installation
    album: list[Piece]
    long: Piece
    assets: dict[str, str]
    office: PostOffice | None = None
    """Where its letters go; None where they are printed."""

    @property
    def url(self) -> str:
        return self.installation.url

    def get(self, path: str) -> dict:
        """Ask the API without a session."""
        with urlopen(f"{self.url}/api/v1{path}", timeout=20) as answer:
            return json.load(answer)

    def recording(self, title: str) -> str:
        """The gid of a recording by its title."""
        found = self.get(f"/search?q={quote(title)}")["recordings"]
        return next(entry["gid"] for entry in found if entry["title"] == title)

    def release(self, title: str) -> str:
        """The gid of a release by its title."""
        found = self.get(f"/search?q={quote(title)}")["releases"]
        return next(entry["gid"] for entry in found if entry["title"] == title)


@pytest.fixture
def playwright() -> Iterator[Playwright]:
    """Playwright for one test: while it lives, an event loop runs in this thread, which other tests must not meet."""
    with sync_playwright() as playing:
        yield playing


@pytest.fixture(scope="session")
def sound_device() -> Iterator[dict]:
    with null_sink() as environment:
        yield environment


def furnish(data: Path, **settings: str) -> House:
    """An installation with the recordings imported, not started: the album and the long one."""
    album, long = recordings.odd_album(), recordings.long_piece()
    assets = stock.furnish(data, [*album, long])
    installation = installations.prepared(data, kek=stock.KEK, **settings)
    return House(installation=installation, album=album, long=long, assets=assets)


@pytest.fixture(scope="session", autouse=True)
def one_stock(tmp_path_factory: pytest.TempPathFactory) -> None:
    """All workers of a run share what was encoded."""
    root = tmp_path_factory.getbasetemp()
    stock.FOLDER = (root.parent if os.environ.get("PYTEST_XDIST_WORKER") else root) / "stock"


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_office() as office:
        folder = tmp_path_factory.mktemp("house") / "data"
        mail = {"mail_url": f"smtp://127.0.0.1:{office.port}", "verify_email": "optional"}
        # A name that a browser may be told to find here: of the local network, so no secure context.
        hosts = f"127.0.0.1,localhost,[::1],{LAN_HOST}"
        furnished = furnish(folder, access="open", allowed_hosts=hosts, **mail)
        furnished.office = office
        with installations.running(furnished.installation):
            yield furnished


@pytest.fixture
def pair(house: House, playwright: Playwright, home: Path) -> Iterator[Pair]:
    """Two phones of one new listener, both signed in."""
    with contextlib.ExitStack() as stack:
        yield Pair(house, playwright, home, stack)


@pytest.fixture(params=["chromium", "firefox"])
def browser_name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def home() -> Iterator[Path]:
    """A fresh folder with a short name: Chromium makes sockets in it, whose paths may have 107 characters."""
    folder = Path(tempfile.mkdtemp(prefix="alpheus-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)
