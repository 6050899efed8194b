"""Lists by name in the order of whoever reads them, page by page, on either database."""

from datetime import UTC, datetime
from uuid import UUID

import music
import pytest

from alpheus.catalogue import lists
from alpheus.catalogue.credits import Credited
from alpheus.catalogue.facts import RecordingFacts, ReleaseFacts
from alpheus.catalogue.models import Recording, Release
from alpheus.catalogue.register_recording import register_recording
from alpheus.catalogue.register_release import register_release
from alpheus.values.errors import CursorInvalid

pytestmark = pytest.mark.django_db

NAMES = ["Beyond", "周杰倫", "汪峰", "王菲", "スピッツ", "あいみょん", "아이유", "방탄소년단", "嵐"]
EXPECTED = {
    "en": ["あいみょん", "아이유", "방탄소년단", "Beyond", "嵐", "スピッツ", "王菲", "汪峰", "周杰倫"],
    "zh": ["あいみょん", "아이유", "방탄소년단", "Beyond", "嵐", "スピッツ", "汪峰", "王菲", "周杰倫"],
    "ja": ["あいみょん", "スピッツ", "周杰倫", "嵐", "汪峰", "王菲", "아이유", "방탄소년단", "Beyond"],
    "ko": ["방탄소년단", "아이유", "あいみょん", "Beyond", "嵐", "スピッツ", "王菲", "汪峰", "周杰倫"],
}


def paged(read, reader, *, readers=()):
    """All rows two by two; each further page may be asked for by who reads something else."""
    found, cursor = [], None
    others = list(readers)
    while True:
        page = read(cursor=cursor, size=2, reader=others.pop(0) if cursor and others else reader)
        found += page.rows
        if page.next is None:
            return found
        cursor = page.next


@pytest.fixture
def library(db):
    now = datetime(2027, 3, 1, tzinfo=UTC)
    for name in NAMES:
        facts = RecordingFacts(title=name, credit=(Credited(name),))
        asset = music.recording(f"sound of {name}").asset
        register_recording(facts=facts, asset=asset, now=now)
        register_release(
            facts=ReleaseFacts(title=name, credit=(Credited(name),), label=name, genres=(name,)), now=now
        )
    Recording.objects.filter(title__startswith="sound of").delete()


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize("reader", list(EXPECTED))
def test_every_list_by_name_is_in_the_readers_order(reader):
    by_name = {
        "artists": lists.artists,
        "labels": lists.labels,
        "releases": lambda **given: lists.releases(sort="title", **given),
        "recordings": lambda **given: lists.recordings(sort="title", **given),
    }
    for name, read in by_name.items():
        assert [getattr(row, "title", "") or row.name for row in paged(read, reader)] == EXPECTED[reader], (
            name
        )


@pytest.mark.usefixtures("library")
def test_another_language_meanwhile_repeats_nothing_and_leaves_nothing_out():
    found = paged(lists.artists, "ja", readers=["en", "ko", "zh"])
    assert [row.name for row in found] == EXPECTED["ja"]


@pytest.mark.usefixtures("library")
def test_a_cursor_of_another_list_is_refused():
    cursor = lists.labels(size=2, reader="ja").next
    with pytest.raises(CursorInvalid):
        lists.artists(cursor=cursor, reader="ja")


def test_a_reading_that_a_tag_tells_is_what_kana_go_by(db):
    now = datetime(2027, 3, 1, tzinfo=UTC)
    facts = RecordingFacts(title="光", sort_title="ひかり", language="ja", credit=(Credited("宇多田ヒカル"),))
    row = register_recording(facts=facts, asset=None, now=now)
    assert row.sort_ja.startswith("1ひかり")
    row = register_recording(
        facts=RecordingFacts(title="光", language="ja", credit=()), asset=None, now=now, recording=row
    )
    assert row.sort_ja == "2光"


def test_names_without_letters_are_paged_too(db):
    for title in ("👨\u200d👩\u200d👧", "!!!", "★", "\u200d", "م\u200cن"):
        music.release(title)
    rows = Release.objects.all()
    assert len(paged(lambda **given: lists.releases(sort="title", **given), "ja")) == rows.count()
    assert all(isinstance(row.gid, UUID) for row in rows)
