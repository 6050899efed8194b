"""Tables of devices, playback sessions, streams, grants and plays."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alpheus.catalogue.models import Recording
from alpheus.parties.models import Account


class Listener(models.Model):
    """Who hears: an account, or a guest known by a cookie until they sign up."""

    gid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.OneToOneField(
        Account,
        on_delete=models.PROTECT,  # plays count for money: erase.py parts them from the person first
        null=True,
        related_name="listener",
    )
    merged_into = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, help_text="the account's listener that a guest became"
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        """A guest who became someone is nobody any more; their codeword still names whom they became."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | Q(account__isnull=True), name="merged_has_no_account"
            )
        ]

    def __str__(self) -> str:
        return str(self.account or self.gid)


class Device(models.Model):
    """One browser or app installation of a listener's."""

    gid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    listener = models.ForeignKey(Listener, on_delete=models.CASCADE, related_name="devices")

    class Quality(models.TextChoices):
        """What a device wants to hear; another rendition plays where that one is not ready."""

        AUTO = "auto", _("By the network")
        AAC_64 = "aac-64", _("Small")
        AAC_128 = "aac-128", _("Good")
        AAC_256 = "aac-256", _("High")
        FLAC = "flac", _("Lossless")

    class Loudness(models.TextChoices):
        """By which measure pieces are brought to one loudness."""

        AUTO = "auto", _("Albums whole, else each piece")
        TRACK = "track", _("Each piece")
        ALBUM = "album", _("Albums whole")
        OFF = "off", _("As they were made")

    name = models.CharField(max_length=120, blank=True)
    user_agent = models.CharField(max_length=500, blank=True)
    territory = models.CharField(max_length=2, blank=True, help_text="ISO 3166-1 alpha-2, where it was last")
    seen_at = models.DateTimeField(default=timezone.now)
    live_at = models.DateTimeField(null=True, help_text="when it was last known to hear live events")
    web_session = models.CharField(
        max_length=40, blank=True, db_index=True, help_text="key of its web session"
    )
    volume = models.PositiveSmallIntegerField(default=100, help_text="percent")
    muted = models.BooleanField(default=False)
    quality = models.CharField(max_length=8, choices=Quality, default=Quality.AUTO)
    loudness = models.CharField(max_length=8, choices=Loudness, default=Loudness.AUTO)
    stored_bytes = models.PositiveBigIntegerField(null=True, help_text="music in its stores, as it measured")
    memory_ms = models.PositiveIntegerField(null=True, help_text="music in its memory, as it measured")
    held_at = models.DateTimeField(null=True, help_text="when it measured")
    clean_asked_at = models.DateTimeField(null=True, help_text="it is to empty its stores when it next comes")
    signed_out_at = models.DateTimeField(
        null=True, help_text="its session was ended; it is not here any more"
    )

    class Meta:
        """A volume is a share of the whole."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(volume__lte=100), name="volume_of_100"),
        ]

    def __str__(self) -> str:
        return self.name or str(self.gid)


class PlaybackSession(models.Model):
    """A listener's place in the cloud: which entry of the queue plays, where in it, and on which device."""

    listener = models.OneToOneField(Listener, on_delete=models.CASCADE, related_name="session")
    device = models.ForeignKey(Device, on_delete=models.SET_NULL, null=True)
    stream = models.UUIDField(null=True, help_text="the one stream that may sound")
    entry = models.UUIDField(null=True, help_text="gid of the queue's entry that plays")
    playing = models.BooleanField(default=False)
    position_ms = models.PositiveIntegerField(default=0)
    positioned_at = models.DateTimeField(default=timezone.now, help_text="when it was there")
    version = models.PositiveBigIntegerField(default=0, help_text="counts changes of any kind")
    queue_version = models.PositiveBigIntegerField(
        default=0, help_text="the version that last changed the queue"
    )
    directed = models.PositiveBigIntegerField(
        default=0, help_text="the version in which somebody else last told the playing device what to do"
    )
    shuffle = models.BooleanField(default=False)
    repeat = models.CharField(max_length=3, default="off", help_text="off, all or one")
    stops_at = models.DateTimeField(
        null=True, help_text="when the music stops by itself; nothing once it passed"
    )
    stops_after = models.UUIDField(null=True, help_text="gid of the entry after which it stops by itself")
    territory = models.CharField(max_length=2, blank=True, help_text="ISO 3166-1 alpha-2 of the listener")
    updated_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"session of {self.listener}"


class QueueEntry(models.Model):
    """One place of a queue. The same recording may stand in a queue often; an entry stands there once."""

    session = models.ForeignKey(PlaybackSession, on_delete=models.CASCADE, related_name="entries")
    gid = models.UUIDField(help_text="made by who put it there, so that doing so twice is doing it once")
    recording = models.UUIDField(
        help_text="gid of a recording; one that was removed is passed over when its turn comes"
    )
    rank = models.BigIntegerField(help_text="the order of play, with gaps")
    given = models.BigIntegerField(help_text="the order without shuffle, with gaps")

    class Meta:
        """Ranks are not unique: whoever moves entries need not mind what they pass; ties go by age."""

        indexes: ClassVar = [models.Index(fields=["session", "rank", "id"], name="queue_in_order")]
        constraints: ClassVar = [models.UniqueConstraint(fields=["session", "gid"], name="entry_once")]

    def __str__(self) -> str:
        return f"{self.recording} at {self.rank}"


class Grant(models.Model):
    """web's signed word that a stream may hear a recording; kept so that it can be cancelled and folded."""

    gid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    stream = models.UUIDField(db_index=True)
    edge = models.CharField(max_length=80, help_text="the edge that the grant is for")
    gate = models.UUIDField(help_text="gid of the listener who opened the stream: whose gate and codeword")
    listener = models.ForeignKey(Listener, on_delete=models.CASCADE, related_name="grants")
    device = models.ForeignKey(Device, on_delete=models.SET_NULL, null=True)
    recording = models.ForeignKey(Recording, on_delete=models.PROTECT, related_name="grants")
    preview = models.BooleanField(default=False)
    window_start = models.PositiveBigIntegerField(help_text="first sample that may be heard")
    window_end = models.PositiveBigIntegerField(help_text="the sample after the last that may be heard")
    territory = models.CharField(max_length=2, blank=True)
    issued_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(db_index=True)
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        """A window has a length."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(window_end__gt=F("window_start")), name="grant_window")
        ]
        indexes: ClassVar = [models.Index(fields=["gate", "expires_at"], name="grant_by_gate")]

    def __str__(self) -> str:
        return str(self.gid)


class Play(models.Model):
    """One stream x recording heard, as docs/protocol.md defines it."""

    listener = models.ForeignKey(Listener, on_delete=models.CASCADE, related_name="plays")
    recording = models.ForeignKey(Recording, on_delete=models.PROTECT, related_name="plays")
    grant = models.ForeignKey(Grant, on_delete=models.RESTRICT, related_name="plays")
    stream = models.UUIDField()
    ordinal = models.PositiveIntegerField(help_text="the stream's first play is 0, its next 1")
    preview = models.BooleanField(default=False)
    started_at = models.DateTimeField(db_index=True)
    heard_ms = models.PositiveIntegerField(default=0)
    qualified = models.BooleanField(default=False, help_text="heard 30 s, or a shorter recording whole")
    territory = models.CharField(max_length=2, blank=True)
    hidden_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="when the listener cleared their history; it still counts for artists",
    )

    class Meta:
        """A play is told once; a preview never earns."""

        indexes: ClassVar = [
            models.Index(fields=["recording", "started_at"], name="play_by_recording"),
            models.Index(F("listener"), F("started_at").desc(), name="play_by_listener"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["stream", "ordinal"], name="play_once"),
            models.CheckConstraint(
                condition=~Q(preview=True, qualified=True), name="preview_never_qualifies"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recording}: {self.heard_ms} ms"


class FoldedSegment(models.Model):
    """How far one key log segment of an edge has been folded: the guard of exactly once."""

    edge = models.CharField(max_length=80)
    segment = models.CharField(max_length=80)
    offset = models.PositiveBigIntegerField(default=0, help_text="bytes folded")
    sealed = models.BooleanField(default=False, help_text="folded to its end: sealed, or another follows")
    sha256 = models.CharField(max_length=64, blank=True, help_text="what the next segment must say of it")

    class Meta:
        """One row a segment."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["edge", "segment"], name="segment_once")]

    def __str__(self) -> str:
        return f"{self.edge}/{self.segment}: {self.offset}"


class KeyLogFault(models.Model):
    """A place of a key log where something is not as it should be; kept until the operator has seen it."""

    edge = models.CharField(max_length=80)
    segment = models.CharField(max_length=80)
    offset = models.PositiveBigIntegerField()
    reason = models.CharField(max_length=500)
    noticed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        """What is wrong with a place is told once."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edge", "segment", "offset", "reason"], name="fault_once")
        ]

    def __str__(self) -> str:
        return f"{self.edge}/{self.segment} at {self.offset}: {self.reason}"


class StreamState(models.Model):
    """What folding must remember of a stream between two records of its key log."""

    stream = models.UUIDField(unique=True)
    waits_since = models.DateTimeField(
        null=True, db_index=True, help_text="since when records wait for another edge's log"
    )
    state = models.JSONField(help_text="listening.rules.StreamHistory as plain values")
    updated_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        """Named in the plural as Django would."""

        verbose_name = _("stream state")

    def __str__(self) -> str:
        return str(self.stream)


class StreamMove(models.Model):
    """A stream went on at another edge: what the edge before logged up to `sequence` is folded first."""

    stream = models.UUIDField()
    sequence = models.BigIntegerField(help_text="the last that the edge before answered with a batch")
    moved_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        """A move is told once."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["stream", "sequence"], name="move_once")]

    def __str__(self) -> str:
        return f"{self.stream} after {self.sequence}"


class EdgeDuty(models.Model):
    """The operator's word, while everything runs, whether an edge gets new streams."""

    edge = models.CharField(max_length=80, unique=True)
    serving = models.BooleanField()
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        """Named in the plural as Django would."""

        verbose_name = _("edge duty")
        verbose_name_plural = _("edge duties")

    def __str__(self) -> str:
        return f"{self.edge}: {'serving' if self.serving else 'draining'}"


# Django finds the tables of an app in what this module imports; those of the library refer to Listener by name.
from alpheus.listening.library import models as _library  # noqa: E402, F401
