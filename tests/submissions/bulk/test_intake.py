"""From a sheet to drafts: laid out, corrected, filled from folders and zips, handed in; and what is begun again changes nothing twice."""

import io
import struct
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from applying import LINK, NOW, account, give_sound, release_of
from journeys.recordings import RATE_HZ, Piece, compose, write_flac
from judging import hear_and_accept
from labels import join, label_of, open_label
from music import release as music_release
from opened_shop import opened

from alpheus.shops.brand.models import Rostered
from alpheus.shops.brand.roster import add_artist
from alpheus.shops.errors import NotYours, RoleRefused
from alpheus.shops.offers.ask_first import ask_first
from alpheus.shops.offers.queries import offers_of
from alpheus.shops.offers.rules import Asked
from alpheus.shops.offers.rules import Kind as Asks
from alpheus.shops.offers.set_prices import set_prices
from alpheus.submissions import claim
from alpheus.submissions.bulk import bring_sheet as bringing
from alpheus.submissions.bulk import lay_out as laying_out
from alpheus.submissions.bulk import sources, unpack
from alpheus.submissions.bulk.begin_zip import begin_zip
from alpheus.submissions.bulk.bring_sheet import bring_sheet
from alpheus.submissions.bulk.drop_intake import drop_intake
from alpheus.submissions.bulk.errors import FolderUnfit, IntakeUnknown, NotWhileWorking, SheetUnreadable
from alpheus.submissions.bulk.files import figures, sort_files
from alpheus.submissions.bulk.hand_in_all import hand_in_all, hand_in_portion
from alpheus.submissions.bulk.lay_out import lay_out
from alpheus.submissions.bulk.models import Entry, Intake
from alpheus.submissions.bulk.rules import Wrong
from alpheus.submissions.bulk.sources import Folder, opened_zip
from alpheus.submissions.bulk.take_files import take_files
from alpheus.submissions.bulk.whose import may_hand_in, rostered_by_name
from alpheus.submissions.errors import QuotaUsedUp, ShopMissing
from alpheus.submissions.hand_in import hand_in, missing
from alpheus.submissions.models import Submission, Track, Upload
from alpheus.submissions.publish_due import publish
from alpheus.submissions.rules import Missing, State
from alpheus.submissions.terms import terms
from alpheus.submissions.upload import file_of, finish_upload
from alpheus.submissions.upload_file import DiskFull
from alpheus.values.money import Currency, Money

pytestmark = pytest.mark.django_db
HEAD = "File,Title,Release,Release artist,Track,ISRC,Cover,AI"
SHEET = f"""{HEAD}
1.wav,夜明け,潮汐集,潮汐,1,JPABC2600001,cover.png,none
2.wav,汽笛,潮汐集,潮汐,2,,,
x/3.wav,港,港,潮汐,,,,
"""


@pytest.fixture
def shop(applicant, auditor):
    return opened(applicant, auditor)


def clock():
    return NOW


def brought(shop, text=SHEET, **more):
    return bring_sheet(account=shop.owner, data=text.encode(), name="/a/tide.csv", now=NOW, **more)


def laid_out(shop, text=SHEET, **more):
    row = brought(shop, text, **more)
    while lay_out(intake=row.pk, terms=terms(), now=clock):
        pass
    row.refresh_from_db()
    return row


def drafts():
    rows = Submission.objects.filter(kind="release").order_by("pk")
    return {it.title: [track.title for track in it.tracks.all()] for it in rows}


def zip_for(row, entries):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return sent(row, made.getvalue())


def sent(row, data):
    upload = begin_zip(
        account=row.account,
        gid=row.gid,
        length=len(data),
        filename="a.zip",
        metadata="",
        terms=terms(),
        now=NOW,
    )
    with file_of(upload, terms()).writing() as writing:
        writing.append(data)
        writing.flush()
    finish_upload(upload=upload)
    return upload


@pytest.fixture
def quick(monkeypatch):
    """Sound is made of a file without the seconds that ingest takes; what it does is tested in its own place."""
    taken = []

    def take(*, upload, terms, now):
        row = Upload.objects.select_related("track").get(pk=upload)
        taken.append(file_of(row, terms).path.read_bytes())
        file_of(row, terms).remove()
        if taken[-1].startswith(b"bad"):
            Upload.objects.filter(pk=upload).update(state="refused", trouble="unreadable")
            return True
        give_sound(row.track)
        Upload.objects.filter(pk=upload).update(state="taken")
        return True

    monkeypatch.setattr("alpheus.submissions.bulk.take_files.take_in_upload", take)
    return taken


def test_a_sheet_becomes_drafts_and_again_nothing_twice(shop):
    row = laid_out(shop)
    assert (row.state, row.name, row.rows, row.releases) == ("open", "tide.csv", 3, 2)
    assert drafts() == {"潮汐集": ["夜明け", "汽笛"], "港": ["港"]}
    first = Track.objects.get(title="夜明け")
    assert (first.isrc, first.submission.ai, first.submission.by_hand) == ("JPABC2600001", "none", True)
    before = set(Track.objects.values_list("gid", flat=True))
    laid_out(shop, gid=row.gid)
    assert set(Track.objects.values_list("gid", flat=True)) == before
    assert Intake.objects.count() == 1


def test_of_a_label_it_is_by_who_is_on_the_roster_and_by_who_works_there():
    owner, editor = account("boss"), account("editor")
    shop = label_of(owner)
    join(shop, owner, editor, "editor")
    keeper = account("keeper")
    join(shop, owner, keeper, "bookkeeper")

    def brought_by(who, **more):
        return bring_sheet(account=who, shop=shop.gid, data=SHEET.encode(), name="tide.csv", now=NOW, **more)

    row = brought_by(editor)
    _, found = bringing.checked(row)
    assert {it.wrong for it in found} == {Wrong.ARTIST}
    add_artist(by=owner, shop=shop.gid, name="潮汐", now=NOW)
    row = brought_by(editor, gid=row.gid)
    while lay_out(intake=row.pk, terms=terms(), now=clock):
        pass
    made = Submission.objects.filter(kind="release")
    assert {(it.shop, it.artist.name, it.account) for it in made} == {(shop, "潮汐", editor)}
    with pytest.raises(RoleRefused):
        brought_by(keeper)
    with pytest.raises(NotYours):
        brought_by(account("stranger"))


def test_of_a_long_roster_only_names_are_read_and_only_once(monkeypatch, django_assert_num_queries):
    owner = account("boss")
    shop = label_of(owner)
    for name in ("潮汐", "Ebb", "Wren"):
        add_artist(by=owner, shop=shop.gid, name=name, now=NOW)
    read = []
    plain = Rostered.from_db.__func__
    monkeypatch.setattr(
        Rostered, "from_db", classmethod(lambda cls, *row: read.append(1) or plain(cls, *row))
    )
    assert rostered_by_name(shop, " ＥＢＢ").name == "Ebb"
    assert rostered_by_name(shop, "Nobody") is None
    assert len(read) == 1
    with django_assert_num_queries(1):
        may = may_hand_in(shop)
        assert [may(it) for it in ("潮汐", "ＥＢＢ", "Nobody")] == [True, True, False]
    assert len(read) == 1


def test_a_corrected_sheet_keeps_what_was_sent_and_drops_what_is_not_named(shop):
    row = laid_out(shop)
    kept = Track.objects.get(title="汽笛")
    give_sound(kept)
    fixed = f"{HEAD}\n2.WAV,汽笛 (live),夜,潮汐,1,,,\n4.wav,新,夜,潮汐,2,,,\n"
    laid_out(shop, fixed, gid=row.gid)
    kept.refresh_from_db()
    assert (kept.title, kept.submission.title, kept.recording_id is not None) == ("汽笛 (live)", "夜", True)
    assert drafts() == {"夜": ["汽笛 (live)", "新"]}, "drafts that have no rows any more are gone"
    assert Entry.objects.filter(intake=row).count() == 2


def test_nothing_is_made_of_a_sheet_with_faults(shop):
    row = brought(shop, SHEET.replace("JPABC2600001", "nonsense").replace(",港,潮汐", ",港,雀"))
    assert (row.state, drafts()) == ("faulty", {})
    _, found = bringing.checked(row)
    assert [(it.row, it.column.value) for it in found] == [(2, "ISRC"), (4, "Release artist")]
    with pytest.raises(NotWhileWorking):
        begin_zip(account=shop.owner, gid=row.gid, length=9, filename="", metadata="", terms=terms(), now=NOW)
    with pytest.raises(SheetUnreadable):
        brought(shop, "nothing", gid=row.gid)


def test_whose_it_is(shop, auditor):
    row = laid_out(shop)
    with pytest.raises(ShopMissing):
        bring_sheet(account=auditor, data=SHEET.encode(), name="x", now=NOW)
    for verb in (
        lambda: begin_zip(
            account=auditor, gid=row.gid, length=9, filename="", metadata="", terms=terms(), now=NOW
        ),
        lambda: hand_in_all(account=auditor, gid=row.gid, declared={}, link=LINK, now=NOW),
        lambda: drop_intake(account=auditor, gid=row.gid, terms=terms()),
    ):
        with pytest.raises(IntakeUnknown):
            verb()


def test_ten_thousand_rows_are_laid_out_in_portions(shop, monkeypatch):
    monkeypatch.setattr(laying_out, "PORTION", 2)
    rows = [f"{n}.wav,Song {n},Album {n // 4},潮汐,,,,none" for n in range(40)]
    row = brought(shop, "\n".join([HEAD, *rows]))
    turns = 0
    while lay_out(intake=row.pk, terms=terms(), now=clock, portions=1):
        turns += 1
        row.refresh_from_db()
        assert row.done == 2 * turns
        assert Submission.objects.filter(kind="release").count() == 2 * turns, "no more than was told"
    assert (turns, Track.objects.filter(entry__intake=row).count()) == (4, 40)


def test_files_are_told_apart(shop):
    row = laid_out(shop)
    told = sort_files(
        row, ["Top/1.WAV", "Top/2.wav", "Top/y/2.wav", "Top/left.txt.wav", "Top/COVER.png", "a.csv"]
    )
    assert {(it.path, it.track is None) for it in told.places} == {
        ("Top/1.WAV", False),
        ("Top/COVER.png", True),
    }
    assert [it.file for it in told.missing] == ["x/3.wav"]
    assert (list(told.several), told.superfluous) == (["2.wav"], ("Top/left.txt.wav",))


def test_a_zip_is_taken_in_by_portions_and_goes(shop, quick, monkeypatch):
    monkeypatch.setattr(take_files, "__kwdefaults__", {**take_files.__kwdefaults__, "portion": 1})
    row = laid_out(shop)
    upload = zip_for(
        row, [("t/1.wav", b"one"), ("t/2.wav", b"bad"), ("t/x/3.wav", b"three"), ("t/y.wav", b"over")]
    )
    turns = 1
    while unpack.unpack(upload=upload.pk, terms=terms(), now=clock):
        turns += 1
    upload.refresh_from_db()
    row.refresh_from_db()
    assert (sorted(quick), turns, upload.state) == ([b"bad", b"one", b"three"], 3, "taken")
    assert (row.superfluous, figures(row).here, figures(row).refused) == ("t/y.wav", 2, 1)
    assert not list(terms().uploads.glob("*")), "nothing is left over"
    # The refused one comes again in another zip; what is here is not touched.
    again = zip_for(row, [("1.wav", b"other"), ("2.wav", b"two")])
    Upload.objects.filter(pk=again.pk).update(created_at=NOW + timedelta(minutes=1))
    assert unpack.unpack(upload=again.pk, terms=terms(), now=clock) is False
    assert (quick[3:], figures(row).here) == ([b"two"], 3)


def test_old_names_in_zips_are_read_by_what_the_sheet_says(shop, quick):
    row = laid_out(shop, f"{HEAD}\n雨夜.wav,雨夜,雨夜,潮汐,,,,\n")
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("QQQQ.wav", b"rain")
    data = made.getvalue().replace(b"QQQQ", "雨夜".encode("gb18030"))
    unpack.unpack(upload=sent(row, data).pk, terms=terms(), now=clock)
    assert quick == [b"rain"]


def bomb(row):
    """A zip whose one file says less than it is."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("1.wav", b"\0" * 5_000_000)
    return made.getvalue().replace(struct.pack("<L", 5_000_000), struct.pack("<L", 1000))


def locked():
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("1.wav", b"x")
    data = bytearray(made.getvalue())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def linked():
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        link = zipfile.ZipInfo("1.wav")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
        for name in ("/2.wav", "../2.wav", "a/../../2.wav"):
            archive.writestr(name, b"out")
        nested = io.BytesIO()
        with zipfile.ZipFile(nested, "w") as inner:
            inner.writestr("2.wav", b"nested")
        archive.writestr("in.zip", nested.getvalue())
        archive.mkdir("x/3.wav")
    return made.getvalue()


def listed(count):
    """A zip whose end says that its list is larger than any."""
    return b"PK\x05\x06" + struct.pack("<4H2LH", 0, 0, 9, 9, count, 0, 0)


@pytest.mark.parametrize(
    ("data", "state", "unfit"),
    [
        (b"no zip at all", "refused", ""),
        (b"PK\x03\x04" + b"\0" * 50, "refused", ""),
        (listed(2**31), "refused", ""),
        (listed(2**32 - 1), "refused", ""),
        (linked(), "taken", ""),
        (locked(), "taken", ""),
        (bomb(None), "taken", "1.wav"),
    ],
    ids=["text", "cut", "list bomb", "list of 64 bits", "links and ways out", "locked", "lies about length"],
)
def test_hostile_zips_come_to_nothing(shop, quick, data, state, unfit):
    row = laid_out(shop)
    upload = sent(row, data)
    assert unpack.unpack(upload=upload.pk, terms=terms(), now=clock) is False
    upload.refresh_from_db()
    row.refresh_from_db()
    assert (upload.state, row.unfit, quick) == (state, unfit, [])
    assert not list(terms().uploads.glob("*")), "nothing is left over"
    assert figures(row).here == 0
    assert not Upload.objects.filter(track__entry__intake=row).exists()


def test_what_would_be_many_times_as_large_is_not_unpacked(shop, quick, monkeypatch, tmp_path):
    monkeypatch.setattr(sources, "ALWAYS_FITS", 1000)
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("1.wav", b"\0" * 1_000_000)
    with pytest.raises(FolderUnfit), opened_zip(path, wanted=["1.wav"]):
        pass
    monkeypatch.setattr(sources, "FILES_MAX", 0)
    with pytest.raises(FolderUnfit), opened_zip(path, wanted=["1.wav"]):
        pass


def test_ten_thousand_small_files_that_nobody_names_are_only_told_of(shop, quick):
    row = laid_out(shop)
    upload = zip_for(row, [(f"{n}.bin", b"") for n in range(10_000)])
    assert unpack.unpack(upload=upload.pk, terms=terms(), now=clock) is False
    row.refresh_from_db()
    assert (len(row.superfluous.splitlines()), quick) == (500, [])


def test_a_full_disk_loses_nothing_and_goes_on(shop, quick, monkeypatch):
    row = laid_out(shop)
    upload = zip_for(row, [("1.wav", b"one"), ("2.wav", b"two")])
    from alpheus.submissions.upload_file import Writing

    real = Writing.append

    def full(self, data):
        if data == b"two":
            raise DiskFull
        real(self, data)

    monkeypatch.setattr(Writing, "append", full)
    with pytest.raises(DiskFull):
        unpack.unpack(upload=upload.pk, terms=terms(), now=clock)
    monkeypatch.setattr(Writing, "append", real)
    assert unpack.unpack(upload=upload.pk, terms=terms(), now=clock) is False
    assert (quick, figures(row).here) == ([b"one", b"two"], 2)


def test_a_zip_has_as_much_room_as_its_account(shop, settings):
    row = laid_out(shop)
    with pytest.raises(QuotaUsedUp):
        begin_zip(
            account=shop.owner, gid=row.gid, length=terms().account_bytes_max + 1, filename="", metadata="",
            terms=terms(), now=NOW,
        )  # fmt: skip


@pytest.mark.slow
def test_a_folder_with_real_sound_and_art(shop, tmp_path):
    row = laid_out(shop)
    folder = tmp_path / "music"
    (folder / "x").mkdir(parents=True)
    made = write_flac(Piece("", "", 1, compose(7, 4 * RATE_HZ)), tmp_path)
    made.rename(folder / "1.wav")
    (folder / "x" / "3.wav").write_bytes(b"RIFF nothing")
    (folder / "cover.png").write_bytes(b"<svg onload=alert(1)>")
    (folder / "2.wav").symlink_to("/etc/passwd")
    source = Folder(folder)
    assert take_files(intake=row, source=source, since=NOW, terms=terms(), now=clock) is False
    first = Track.objects.get(title="夜明け")
    assert (first.recording_id is not None, first.title, first.isrc) == (True, "夜明け", "JPABC2600001")
    told = figures(row)
    assert (told.here, told.refused, row.unfit) == (1, 1, "cover.png")
    assert [it.file for it in sort_files(row, source.paths()).missing] == ["2.wav"]
    # Again: what was refused is tried anew in a new run, and what is here is not.
    later = NOW + timedelta(hours=1)
    assert take_files(intake=row, source=source, since=later, terms=terms(), now=lambda: later) is False
    assert first.uploads.count() == 1


def test_all_that_is_ready_is_handed_in_and_the_rest_stays(shop, mailoutbox):
    row = laid_out(shop)
    for track in Track.objects.filter(submission__title="潮汐集"):
        give_sound(track)
    declared = {"owns_recording": "on", "owns_composition": "on", "no_cover": "on", "ai": "assisted"}
    hand_in_all(account=shop.owner, gid=row.gid, declared=declared, link=LINK, now=NOW)
    with pytest.raises(NotWhileWorking):
        drop_intake(account=shop.owner, gid=row.gid, terms=terms())
    while hand_in_portion(intake=row.pk, now=clock):
        pass
    states = dict(Submission.objects.filter(kind="release").values_list("title", "state"))
    assert states == {"潮汐集": State.SUBMITTED, "港": State.DRAFT}
    assert Submission.objects.get(title="潮汐集").ai == "none", "what its rows say counts"
    assert figures(row).handed_in == 1
    # Handed in, it is left alone by the next sheet.
    laid_out(shop, SHEET.replace("夜明け", "changed"), gid=row.gid)
    assert Track.objects.filter(title="夜明け").exists()
    row.refresh_from_db()
    drop_intake(account=shop.owner, gid=row.gid, terms=terms())
    assert list(Submission.objects.filter(kind="release").values_list("title", flat=True)) == ["潮汐集"]


def test_another_shop_never_sees_it(shop):
    row = laid_out(shop)
    other = account("kite2")
    with pytest.raises(IntakeUnknown):
        bringing.own(other, row.gid)


PRICED = f"""{HEAD},Territories,Release price,Price
1.wav,夜明け,潮汐集,潮汐,1,,,,except KR,12.00 CNY,1
2.wav,汽笛,潮汐集,潮汐,2,,,,,,free
"""


def test_what_it_costs_and_where_it_is_offered_stands_in_the_drafts(shop):
    laid_out(shop, PRICED)
    draft = Submission.objects.get(kind="release")
    assert (draft.where, draft.territories, draft.price) == ("except", "KR", "12.00 CNY")
    assert [it.price for it in draft.tracks.all()] == ["1.00 CNY", "free"]


HEARD_EARLY = HEAD + ",Release date,Time zone,Previews from\n1.wav,夜明け,潮汐集,潮汐,1,,,,{cells}\n"


@pytest.mark.parametrize(
    ("cells", "kept"),
    [
        (
            "2026-12-01 18:00,Asia/Shanghai,2026-11-24 18:00",
            ("from", "2026-11-24T18:00", datetime(2026, 11, 24, 10, tzinfo=UTC)),
        ),
        ("2026-12-01,,accepted", ("accepted", "", None)),
        ("2026-12-01,,never", ("", "", None)),
        ("2026-12-01,,", ("accepted", "", None)),  # what the sheet does not say stays as it was typed
    ],
)
def test_from_when_on_previews_are_heard_stands_in_the_drafts_and_is_corrected(shop, cells, kept):
    row = laid_out(shop, HEARD_EARLY.format(cells="2026-12-01,,accepted"))
    laid_out(shop, HEARD_EARLY.format(cells=cells), gid=row.gid)
    draft = Submission.objects.get(kind="release")
    assert (draft.prelisten, draft.prelisten_local, draft.prelisten_at) == kept
    assert not {Missing.PRELISTEN, Missing.PRELISTEN_DUE} & set(missing(draft))


def test_what_its_sheet_asks_is_asked_once_it_appears_and_no_more(shop, auditor):
    row = release_of(shop.owner, ["雨", "风"])
    Submission.objects.filter(pk=row.pk).update(price="12.00 CNY")
    Track.objects.filter(pk=row.tracks.first().pk).update(price="free")
    hand_in(account=shop.owner, gid=row.gid, link=LINK, now=NOW)
    claim.take(auditor=auditor, gid=row.gid, now=NOW)
    release = hear_and_accept(auditor=auditor, gid=row.gid, words="", link=LINK, now=NOW).release
    recordings = [it.recording.gid for it in row.tracks.all()]
    found = offers_of([release.gid, *recordings])
    assert found[release.gid].asked == Asked(Asks.FIXED, Money(1200, Currency("CNY")))
    assert [found[it].asked.kind for it in recordings] == [Asks.FREE, Asks.FIXED]
    set_prices(owner=shop.owner, things=[release.gid], asked=Asked(Asks.FREE), now=NOW)
    publish(Submission.objects.get(pk=row.pk), now=NOW)
    assert offers_of([release.gid])[release.gid].asked == Asked(Asks.FREE)


def test_an_agreement_made_meanwhile_holds(auditor):
    boss = account("boss")
    label = open_label(boss)
    recording = music_release("Tide").media.get().tracks.first().recording
    price = Asked(Asks.FIXED, Money(200, Currency("CNY")))
    ask_first(shop=label, prices={recording: price}, now=NOW)
    assert offers_of([recording.gid]) == {}
