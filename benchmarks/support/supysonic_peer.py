"""Run by a Python that has supysonic: fills it with a library's names and times its own answers, in its own process.

`python supysonic_peer.py LIBRARY QUERIES FOLDER`, where LIBRARY has a JSON line per track: [artist, album, title, number].
Prints {"search": [milliseconds...], "lists": [milliseconds...], "rss": MiB}.
"""

import json
import resource
import sys
import time
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

from flask.testing import FlaskClient
from supysonic.config import DefaultConfig
from supysonic.db import db, init_database
from supysonic.managers.user import UserManager
from supysonic.web import create_application

SIGNED_IN = {"u": "listener", "p": "benchmark-listener", "c": "benchmark", "v": "1.12.0", "f": "json"}


def fill(library: Path) -> None:
    """Insert the library by SQL; scanning files that do not exist is not what is compared."""
    UserManager.add(
        "listener",
        "benchmark-listener",
        jukebox=False,
        admin=True,
        listenbrainz_status=False,
        lastfm_status=False,
    )
    artists, albums, tracks = {}, {}, []
    for line in library.read_text().splitlines():
        artist, album, title, number = json.loads(line)
        by = artists.setdefault(artist, uuid4().hex)
        on = albums.setdefault((artist, album), (uuid4().hex, len(albums) + 2))
        path = f"/music/{len(tracks)}.flac"
        row = [uuid4().hex, 1, number, title, 2020, "pop", 200, False, on[0], by, 900, path, path.encode()]
        tracks.append([*row, "2026-01-01 00:00:00", 0, 0, None, 1, on[1]])
    with db.atomic():
        folders = [(1, True, "music", "/music", b"/music", "2026-01-01 00:00:00", None, 0, None)]
        folders += [
            (at, False, album, f"/music/{at}", str(at).encode(), "2026-01-01 00:00:00", None, 0, 1)
            for (_, album), (_, at) in albums.items()
        ]
        _insert("folder", folders)
        _insert("artist", [(gid, name) for name, gid in artists.items()])
        _insert("album", [(gid, album, artists[artist]) for (artist, album), (gid, _) in albums.items()])
        _insert("track", tracks)


def _insert(table: str, rows: list) -> None:
    places = ",".join("?" * len(rows[0]))
    db.connection().executemany(f"INSERT INTO {table} VALUES ({places})", rows)


def timed(client: FlaskClient, path: str, **given: object) -> float:
    """Milliseconds of one answer."""
    address = f"/rest/{path}?{urlencode(SIGNED_IN | given)}"
    began = time.perf_counter()
    answer = client.get(address)
    took = (time.perf_counter() - began) * 1000
    assert answer.status_code == 200, answer.data
    assert json.loads(answer.data)["subsonic-response"]["status"] == "ok", answer.data
    return took


def main() -> None:
    """Fill, warm up, measure."""
    library, queries, folder = map(Path, sys.argv[1:])
    config = DefaultConfig()
    config.BASE = config.BASE | {"database_uri": f"sqlite:///{folder / 'supysonic.db'}"}
    config.WEBAPP = config.WEBAPP | {"cache_dir": str(folder), "mount_webui": False}
    app = create_application(config)
    init_database(config.BASE["database_uri"])
    fill(library)
    db.close()
    client = app.test_client()
    asked = json.loads(queries.read_text())
    counts = {"artistCount": 12, "albumCount": 12, "songCount": 12}
    offsets = [0, len(library.read_text().splitlines()) // 20]
    timed(client, "search3", query="a", **counts)
    found = [timed(client, "search3", query=query, **counts) for query in asked]
    lists = [
        timed(client, "getAlbumList2", type=kind, size=24, offset=offset)
        for kind in ("newest", "alphabeticalByName")
        for offset in offsets
        for _ in range(10)
    ]
    rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({"search": found, "lists": lists, "rss": rss}))


if __name__ == "__main__":
    main()
