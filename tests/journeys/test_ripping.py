"""What a program gets that holds valid grants and asks for everything: lead, seek budget and real time, no more."""

import base64
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from journeys import installation as installations
from journeys.client import Guest, greedy
from journeys.conftest import furnish
from journeys.recordings import RATE_HZ

from alpheus.packaging.segments import decrypt

pytestmark = pytest.mark.journey

LEAD_SECONDS, SEEK_SECONDS = (
    20.0,
    60.0,
)  # ALPHEUS_LEAD_SECONDS and ALPHEUS_SEEK_SECONDS as they are by default
PACE = 1.1  # real time, and the seek budget's refill of a tenth
ALL = ("aac-128", "aac-64", "aac-256", "flac")


@pytest.fixture
def everything(house):
    return [house.recording(piece.title) for piece in [*house.album, house.long]]


def music_there_is(house):
    return sum(len(piece.left) for piece in [*house.album, house.long]) / RATE_HZ * len(ALL)


def bound(elapsed):
    return LEAD_SECONDS + SEEK_SECONDS + PACE * elapsed


def test_one_stream_gets_no_more_than_lead_and_seek_budget(house, everything):
    began = time.monotonic()
    stream = Guest(house.url).play(everything)
    stream.more_grants(everything)
    greedy(stream, seconds=8, renditions=ALL)
    most = bound(time.monotonic() - began)
    assert most < music_there_is(house) / 2, "there is too little music for this to prove anything"
    assert LEAD_SECONDS * 0.5 < stream.music_seconds() <= most


def test_twenty_streams_of_one_account_get_no_more_than_one(house, everything):
    guest = Guest(house.url)
    began = time.monotonic()
    streams = [guest.play(everything[number % 13 :] + everything[: number % 13]) for number in range(20)]
    with ThreadPoolExecutor(20) as pool:
        list(pool.map(lambda stream: greedy(stream, seconds=8, renditions=ALL), streams))
    most = bound(time.monotonic() - began)
    assert len({stream.id for stream in streams}) == 20
    assert sum(stream.music_seconds() for stream in streams) <= most


def test_what_is_released_opens_and_nothing_else_does(house, everything):
    stream = Guest(house.url).play(everything[:1])
    (key, releases), *_ = stream.released.items()
    release = releases[0]
    status, cipher = stream.fetch(release)
    assert status == 200
    plain = decrypt(cipher, base64.b64decode(release["key"]), base64.b64decode(release["iv"]))
    assert plain[4:8] == b"moof"
    assert stream.seconds_of(key) > 3
    name, _, token = release["url"].removeprefix("/s/").partition("?t=")
    other = name[:-1] + ("A" if name[-1] != "A" else "B")
    for url, expected in (
        (f"/s/{other}?t={token}", {403, 404}),
        (f"/s/{name}", {403}),
        (f"/s/{name}?t={token[:-1]}{'A' if token[-1] != 'A' else 'B'}", {403}),
    ):
        status, body = stream.fetch({"url": url})
        assert status in expected
        assert b"moof" not in body
        assert len(body) < 2_000


def test_last_epochs_names_and_keys_open_nothing_after_the_grace(tmp_path_factory):
    house = furnish(tmp_path_factory.mktemp("epochs") / "data", epoch_grace_seconds="2")
    with installations.running(house.installation):
        recording = house.recording(house.album[0].title)
        stream = Guest(house.url).play([recording])
        key, (old, *_) = next(iter(stream.released.items()))
        assert stream.fetch(old)[0] == 200
        house.installation.command("turn-epoch")
        until = time.monotonic() + 30
        while (answer := stream.fetch(old))[0] == 200:
            assert time.monotonic() < until, "the last epoch's names still open after its grace"
            time.sleep(0.25)
        assert answer[0] in {404, 410}
        wants = [{"grant": key[0], "rendition": key[1], "segment": key[2]}]
        assert stream.post(wants).status == 200
        new = stream.released[key][-1]
        assert new["epoch"] != old["epoch"]
        assert {new["url"], new["key"], new["iv"]}.isdisjoint({old["url"], old["key"], old["iv"]})
        status, cipher = stream.fetch(new)
        assert status == 200
        assert not opens(cipher, old)
        assert opens(cipher, new)


def opens(cipher, release):
    try:
        plain = decrypt(cipher, base64.b64decode(release["key"]), base64.b64decode(release["iv"]))
    except ValueError:
        return False
    return plain[4:8] == b"moof"


@pytest.fixture(scope="module")
def house_by_right(tmp_path_factory):
    house = furnish(
        tmp_path_factory.mktemp("rights") / "data",
        access="by_right",
        preview_seconds="8",
        lead_seconds="500",
    )
    with installations.running(house.installation):
        yield house


def test_a_guest_without_right_gets_the_one_preview_window(house_by_right):
    house = house_by_right
    recording = house.recording(house.long.title)
    windows, heard = set(), set()
    for guest, position_ms in ((Guest(house.url), 0), (Guest(house.url), 30_000)):
        stream = guest.play([recording], position_ms=position_ms)
        (grant,) = stream.grants.values()
        assert grant["preview"] is True
        for first in (0, 3, 6, 11):
            wants = [{"grant": grant["id"], "rendition": name, "segment": first} for name in ALL]
            answer = stream.post(wants)
            assert answer.status == 200 or answer.body["code"] in {"outside_window", "over_budget"}, answer
        track = stream.tracks[grant["id"], "aac-128"]
        windows.add(tuple(track["window"]))
        heard |= {segment for _, _, segment in stream.released}
    ((begin, end),) = windows
    assert end - begin <= 8 * RATE_HZ
    delay, length = track["delay_samples"], track["segment_samples"]
    inside = {
        segment
        for segment in range(track["segments"])
        if segment * length - delay < end and (segment + 1) * length - delay > begin
    }
    assert heard
    assert heard <= inside
