"""Applicants and auditors, and drafts with a recording that is ready, for tests of several rooms."""

from datetime import UTC, datetime

from alpheus.catalogue.hold_recording import hold_recording
from alpheus.catalogue.models import Asset
from alpheus.parties.models import Account, StaffRole
from alpheus.submissions.begin import begin
from alpheus.submissions.describe import describe
from alpheus.submissions.hand_in import hand_in

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


def account(name, role=None, locale=""):
    made = Account.objects.create_user(f"{name}@example.com", "a long password", name=name, locale=locale)
    if role:
        StaffRole.objects.create(account=made, role=role)
    return made


def draft_of(whose, *, now=NOW, **fields):
    """A draft that is filled in, with a recording that is ready."""
    row = begin(account=whose, now=now)
    row.asset = Asset.objects.create(
        key=f"{row.pk:032x}", source_sha256=f"{row.pk:064x}", state=Asset.State.READY, rate_hz=44100,
        samples=441000,
    )  # fmt: skip
    row.recording = hold_recording(title="雨夜", artist="潮汐", asset=row.asset, now=now)
    row.source_sha256 = row.asset.source_sha256
    row.save()
    return describe(account=whose, gid=row.gid, fields=FIELDS | fields, now=now)


def handed_in_by(whose, *, now=NOW, **fields):
    row = draft_of(whose, now=now, **fields)
    return hand_in(account=whose, gid=row.gid, link=LINK, now=now)
