"""Times every list and page of the installation in the environment, and search as one types; prints milliseconds by what was asked.

`python -m benchmarks.support.browsing LIBRARY QUERIES` makes the library, writes its names and the queries there, and prints
{"search": {query: ms}, "paths": {path: [ms, ...]}, "rss": MiB}. Answers are made in this process, without a network.
"""

# ruff: noqa: E402 - Django must know its settings before its models are read
import base64
import json
import os
import resource
import sys
import time
from pathlib import Path
from urllib.parse import urlencode

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alpheus.config.django")
django.setup()

from django.db.models import Model
from django.test import Client

from alpheus.api.limits import METER
from alpheus.catalogue.models import Genre, Recording, Release, Track
from alpheus.parties.models import Artist, Label
from alpheus.values import cursor as cursors
from benchmarks.support import library
from benchmarks.support.in_process import answer_here

REPEATS = 10
TYPED = (
    "night love", "moonlight", "the dream", "golden", "周杰倫", "zhoujielun", "zhou jie", "夜曲", "王", "ひかる", "hikaru",
    "ソラ", "봄날", "ㄱㅁㅅ", "bangtan", "zima", "beatels", "midnihgt", "silvre river", "nothing is called so",
)  # fmt: skip
LISTS: dict[str, tuple[type[Model], str]] = {
    "releases": (Release, "created_at"),
    "releases?sort=title": (Release, "sort_title"),
    "releases?sort=date": (Release, "released"),
    "recordings": (Recording, "created_at"),
    "recordings?sort=title": (Recording, "sort_title"),
    "artists": (Artist, "sort_name"),
    "artists?sort=newest": (Artist, "created_at"),
    "labels": (Label, "sort_name"),
}
"""Lists of pages and of the API alike, and by what they go."""
NARROWED = (
    "releases?sort=title&start=m", "releases?sort=date&start=2001", "recordings?sort=title&start=s", "artists?start=t",
    "labels?start=k", "recordings?q=a", "recordings?sort=title&q=s", "recordings?sort=title&q=night+love", "recordings?q=ye",
    "recordings?sort=title&q=nothing+is+called+so", "releases?sort=title&q=the", "releases?q=夜", "artists?q=a", "artists?q=zhou",
    "labels?q=s", "genres?q=a", "years?q=19",
)  # fmt: skip
"""Lists that begin at an initial or a year, and lists of what words find: many things, few, and none."""


def main() -> None:
    """Make, measure, print."""
    names, queries = map(Path, sys.argv[1:])
    began = time.perf_counter()
    library.make(library.Size.from_environment())
    print(f"The library was made in {time.perf_counter() - began:.0f} s.", file=sys.stderr)
    _write_names(names)
    asked = [text[:end] for text in TYPED for end in range(1, len(text) + 1)]
    queries.write_text(json.dumps(asked))
    answer_here()
    client = Client()
    _timed(client, "/api/v1/search?q=a")
    typed = {
        text: _timed(client, "/search?" + urlencode({"q": text}), {"HX-Target": "div#found"})
        for text in asked
    }
    api = {text: _timed(client, "/api/v1/search?" + urlencode({"q": text})) for text in asked}
    paths = {path: [_timed(client, path) for _ in range(REPEATS + 1)][1:] for path in _paths(client)}
    rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({"search": typed, "api": api, "paths": paths, "rss": rss}))


def _write_names(path: Path) -> None:
    rows = Track.objects.select_related("medium__release__credit").order_by("pk")
    with path.open("w") as out:
        for row in rows.iterator(2_000):
            release = row.medium.release
            out.write(json.dumps([release.credit.name, release.title, row.title, row.position]) + "\n")


def _paths(client: Client) -> list[str]:
    """Every list at its beginning and in its depth, and things with very much on them."""
    paths = ["/", "/search", "/genres", "/years", "/api/v1/genres", "/api/v1/years"]
    for name, (model, field) in LISTS.items():
        after = _deep(client, f"/api/v1/{name}", model, field)
        sign = "&" if "?" in name else "?"
        deep = [f"{name}{sign}cursor={after}"] if after else []
        paths += [f"{face}{path}" for face in ("/", "/api/v1/") for path in (name, *deep)]
    paths += [f"{face}{path}" for face in ("/", "/api/v1/") for path in NARROWED]
    genre, label = Genre.objects.first(), Label.objects.first()
    paths += [f"/genre/{genre.slug}", f"/api/v1/releases?genre={genre.slug}"] if genre else []
    paths += [f"/label/{label.gid}", f"/api/v1/releases?label={label.gid}"] if label else []
    paths += ["/year/2020", "/api/v1/releases?year=2020"]
    credit = Release.objects.order_by("credit").values_list("credit", flat=True).first()
    busiest = Artist.objects.get(credits__credit=credit)
    for kind, gid in (
        ("release", Release.objects.first().gid),
        ("recording", Recording.objects.first().gid),
        ("artist", busiest.gid),
    ):
        paths += [f"/{kind}/{gid}", f"/api/v1/{kind}s/{gid}"]
    return paths


def _deep(client: Client, path: str, model: type[Model], field: str) -> str:
    """The cursor nine tenths down a list; empty when it has one page."""
    first = client.get(path).json()["next"]
    if first is None:
        return ""
    ordering = json.loads(base64.urlsafe_b64decode(first + "=" * (-len(first) % 4)))[0]
    descending = field in {"created_at", "released"}
    rows = model._default_manager.order_by(("-" if descending else "") + field)  # noqa: SLF001 - Django's own name for it
    row = rows[rows.count() * 9 // 10]
    return cursors.encode(ordering, (getattr(row, field), row.pk))


def _timed(client: Client, path: str, headers: dict[str, str] | None = None) -> float:
    METER._empty_at.clear()  # noqa: SLF001 - the quota of one caller is not what is measured
    began = time.perf_counter()
    answer = client.get(path, headers=headers or {})
    took = (time.perf_counter() - began) * 1000
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status_code}: {answer.content[:300]!r}")
    return took


if __name__ == "__main__":
    main()
