"""How pages take files in: what they tell the browser before, how far a file is, and what was typed beside it."""

from django.http import HttpRequest
from django.utils import timezone

from alpheus.submissions import queries, rules
from alpheus.submissions.models import Track, Upload
from alpheus.submissions.terms import terms
from alpheus.submissions.upload import file_of
from alpheus.web.preparing import phases_of

UPLOADS = "/api/v1/uploads"
ACCEPTED = ".wav,.flac,.aiff,.aif,.m4a,.mp3,.ogg,.opus,audio/*"


def sending() -> dict[str, object]:
    """Where files go, and what may be one."""
    return {
        "uploads": UPLOADS,
        "bytes_max": terms().file_bytes_max,
        "tracks_max": rules.TRACKS_MAX,
        "accepted_types": ACCEPTED,
    }


def arriving(track: Track) -> dict[str, object] | None:
    """How far a track's file is; None where there is none."""
    upload = queries.upload_of(track)
    if upload is None:
        return None
    arrived = upload.length
    if upload.state == Upload.State.ARRIVING:
        file = file_of(upload, terms())
        if not file.exists() or upload.expires_at <= timezone.now():
            return None
        arrived = file.offset()
    return {
        "row": upload,
        "address": f"{UPLOADS}/{upload.gid}",
        "arrived": arrived,
        "share": arrived / upload.length,
        "phases": phases_of(upload.phase),
        "trouble": upload.get_trouble_display() if upload.trouble else "",
    }


def typed(request: HttpRequest) -> dict[str, str]:
    """A form's fields by name. A box that is not ticked is not sent: a form that has boxes says so."""
    fields = {name: str(value) for name, value in request.POST.items()}
    boxes = fields.pop("boxes", "").split()
    return fields | {name: request.POST.get(name, "") for name in boxes}
