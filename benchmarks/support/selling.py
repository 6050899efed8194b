"""Times the storefront's pages of the installation in the environment, which must be empty; prints milliseconds by what was asked.

`python -m benchmarks.support.selling` makes shops in bulk, with releases, genres and prices. Answers are made in this
process, without a network.
"""

# ruff: noqa: E402 - Django must know its settings before its models are read
import json
import os
import re
import sys
import time
from datetime import timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alpheus.config.django")
django.setup()

from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from alpheus.catalogue.models import (
    ArtistCredit,
    Asset,
    CreditedArtist,
    Genre,
    Medium,
    Recording,
    Release,
    Track,
)
from alpheus.parties.models import Account, Artist
from alpheus.shops import indexing
from alpheus.shops.models import Piece, Shop
from alpheus.shops.offers.models import Offer, Price, PriceAmount
from benchmarks.support.in_process import answer_here
from benchmarks.support.library import settle

COUNT = int(os.environ.get("BENCH_SHOPS", "5000"))
EACH, GENRES, REPEATS, AT_ONCE = 2, 40, 20, 2_000
COUNTRIES = ("CN", "JP", "KR", "DE", "BR")
NOW = timezone.now()


def main() -> None:
    """Make, measure, print."""
    call_command("migrate", verbosity=0)
    began = time.perf_counter()
    shops = _shops()
    releases = _releases(shops)
    indexing.rebuild()
    settle()
    answer_here()
    print(f"{COUNT} shops were made in {time.perf_counter() - began:.0f} s.", file=sys.stderr)
    print(json.dumps(_measured(releases[-1])))


def _shops() -> list[Shop]:
    accounts = Account.objects.bulk_create(
        (Account(email=f"musician{n}@example.org", name=f"Musician {n}", password="!") for n in range(COUNT)),
        batch_size=AT_ONCE,
    )
    artists = Artist.objects.bulk_create(
        (Artist(name=f"Band {n}", sort_name=f"band {n}", language="en") for n in range(COUNT)),
        batch_size=AT_ONCE,
    )
    return Shop.objects.bulk_create(
        (
            Shop(
                owner=accounts[n], artist=artists[n], state=Shop.State.OPEN, handle=f"band-{n}", name=f"Band {n}",
                country=COUNTRIES[n % len(COUNTRIES)], loved=n * 7 % 400, opened_at=NOW - timedelta(minutes=n),
            )
            for n in range(COUNT)
        ),
        batch_size=AT_ONCE,
    )  # fmt: skip


def _releases(shops: list[Shop]) -> list[Release]:
    """Singles, each with its piece and the prices of both."""
    asset = Asset.objects.create(
        key="0" * 32, source_sha256="0" * 64, state=Asset.State.READY, rate_hz=44_100, samples=8_000_000
    )
    genres = Genre.objects.bulk_create(Genre(name=f"Genre {n}", slug=f"genre-{n}") for n in range(GENRES))
    total = COUNT * EACH
    credits_ = ArtistCredit.objects.bulk_create(ArtistCredit(name=it.name) for it in shops)
    CreditedArtist.objects.bulk_create(
        CreditedArtist(credit=credit, artist=shop.artist, position=0, name=shop.name)
        for credit, shop in zip(credits_, shops, strict=True)
    )
    recordings = Recording.objects.bulk_create(
        (Recording(title=f"Song {n}", credit=credits_[n % COUNT], asset=asset) for n in range(total)),
        batch_size=AT_ONCE,
    )
    releases = Release.objects.bulk_create(
        (
            Release(title=f"Song {n}", sort_title=f"song {n}", credit=credits_[n % COUNT], type="single")
            for n in range(total)
        ),
        batch_size=AT_ONCE,
    )
    Release.genres.through.objects.bulk_create(
        (Release.genres.through(release=it, genre=genres[n % GENRES]) for n, it in enumerate(releases)),
        batch_size=AT_ONCE,
    )
    media = Medium.objects.bulk_create(
        (Medium(release=it, position=1) for it in releases), batch_size=AT_ONCE
    )
    pairs = list(zip(releases, recordings, strict=True))
    Track.objects.bulk_create(
        (
            Track(medium=media[n], position=1, title=one.title, credit=credits_[n % COUNT], recording=one)
            for n, (_, one) in enumerate(pairs)
        ),
        batch_size=AT_ONCE,
    )
    Piece.objects.bulk_create(
        (
            Piece(shop=shops[n % COUNT], recording=one, release=release, position=n // COUNT)
            for n, (release, one) in enumerate(pairs)
        ),
        batch_size=AT_ONCE,
    )
    _prices(shops, pairs)
    return releases


def _prices(shops: list[Shop], pairs: list[tuple[Release, Recording]]) -> None:
    rows = [Offer(shop=shops[n % COUNT], release=release) for n, (release, _) in enumerate(pairs)]
    rows += [Offer(shop=shops[n % COUNT], recording=one) for n, (_, one) in enumerate(pairs)]
    offers = Offer.objects.bulk_create(rows, batch_size=AT_ONCE)
    prices = Price.objects.bulk_create(
        (Price(offer=it, number=1, kind="fixed", since=NOW) for it in offers), batch_size=AT_ONCE
    )
    PriceAmount.objects.bulk_create(
        (PriceAmount(price=it, currency="CNY", minor=80, is_base=True) for it in prices), batch_size=AT_ONCE
    )


def _measured(release: Release) -> dict[str, list[float]]:
    """Milliseconds of each page, asked for again and again."""
    client = Client()
    page = client.get("/shops").content.decode()
    further = re.search(r'href="(/shops\?cursor=[^"]+)"', page)
    if further is None:
        raise RuntimeError("the list has one page only: make more shops")
    asked = {
        "the newest shops": "/shops",
        "the page after": further[1].replace("&amp;", "&"),
        "the most loved": "/shops?sort=loved",
        "of a genre": "/shops?genre=genre-7",
        "of a genre and a country": "/shops?genre=genre-7&country=JP",
        "a shop": "/@band-7",
        "a release with its price": f"/release/{release.gid}",
        "a search that finds shops": "/search?q=band+49",
    }
    return {what: [_timed(client, path) for _ in range(REPEATS)] for what, path in asked.items()}


def _timed(client: Client, path: str) -> float:
    began = time.perf_counter()
    answer = client.get(path)
    took = (time.perf_counter() - began) * 1000
    if answer.status_code != 200:
        raise RuntimeError(f"{path}: {answer.status_code}")
    return took


if __name__ == "__main__":
    main()
