"""A shop's releases before they are published: their tracks, in order, and their cover. What both kinds of draft share is `studio`'s."""

from uuid import UUID

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from ninja import File, Router, Status, UploadedFile

from alpheus.api import represent
from alpheus.api.callers import Admitted, caller_of
from alpheus.api.limits import BROWSE
from alpheus.api.once import once
from alpheus.api.seats import shop_called
from alpheus.api.shapes import ReleaseDetailOut
from alpheus.api.studio import MEMBERS, own
from alpheus.api.studio_shapes import ChangeIn, MoveIn, OwnSubmissionOut, TrackIn
from alpheus.api.token import Scope
from alpheus.catalogue.artwork import BYTES_MAX
from alpheus.catalogue.queries import release_detail
from alpheus.submissions import queries
from alpheus.submissions.amend import amend, begin_version
from alpheus.submissions.arrange import move_track, remove_track
from alpheus.submissions.begin import begin_release
from alpheus.submissions.describe import describe_track
from alpheus.submissions.errors import CoverUnfit, Incomplete, SubmissionUnknown
from alpheus.submissions.hand_in import missing
from alpheus.submissions.mint_isrc import mint_isrc
from alpheus.submissions.mint_upc import mint_upc
from alpheus.submissions.publish_due import publish
from alpheus.submissions.rules import Kind
from alpheus.submissions.set_cover import set_cover
from alpheus.submissions.terms import terms

router = Router(tags=["studio"])


class _Images(Admitted):
    """Admits as every call of the API is admitted, but for its body, which is a form with a file."""

    json_only = False


IMAGES = _Images(scope=Scope.STUDIO, policy=BROWSE, member=True)


@router.post("/studio/releases", response={201: OwnSubmissionOut}, auth=MEMBERS, operation_id="begin_release")
@once
def begin(request: HttpRequest) -> Status[OwnSubmissionOut]:
    """Begin a release of the caller's shop; its files come by tus, and each is a track. Takes an Idempotency-Key."""
    account = caller_of(request).account_or_refuse
    return Status(
        201, own(account, begin_release(account=account, shop=shop_called(request), now=timezone.now()).gid)
    )


@router.post(
    "/studio/submissions/{gid:gid}/change",
    response=OwnSubmissionOut,
    auth=MEMBERS,
    operation_id="change_release",
)
@once
def change(request: HttpRequest, gid: UUID, given: ChangeIn) -> OwnSubmissionOut:
    """Change at once what needs no audit of an accepted release. Takes an Idempotency-Key."""
    account = caller_of(request).account_or_refuse
    amend(account=account, gid=gid, fields=given.fields(), track=given.track, now=timezone.now())
    return own(account, gid)


@router.post(
    "/studio/submissions/{gid:gid}/versions",
    response={201: OwnSubmissionOut},
    auth=MEMBERS,
    operation_id="begin_version",
)
@once
def new_version(request: HttpRequest, gid: UUID) -> Status[OwnSubmissionOut]:
    """Begin a new version of what is published, or give the one under way. Takes an Idempotency-Key."""
    account = caller_of(request).account_or_refuse
    return Status(201, own(account, begin_version(account=account, gid=gid, now=timezone.now()).gid))


@router.patch(
    "/studio/submissions/{gid:gid}/tracks/{gid:track}",
    response=OwnSubmissionOut,
    auth=MEMBERS,
    operation_id="describe_track",
)
@once
def describe(request: HttpRequest, gid: UUID, track: UUID, given: TrackIn) -> OwnSubmissionOut:
    """Save fields of a track of a release's draft. Takes an Idempotency-Key."""
    account = caller_of(request).account_or_refuse
    describe_track(account=account, gid=gid, track=track, fields=given.fields(), now=timezone.now())
    return own(account, gid)


@router.delete(
    "/studio/submissions/{gid:gid}/tracks/{gid:track}",
    response={204: None},
    auth=MEMBERS,
    operation_id="remove_track",
)
def remove(request: HttpRequest, gid: UUID, track: UUID) -> Status[None]:
    """Take a track out of a release's draft, with its file."""
    account = caller_of(request).account_or_refuse
    remove_track(account=account, gid=gid, track=track, terms=terms(), now=timezone.now())
    return Status(204, None)


@router.post(
    "/studio/submissions/{gid:gid}/tracks/{gid:track}/move",
    response=OwnSubmissionOut,
    auth=MEMBERS,
    operation_id="move_track",
)
@once
def move(request: HttpRequest, gid: UUID, track: UUID, given: MoveIn) -> OwnSubmissionOut:
    """Put a track behind another, or first. Takes an Idempotency-Key."""
    account = caller_of(request).account_or_refuse
    move_track(account=account, gid=gid, track=track, after=given.after, now=timezone.now())
    return own(account, gid)


@router.post(
    "/studio/submissions/{gid:gid}/tracks/{gid:track}/isrc",
    response=OwnSubmissionOut,
    auth=MEMBERS,
    operation_id="mint_isrc",
)
def mint(request: HttpRequest, gid: UUID, track: UUID) -> OwnSubmissionOut:
    """Give a track an ISRC under the operator's prefix; asked again, it is the same one."""
    account = caller_of(request).account_or_refuse
    mint_isrc(account=account, gid=gid, track=track, prefix=terms().isrc_prefix, now=timezone.now())
    return own(account, gid)


@router.post(
    "/studio/submissions/{gid:gid}/upc", response=OwnSubmissionOut, auth=MEMBERS, operation_id="mint_upc"
)
def give_upc(request: HttpRequest, gid: UUID) -> OwnSubmissionOut:
    """Give a release a UPC under the operator's prefix; asked again, it is the same one."""
    account = caller_of(request).account_or_refuse
    mint_upc(account=account, gid=gid, prefix=terms().gs1_prefix, now=timezone.now())
    return own(account, gid)


@router.get(
    "/studio/submissions/{gid:gid}/preview",
    response=ReleaseDetailOut,
    auth=MEMBERS,
    operation_id="preview_release",
)
def preview(request: HttpRequest, gid: UUID) -> ReleaseDetailOut:
    """A release as listeners will see it: it is published, told, and all of that is taken back; its gids are of this answer alone."""
    row = queries.own_one(caller_of(request).account_or_refuse, gid)
    if row.kind != Kind.RELEASE or not row.tracks.exclude(recording=None).exists():
        raise SubmissionUnknown
    if not row.title or not row.artist_name:
        raise Incomplete(missing(row))
    with transaction.atomic():
        shown = represent.release_detail(release_detail(publish(row, now=timezone.now()).gid))
        transaction.set_rollback(True)
    return shown


@router.post(
    "/studio/submissions/{gid:gid}/cover", response=OwnSubmissionOut, auth=IMAGES, operation_id="give_cover"
)
def give_cover(request: HttpRequest, gid: UUID, image: File[UploadedFile]) -> OwnSubmissionOut:
    """Give a release's draft its cover: a form with the file `image`, JPEG, PNG, WebP or AVIF."""
    account = caller_of(request).account_or_refuse
    if (image.size or 0) > BYTES_MAX:
        raise CoverUnfit("The image is too large.")
    set_cover(account=account, gid=gid, image=image.read(), terms=terms(), now=timezone.now())
    return own(account, gid)


@router.delete(
    "/studio/submissions/{gid:gid}/cover", response={204: None}, auth=MEMBERS, operation_id="remove_cover"
)
def remove_cover(request: HttpRequest, gid: UUID) -> Status[None]:
    """Take a draft's cover away."""
    account = caller_of(request).account_or_refuse
    set_cover(account=account, gid=gid, image=None, terms=terms(), now=timezone.now())
    return Status(204, None)
