"""Applicants and auditors, and drafts with a recording that is ready, for tests of several rooms."""

from datetime import UTC, datetime

from alpheus.catalogue.hold_recording import hold_recording
from alpheus.catalogue.models import Asset
from alpheus.parties.models import Account, StaffRole
from alpheus.submissions.begin import begin, begin_release
from alpheus.submissions.describe import describe
from alpheus.submissions.hand_in import hand_in
from alpheus.submissions.models import Track

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
LINK = "http://testserver/studio/x"
FIELDS = {
    "artist_name": "潮汐",
    "country": "cn",
    "title": "雨夜",
    "ai": "none",
    "owns_recording": "on",
    "owns_composition": "on",
    "no_cover": "on",
    "links": "tidal.example, https://x.example/潮汐",
}

DECLARED = ("ai", "owns_recording", "owns_composition", "no_cover")


PASSWORD = "a long password"


def account(name, role=None, locale=""):
    made = Account.objects.create_user(f"{name}@example.com", PASSWORD, name=name, locale=locale)
    if role:
        StaffRole.objects.create(account=made, role=role)
    return made


def give_sound(track, *, now=NOW):
    """What an upload that was taken in leaves."""
    track.asset = Asset.objects.create(
        key=f"{track.pk:032x}", source_sha256=f"{track.pk:064x}", state=Asset.State.READY, rate_hz=44100,
        samples=441000, loudness_lufs=-14.0, true_peak_dbtp=-1.0,
    )  # fmt: skip
    track.recording = hold_recording(title=track.title or "雨夜", artist="潮汐", asset=track.asset, now=now)
    track.source_sha256 = track.asset.source_sha256
    track.save()


def release_of(whose, titles, *, now=NOW, shop=None, **fields):
    """A release's draft that is filled in, with a track of each title that is ready."""
    row = begin_release(account=whose, shop=shop, now=now)
    for position, title in enumerate(titles):
        give_sound(Track.objects.create(submission=row, position=position, title=title), now=now)
    told = {"title": "潮汐集", **{name: FIELDS[name] for name in DECLARED}}
    return describe(account=whose, gid=row.gid, fields=told | fields, now=now)


def draft_of(whose, *, now=NOW, **fields):
    """A draft that is filled in, with a recording that is ready."""
    row = begin(account=whose, now=now)
    give_sound(row.tracks.get(), now=now)
    return describe(account=whose, gid=row.gid, fields=FIELDS | fields, now=now)


def handed_in_by(whose, *, now=NOW, **fields):
    row = draft_of(whose, now=now, **fields)
    return hand_in(account=whose, gid=row.gid, link=LINK, now=now)
