"""What can go wrong with submissions.

SubmissionError
├── SubmissionUnknown    there is none of this gid that this person may see
├── NotNow               what is asked cannot happen in this state; `state` tells which it is
├── Incomplete           a draft cannot be handed in yet; `missing` tells what is left to do
├── HasOne               an application of this account is under way already
├── ArtistMoved          an independent's artist is on a label: their releases come out there
├── ShopMissing          a release stands in a shop, and the account has none
├── CoverUnfit           an image cannot be a cover; it says how to mend it
├── IsrcsUsedUp          no ISRC is left for this year, or none is given here
├── UpcsUsedUp           no UPC is left under the prefix, or none is given here
├── NeedsVersion         more than a slip of the pen: it is changed by a new version
├── MinutePast           a release cannot appear at a minute that is over
├── WordsMissing         a decision or an answer needs words
├── ReasonMissing        a refusal needs a reason from the list
├── StillComparing       machines still compare it with what is held
├── Unheard              whoever accepts has not played every track; `tracks` tells which are left
├── AppealedAlready      an application is appealed once
├── OpinionAwaited       a colleague's opinion is asked: it is not decided meanwhile
├── NoOpinionAsked       nobody asks for an opinion, or not of this auditor
├── LeaningMissing       an opinion says what its author would do
├── TakenByAnother       another auditor has it on the desk
├── MayNotAudit          this auditor may not decide it; `hindrance` tells why
└── UploadError
    ├── UploadUnknown    there is no such upload, or it is another's
    ├── UploadOver       its time is over, or it was ended
    ├── TooLarge         a file is larger than one may be
    ├── QuotaUsedUp      the account keeps as many bytes or uploads here as it may
    ├── TracksUsedUp     a release has as many tracks as one may have
    └── LengthMissing    an upload says beforehand how long it is, and not nothing
"""

from collections.abc import Sequence
from typing import ClassVar

from alpheus.submissions.rules import Hindrance, Missing, State


class SubmissionError(Exception):
    """The root of this room's errors; `code` is what programs are told."""

    code: ClassVar[str] = "failed"


class SubmissionUnknown(SubmissionError):
    """There is no such submission, or not for this person."""

    code = "submission_unknown"

    def __init__(self) -> None:
        super().__init__("There is no such application.")


class NotNow(SubmissionError):
    """What is asked cannot happen in this state."""

    code = "not_now"

    def __init__(self, state: State) -> None:
        super().__init__(f"This cannot be done any more: the application is {state.value}.")
        self.state = state


class Incomplete(SubmissionError):
    """A draft cannot be handed in yet."""

    code = "incomplete"

    def __init__(self, missing: Sequence[Missing]) -> None:
        super().__init__("Something is left to do: " + ", ".join(it.value for it in missing))
        self.missing = tuple(missing)


class HasOne(SubmissionError):
    """An application of this account is under way already."""

    code = "has_one"


class ArtistMoved(SubmissionError):
    """Releases of an artist who is on a label come out there."""

    code = "artist_moved"


class ShopMissing(SubmissionError):
    """A release stands in a shop, and the account has none."""

    code = "shop_missing"


class CoverUnfit(SubmissionError):
    """An image cannot be a cover."""

    code = "cover_unfit"


class IsrcsUsedUp(SubmissionError):
    """No ISRC can be given."""

    code = "no_isrc"


class UpcsUsedUp(SubmissionError):
    """No UPC can be given."""

    code = "no_upc"


class NeedsVersion(SubmissionError):
    """A change is more than a slip of the pen."""

    code = "needs_version"


class MinutePast(SubmissionError):
    """A release cannot appear at a minute that is over."""

    code = "minute_past"


class WordsMissing(SubmissionError):
    """A decision or an answer needs words."""

    code = "words_missing"


class ReasonMissing(SubmissionError):
    """A refusal needs a reason from the list."""

    code = "reason_missing"


class StillComparing(SubmissionError):
    """Machines still compare it with what is held: what they find may speak against it."""

    code = "still_comparing"


class Unheard(SubmissionError):
    """Whoever accepts has not played every track since it was handed in."""

    code = "unheard"

    def __init__(self, tracks: Sequence[str]) -> None:
        super().__init__("Some of it was not heard by you yet: " + ", ".join(tracks))
        self.tracks = tuple(tracks)


class AppealedAlready(SubmissionError):
    """An application is appealed once."""

    code = "appealed_already"


class OpinionAwaited(SubmissionError):
    """A colleague's opinion is asked: it is not decided meanwhile."""

    code = "opinion_awaited"


class NoOpinionAsked(SubmissionError):
    """Nobody asks for an opinion, or not of this auditor."""

    code = "no_opinion_asked"


class LeaningMissing(SubmissionError):
    """An opinion says what its author would do."""

    code = "leaning_missing"


class TakenByAnother(SubmissionError):
    """Another auditor has it on the desk."""

    code = "taken_by_another"


class MayNotAudit(SubmissionError):
    """This auditor may not decide it."""

    code = "may_not_audit"

    def __init__(self, hindrance: Hindrance) -> None:
        super().__init__(f"This application is not yours to decide: {hindrance.value}.")
        self.hindrance = hindrance


class UploadError(SubmissionError):
    """Anything wrong with an upload."""


class UploadUnknown(UploadError):
    """There is no such upload, or it is another's."""

    code = "upload_unknown"


class UploadOver(UploadError):
    """Its time is over, or it was ended."""

    code = "upload_over"


class TooLarge(UploadError):
    """A file is larger than one may be."""

    code = "file_too_large"


class QuotaUsedUp(UploadError):
    """The account keeps as many bytes or uploads here as it may."""

    code = "quota_used_up"


class TracksUsedUp(UploadError):
    """A release has as many tracks as one may have."""

    code = "too_many_tracks"


class LengthMissing(UploadError):
    """An upload says beforehand how long it is, and not nothing."""

    code = "length_missing"
