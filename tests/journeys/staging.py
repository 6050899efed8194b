"""What pages of musicians and of staff need before they show anything, put into an installation from outside.

`python -m journeys.staging EMAIL` is run in the installation's own environment: the account gets every role, a shop with one
piece and a split that waits, and a draft; somebody else's application waits for it. Printed are a link to sign in by, and what the routes take.
"""

# ruff: noqa: E402 - Django must know its settings before its models are read
import json
import os
import sys
from datetime import timedelta
from urllib.parse import urlsplit
from uuid import UUID

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alpheus.config.django")
django.setup()

from applying import DECLARED, FIELDS, LINK
from details_of import PERSON
from django.utils import timezone
from judging import hear_and_accept

from alpheus.catalogue.hold_recording import hold_recording
from alpheus.catalogue.models import Asset
from alpheus.config.operators import link_for
from alpheus.parties import details
from alpheus.parties.models import Account, StaffRole
from alpheus.rights.notice import Given, give_notice
from alpheus.shops import keep_shop
from alpheus.shops.brand.answer import answer
from alpheus.shops.brand.found import found
from alpheus.shops.brand.invite import invite
from alpheus.shops.brand.roster import add_artist
from alpheus.shops.brand.rules import Terms
from alpheus.shops.models import Shop
from alpheus.shops.moves.ask import ask
from alpheus.shops.offers.terms import terms as usual
from alpheus.shops.queries import pieces_of
from alpheus.shops.rules import Role
from alpheus.shops.splits.propose import Links, propose
from alpheus.shops.splits.rules import Person
from alpheus.submissions import claim
from alpheus.submissions.begin import begin, begin_release
from alpheus.submissions.bulk.bring_sheet import bring_sheet
from alpheus.submissions.bulk.lay_out import lay_out
from alpheus.submissions.describe import describe
from alpheus.submissions.hand_in import hand_in
from alpheus.submissions.models import Submission, Track
from alpheus.submissions.terms import terms
from alpheus.values.share import Share

LONG = "雨夜の電車 " + "مطر الليل " * 6
"""A title in two scripts and two directions."""
SOON = {"due_local": "2041-12-01T18:00", "zone": "America/Argentina/ComodRivadavia", "prelisten": "accepted"}
"""Previews are heard, and it appears when nobody runs these any more."""
NOTICE = Given(
    claim="work",
    words=f"{LONG} is mine.",
    proof="https://mine.example/" + "registered-" * 12,
    name="Hana",
    email="hana@example.org",
    signature="Hana",
)


def with_sound(track: Track, asset: Asset) -> None:
    """What an upload that was taken in leaves."""
    track.asset, track.source_sha256 = asset, asset.source_sha256
    track.recording = hold_recording(title=track.title, artist="", asset=asset, now=timezone.now())
    track.save()


def release_of(whose: Account, assets: list[Asset], title: str) -> Submission:
    """A release of somebody's shop that is ready to be handed in, a track of each sound."""
    now = timezone.now()
    row = begin_release(account=whose, now=now)
    for position, asset in enumerate(assets):
        with_sound(Track.objects.create(submission=row, position=position, title=f"{position} {LONG}"), asset)
    fields = {name: FIELDS[name] for name in DECLARED} | {"title": title, "notes": LONG, "genres": "jazz"}
    return describe(account=whose, gid=row.gid, fields=fields, now=now)


def accepted(row: Submission, auditor: Account) -> Submission:
    """The same after somebody accepted it."""
    now = timezone.now()
    claim.take(auditor=auditor, gid=row.gid, now=now)
    return hear_and_accept(auditor=auditor, gid=row.gid, words="", link=LINK, now=now)


def handed_in(whose: Account, asset: Asset, title: str) -> Submission:
    """An application of somebody's with a recording that is ready."""
    now = timezone.now()
    row = begin(account=whose, now=now)
    track = row.tracks.get()
    track.title = title
    with_sound(track, asset)
    fields = FIELDS | {"title": title, "artist_name": whose.name, "statement": "Late at night, in one take."}
    describe(account=whose, gid=row.gid, fields=fields, now=now)
    return hand_in(account=whose, gid=row.gid, link=LINK, now=now)


def taken_in(whose: Account, name: str) -> tuple[UUID, UUID]:
    """Two catalogues: one whose sheet is to be mended, and one that waits for its files."""
    now = timezone.now()
    head = "File,Title,Release,Release artist,ISRC,Track"
    faulty = f"{head}\n{LONG}.exe,,{LONG},Nobody,XX,0\n"
    good = f"{head}\n1.wav,{LONG},Tide {name},{whose.shops.get().name},,1\n2.wav,Ebb,Ebb {name},{whose.shops.get().name},,\n"
    rows = [
        bring_sheet(account=whose, data=it.encode(), name=f"{LONG}.csv", now=now) for it in (faulty, good)
    ]
    lay_out(intake=rows[1].pk, terms=terms(), now=timezone.now)
    rows[1].refresh_from_db()
    rows[1].superfluous = rows[1].several = rows[1].unfit = f"{LONG}.wav"
    rows[1].save()
    return rows[0].gid, rows[1].gid


def label_of(me: Account, other: Account, secrets: list[str]) -> Shop:
    """A label's shop that two own, with an artist and an invitation that waits, and a release out."""
    now = timezone.now()
    terms = Terms(usual().track_price, now.date(), now.date() + timedelta(days=90))

    def link(secret: str) -> str:
        secrets.append(secret)
        return f"{LINK}/{secret}"

    name = f"{LONG} {me.email.partition('@')[0]}"
    shop = found(operator=me, label=name, country="JP", email=other.email, terms=terms, answer=link, now=now)
    answer(account=other, secret=secrets[-1], accepts=True, now=now)
    details.give(account=other, fields=PERSON, now=now)
    keep_shop.name_address(owner=other, shop=shop.gid, handle=f"l-{me.email.partition('@')[0]}"[:30])
    keep_shop.open_shop(owner=other, shop=shop.gid, now=now)
    invite(by=other, shop=shop.gid, email=me.email, role=Role.OWNER, answer=link, now=now)
    answer(account=me, secret=secrets[-1], accepts=True, now=now)
    add_artist(by=me, shop=shop.gid, name=f"Artist of {name}", now=now)
    invite(by=me, shop=shop.gid, email=f"editor-{me.email}", role=Role.EDITOR, answer=link, now=now)
    return shop


def main(email: str) -> None:
    """Prepare, and print what was made."""
    name, now = email.partition("@")[0], timezone.now()
    for role in StaffRole.Role:
        link = link_for(email, base_url="", role=role)
    me = Account.objects.get(email=email)
    me.name = f"Wren {name}"
    me.save()
    other = Account.objects.create_user(f"other-{email}", name=f"Owl {name}")
    StaffRole.objects.create(account=other, role=StaffRole.Role.AUDITOR)
    assets = Asset.objects.filter(state=Asset.State.READY).order_by("pk")
    mine = handed_in(me, assets[0], f"Rain {name}")
    accepted(mine, other)
    details.give(account=me, fields=PERSON, now=now)
    keep_shop.name_address(owner=me, handle=name)
    keep_shop.open_shop(owner=me, now=now)
    (piece,) = pieces_of(me.shops.get())
    Shop.objects.create(owner=other, name=other.name, country="CN")
    theirs = release_of(other, list(assets[1:3]), f"Theirs {name}")
    hand_in(account=other, gid=theirs.gid, link=LINK, now=now)
    published = release_of(me, list(assets[3:5]), f"Out {name}")
    accepted(hand_in(account=me, gid=published.gid, link=LINK, now=now), other)
    soon = release_of(me, list(assets[3:5]), LONG)
    describe(account=me, gid=soon.gid, fields=SOON, now=now)
    soon = accepted(hand_in(account=me, gid=soon.gid, link=LINK, now=now), other)
    assert soon.early is not None
    draft = release_of(me, list(assets[5:7]), LONG)
    notice = give_notice(release=piece.release, given=NOTICE, network="", language="", link=LINK, now=now)
    asked: list[str] = []
    split = propose(
        owner=me,
        recordings=[piece.recording.gid],
        people=[Person(me.name, "", Share(6667)), Person(LONG, f"reed-{email}", Share(3333))],
        from_date=now.date(),
        links=Links(LINK, lambda secret: asked.append(secret) or LINK),
        now=now,
    )
    faulty, good = taken_in(me, name)
    secrets: list[str] = []
    shop = label_of(me, other, secrets)
    moving = ask(
        by=other, artist=shop.roster.get().artist.gid, to=None, takes_releases=True, email=email,
        link=lambda gid: f"{LINK}/{gid}", now=now,
    )  # fmt: skip
    made = {
        "link": urlsplit(link).path,
        "more": [
            f"/studio/application/{mine.gid}",
            f"/studio/application/{begin(account=me, now=now).gid}",
            f"/studio/application/{published.gid}",
            f"/studio/application/{soon.gid}",
            f"/release/{soon.early.gid}",
            f"/office/audit/{theirs.gid}",
            f"/studio/intake/{faulty}",
        ],
        "routes": {
            "studio/application/{gid}": str(draft.gid),
            "studio/application/{gid}/tracks/{track}": str(draft.tracks.all()[0].gid),
            "office/audit/{gid}": str(handed_in(other, assets[1], LONG).gid),
            "office/payees/{gid}": str(me.gid),
            "office/notices/{gid}": str(notice.gid),
            "@{handle}": name,
            "studio/intake/{gid}": str(good),
            "studio/splits/{gid}": str(split.gid),
            "split/{secret}": asked[0],
            "join/{secret}": secrets[-1],
            "studio/moves/{gid}": str(moving.gid),
            "office/labels/{gid}": str(shop.gid),
            "label's shop": str(shop.gid),
        },
    }
    sys.stdout.write(json.dumps(made))


if __name__ == "__main__":
    main(sys.argv[1])
