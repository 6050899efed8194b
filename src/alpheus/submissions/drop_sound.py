"""Drop what was uploaded for a track: its bytes, its recording, what was found about it."""

from alpheus.catalogue.hold_recording import let_go
from alpheus.submissions.models import Track
from alpheus.submissions.terms import Terms
from alpheus.submissions.upload_file import UploadFile


def drop_sound(track: Track, terms: Terms) -> None:
    """Leave a track of a draft without a sound."""
    for before in track.uploads.all():
        UploadFile(terms.uploads, before.gid).remove()
        before.delete()
    let_go_of(track)
    track.recording, track.asset, track.source_sha256 = None, None, ""
    track.save(update_fields=["recording", "asset", "source_sha256"])
    track.evidence.all().delete()


def let_go_of(track: Track) -> None:
    """Let a track's recording go, unless it stands or stood somewhere else."""
    recording = track.recording
    if recording is None or recording.removed_at is None or recording.tracks.exists():
        return
    if not Track.objects.filter(recording=recording).exclude(pk=track.pk).exists():
        let_go(recording=recording)
