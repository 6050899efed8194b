"""Tables of what a listener keeps: favourites, playlists, their tracks, editors, invitations and revisions."""

import uuid
from functools import reduce
from operator import or_
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alpheus.catalogue.models import Recording, Release
from alpheus.database.collated import Collated
from alpheus.listening.library.rules import DESCRIPTION_MAX, KEY_MAX, TITLE_MAX
from alpheus.parties.models import Artist

_KEPT = ("recording", "release", "artist", "playlist")
_ONE_KIND = reduce(or_, (Q(**{f"{name}__isnull": name != kept for name in _KEPT}) for kept in _KEPT))


class Keep(models.Model):
    """A recording, a release, an artist or another's playlist that a listener keeps; let go, it is remembered for a while."""

    listener = models.ForeignKey("listening.Listener", on_delete=models.CASCADE, related_name="keeps")
    recording = models.ForeignKey(Recording, on_delete=models.CASCADE, null=True, related_name="keeps")
    release = models.ForeignKey(Release, on_delete=models.CASCADE, null=True, related_name="keeps")
    artist = models.ForeignKey(Artist, on_delete=models.CASCADE, null=True, related_name="keeps")
    playlist = models.ForeignKey("Playlist", on_delete=models.CASCADE, null=True, related_name="keeps")
    name = models.CharField(max_length=400, help_text="its title or name to sort by")
    by = models.CharField(max_length=400, blank=True, help_text="whose it is, to sort by")
    words = models.CharField(max_length=900, blank=True, help_text="both folded, to filter by")
    kept_at = models.DateTimeField(default=timezone.now)
    let_go_at = models.DateTimeField(null=True, help_text="kept again soon after, it has its old place")

    class Meta:
        """A thing is kept once; lists go by when, by name and by whose."""

        indexes: ClassVar = [
            models.Index(F("listener"), F("kept_at").desc(), F("id").desc(), name="keep_newest"),
            models.Index(fields=["listener", "name", "id"], name="keep_by_name"),
            models.Index(fields=["listener", "by", "id"], name="keep_by_artist"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=_ONE_KIND, name="keep_one_thing"),
            models.UniqueConstraint(fields=["listener", "recording"], name="keep_recording_once"),
            models.UniqueConstraint(fields=["listener", "release"], name="keep_release_once"),
            models.UniqueConstraint(fields=["listener", "artist"], name="keep_artist_once"),
            models.UniqueConstraint(fields=["listener", "playlist"], name="keep_playlist_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Playlist(Collated):
    """Recordings in an order that somebody chose."""

    class Visibility(models.TextChoices):
        """Who may see it beside its owner and editors."""

        PRIVATE = "private", _("private")
        UNLISTED = "unlisted", _("unlisted")
        PUBLIC = "public", _("public")

    gid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey("listening.Listener", on_delete=models.CASCADE, related_name="playlists")
    title = models.CharField(max_length=TITLE_MAX)
    sort_title = models.CharField(max_length=400)
    description = models.CharField(max_length=DESCRIPTION_MAX, blank=True)
    visibility = models.CharField(max_length=8, choices=Visibility.choices, default=Visibility.PRIVATE)
    version = models.PositiveBigIntegerField(default=1, help_text="one more with every change")
    tracks = models.PositiveIntegerField(default=0, help_text="how many it has")
    duration_ms = models.PositiveBigIntegerField(default=0, help_text="of all that is known of them")
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    deleted_at = models.DateTimeField(null=True, help_text="can be undone until cleaning takes it")

    class Meta:
        """Lists go by when it changed and by title."""

        indexes: ClassVar = [
            models.Index(F("owner"), F("changed_at").desc(), F("id").desc(), name="playlist_changed"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(visibility__in=["private", "unlisted", "public"]), name="playlist_visibility"
            ),
            models.CheckConstraint(condition=~Q(title=""), name="playlist_has_title"),
        ]

    def __str__(self) -> str:
        return self.title


class PlaylistEditor(models.Model):
    """An account that the owner lets edit a playlist."""

    playlist = models.ForeignKey(Playlist, on_delete=models.CASCADE, related_name="editors")
    listener = models.ForeignKey("listening.Listener", on_delete=models.CASCADE, related_name="edits")
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        """Nobody edits twice."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["playlist", "listener"], name="editor_once")]

    def __str__(self) -> str:
        return f"{self.listener}: {self.playlist}"


class PlaylistInvitation(models.Model):
    """A link that lets whoever has it become an editor; only its SHA-256 is kept."""

    playlist = models.ForeignKey(Playlist, on_delete=models.CASCADE, related_name="invitations")
    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the link's secret, hex")
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        """An invitation ends after it begins."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="invitation_ends_later")
        ]

    def __str__(self) -> str:
        return f"invitation to {self.playlist}"


class PlaylistRevision(models.Model):
    """One change of a playlist, with all that undoing it takes."""

    class Kind(models.TextChoices):
        """What was changed."""

        ADD = "add", "added"
        REMOVE = "remove", "removed"
        MOVE = "move", "moved"
        DESCRIBE = "describe", "described"
        DELETE = "delete", "deleted"

    playlist = models.ForeignKey(Playlist, on_delete=models.CASCADE, related_name="revisions")
    version = models.PositiveBigIntegerField(help_text="the playlist's version that it made")
    by = models.ForeignKey("listening.Listener", on_delete=models.SET_NULL, null=True, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    items = models.PositiveIntegerField(default=0, help_text="how many tracks it concerned")
    item = models.ForeignKey(
        "PlaylistItem", on_delete=models.CASCADE, null=True, related_name="+", help_text="what was moved"
    )
    position = models.CharField(max_length=KEY_MAX, blank=True, help_text="where it stood before")
    title = models.CharField(max_length=TITLE_MAX, blank=True, help_text="as it was before")
    description = models.CharField(max_length=DESCRIPTION_MAX, blank=True, help_text="as it was before")
    visibility = models.CharField(max_length=8, blank=True, help_text="as it was before")
    made_at = models.DateTimeField(default=timezone.now)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        """A version is made once."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["playlist", "version"], name="revision_once")
        ]

    def __str__(self) -> str:
        return f"{self.playlist} {self.version}: {self.kind}"


class PlaylistItem(models.Model):
    """A recording's place in a playlist, or a line of an import that matched nothing here: it is shown as missing."""

    gid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    playlist = models.ForeignKey(Playlist, on_delete=models.CASCADE, related_name="items")
    position = models.CharField(max_length=KEY_MAX, help_text="a fractional key, in the order of its bytes")
    recording = models.ForeignKey(Recording, on_delete=models.PROTECT, null=True, related_name="listed")
    title = models.CharField(max_length=1000, blank=True, help_text="as the import said, where it is missing")
    artist = models.CharField(max_length=1000, blank=True, help_text="the same")
    album = models.CharField(max_length=1000, blank=True, help_text="the same")
    isrc = models.CharField(max_length=12, blank=True, help_text="the same")
    location = models.CharField(max_length=2000, blank=True, help_text="the same")
    duration_ms = models.PositiveIntegerField(null=True, help_text="the same")
    added_by = models.ForeignKey("listening.Listener", on_delete=models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)
    added_in = models.ForeignKey(PlaylistRevision, on_delete=models.SET_NULL, null=True, related_name="added")
    removed_in = models.ForeignKey(
        PlaylistRevision, on_delete=models.SET_NULL, null=True, related_name="removed"
    )
    removed_at = models.DateTimeField(null=True, help_text="it keeps its place, so that undoing finds it")

    class Meta:
        """No two stand at one place, and what is missing has a title."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["playlist", "position"], name="item_position"),
            models.CheckConstraint(
                condition=Q(recording__isnull=False) | ~Q(title=""), name="missing_item_has_title"
            ),
        ]

    def __str__(self) -> str:
        return self.title or str(self.recording)
