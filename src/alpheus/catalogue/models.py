"""Tables of works, recordings, releases, credits, covers, lyrics and assets."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alpheus.database.collated import Collated
from alpheus.parties.models import Artist, Label


class ArtistCredit(models.Model):
    """How artists are named together on one thing: "A feat. B" (MusicBrainz: artist credit)."""

    name = models.CharField(max_length=1000, help_text="the joined text, for lists and search")
    digest = models.CharField(
        max_length=64,
        null=True,
        unique=True,
        help_text="of artists, names and join phrases: one row per credit",
    )

    def __str__(self) -> str:
        return self.name


class CreditedArtist(models.Model):
    """One artist in a credit, by the name used there, with the words that join it to the next."""

    credit = models.ForeignKey(ArtistCredit, on_delete=models.CASCADE, related_name="artists")
    artist = models.ForeignKey(Artist, on_delete=models.PROTECT, related_name="credits")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=500)
    join_phrase = models.CharField(max_length=40, blank=True)

    class Meta:
        """Positions within a credit are unique and in order."""

        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["credit", "position"], name="credit_position")
        ]

    def __str__(self) -> str:
        return self.name


class Genre(Collated):
    """A genre, named in lower case."""

    slug = models.SlugField(max_length=80, unique=True, allow_unicode=True)
    name = models.CharField(max_length=80, unique=True)
    spoken = models.BooleanField(default=False, help_text="whether what has it is spoken: audiobook, podcast")

    def __str__(self) -> str:
        return self.name


class Cover(models.Model):
    """Artwork in several sizes; the blobs lie at `covers/<digest>/<width>.<format>`."""

    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the source image, hex")
    widths = models.JSONField(default=list, help_text="pixel widths that exist, ascending")
    hue = models.FloatField(help_text="OKLCH hue of the dominant colour, degrees")
    chroma = models.FloatField(help_text="OKLCH chroma for the tint, at most 0.09")
    placeholder = models.TextField(help_text="a tiny WebP as a data URL, shown until the image arrives")
    unnamed_since = models.DateTimeField(
        null=True, help_text="when cleaning first found that nothing names it; it goes a grace later"
    )

    class Meta:
        """The tint stays within what keeps contrast."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(chroma__gte=0, chroma__lte=0.09), name="cover_chroma"),
            models.CheckConstraint(condition=Q(hue__gte=0, hue__lt=360), name="cover_hue"),
        ]

    def __str__(self) -> str:
        return self.digest


class Asset(models.Model):
    """The stored form of one source file: what ingest wrote under its key."""

    class State(models.TextChoices):
        """How far ingest came."""

        WAITING = "waiting", _("waiting")
        WORKING = "working", _("working")
        READY = "ready", _("ready")
        REFUSED = "refused", _("refused")

    key = models.CharField(max_length=32, unique=True, help_text="ingest.asset_key: 16 bytes, hex")
    source_sha256 = models.CharField(max_length=64, db_index=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING, db_index=True)
    phase = models.CharField(max_length=16, blank=True, help_text="the phase at work, for pages")
    fraction = models.FloatField(default=0, help_text="how much of all phases is done, 0 to 1")
    reason = models.TextField(blank=True, help_text="why it was refused, and the remedy")
    rate_hz = models.PositiveIntegerField(null=True)
    samples = models.PositiveBigIntegerField(null=True, help_text="exact length at rate_hz")
    loudness_lufs = models.FloatField(null=True)
    range_lu = models.FloatField(null=True)
    true_peak_dbtp = models.FloatField(null=True)
    peaks = models.BinaryField(null=True, help_text="400 unsigned bytes: the waveform's peaks for pages")
    silence_start_ms = models.PositiveIntegerField(null=True, help_text="silence before the music")
    silence_end_ms = models.PositiveIntegerField(null=True, help_text="silence after the music")
    loudest_ms = models.PositiveIntegerField(null=True, help_text="where a preview best begins")
    quality = models.CharField(max_length=120, blank=True, help_text='of the source: "FLAC 24 bit 96 kHz"')
    sound_sha256 = models.CharField(
        max_length=64,
        blank=True,
        db_index=True,
        help_text="of the decoded samples; empty where it is not known",
    )
    fingerprint = models.CharField(
        max_length=32, blank=True, db_index=True, help_text="the method that its fingerprint was made by"
    )
    created_at = models.DateTimeField(default=timezone.now)
    unnamed_since = models.DateTimeField(
        null=True, help_text="when cleaning first found that nothing names it; it goes a grace later"
    )

    def __str__(self) -> str:
        return self.key


class Rendition(models.Model):
    """One encoding of an asset that an edge can serve now."""

    asset = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="renditions")
    name = models.CharField(max_length=16, help_text="aac-64, aac-128, aac-256, flac")
    stored_bytes = models.PositiveBigIntegerField()
    ready_at = models.DateTimeField(default=timezone.now)

    class Meta:
        """One of each name per asset."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["asset", "name"], name="rendition_once")]

    def __str__(self) -> str:
        return f"{self.asset}/{self.name}"


class Work(models.Model):
    """A composition."""

    gid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(max_length=1000)
    iswc = models.CharField(max_length=11, null=True, blank=True, unique=True)
    mbid = models.UUIDField(null=True, blank=True, unique=True, help_text="MusicBrainz work")
    language = models.CharField(max_length=16, blank=True)
    publishers = models.TextField(blank=True, help_text="who publishes it, one a line")

    def __str__(self) -> str:
        return self.title


class WorkCredit(models.Model):
    """Who made a composition: "composer", "lyricist"; all recordings of it share them."""

    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="roles")
    artist = models.ForeignKey(Artist, on_delete=models.PROTECT, related_name="work_roles")
    role = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        """An artist has a role in a work once."""

        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["work", "artist", "role"], name="work_role_once")
        ]

    def __str__(self) -> str:
        return f"{self.artist}: {self.role}"


class Recording(Collated):
    """One captured performance."""

    gid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(max_length=1000)
    sort_title = models.CharField(max_length=1000, blank=True)
    credit = models.ForeignKey(ArtistCredit, on_delete=models.PROTECT, related_name="recordings")
    works = models.ManyToManyField(Work, related_name="recordings", blank=True)
    asset = models.ForeignKey(Asset, on_delete=models.SET_NULL, null=True, related_name="recordings")
    isrc = models.CharField(max_length=12, null=True, blank=True, db_index=True)
    duration_ms = models.PositiveIntegerField(null=True)
    language = models.CharField(max_length=16, blank=True, help_text="BCP 47 tag of the title")
    explicit = models.BooleanField(default=False)
    mbid = models.UUIDField(null=True, blank=True, db_index=True, help_text="MusicBrainz recording")
    removed_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="since when it is not offered, its plays remain: its source is gone, or it was taken down, or it is "
        "handed in and never was offered yet, though a release of it may be heard early (rights.models.Early)",
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        """Newest first is the order of lists, or by title."""

        indexes: ClassVar = [
            models.Index(F("created_at").desc(), F("id").desc(), name="recording_newest"),
            models.Index(fields=["sort_title", "id"], name="recording_by_title"),
            models.Index(fields=["sort_zh", "id"], name="recording_by_pinyin"),
            models.Index(fields=["sort_ja", "id"], name="recording_by_kana"),
            models.Index(fields=["sort_ko", "id"], name="recording_by_hangul"),
            models.Index(fields=["id"], name="recording_offered", condition=Q(removed_at=None)),
        ]

    def __str__(self) -> str:
        return self.title


class RecordingCredit(models.Model):
    """Who did what on a recording: "composer", "mixing", "drums"."""

    recording = models.ForeignKey(Recording, on_delete=models.CASCADE, related_name="roles")
    artist = models.ForeignKey(Artist, on_delete=models.PROTECT, related_name="roles")
    role = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        """An artist has a role on a recording once."""

        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["recording", "artist", "role"], name="recording_role_once")
        ]

    def __str__(self) -> str:
        return f"{self.artist}: {self.role}"


class Release(Collated):
    """A single, EP or album with an ordered tracklist."""

    class Type(models.TextChoices):
        """Release group types, as MusicBrainz names them."""

        SINGLE = "single", _("Single")
        EP = "ep", _("EP")
        ALBUM = "album", _("Album")

    gid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(max_length=1000)
    sort_title = models.CharField(max_length=1000)
    credit = models.ForeignKey(ArtistCredit, on_delete=models.PROTECT, related_name="releases")
    type = models.CharField(max_length=8, choices=Type.choices)
    compilation = models.BooleanField(default=False)
    year = models.PositiveSmallIntegerField(null=True, db_index=True)
    month = models.PositiveSmallIntegerField(null=True)
    day = models.PositiveSmallIntegerField(null=True)
    upc = models.CharField(max_length=14, null=True, blank=True, db_index=True, help_text="GTIN, digits only")
    mbid = models.UUIDField(null=True, blank=True, db_index=True, help_text="MusicBrainz release")
    label = models.ForeignKey(
        Label, on_delete=models.PROTECT, null=True, blank=True, db_index=False, related_name="releases"
    )
    label_name = models.CharField(max_length=500, blank=True, help_text="as the release prints it")
    catalogue_number = models.CharField(max_length=80, blank=True, help_text="the label's own number for it")
    released = models.GeneratedField(
        expression=Coalesce(F("year"), 0) * 10_000 + Coalesce(F("month"), 0) * 100 + Coalesce(F("day"), 0),
        output_field=models.IntegerField(),
        db_persist=True,
        help_text="the date as one number, 20261121; parts that are not known are 0: what lists by date go by",
    )
    language = models.CharField(max_length=16, blank=True, help_text="BCP 47 tag of the title")
    notes = models.TextField(blank=True)
    removed_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="when its last recording was removed; also while it is to appear and heard early",
    )
    cover = models.ForeignKey(Cover, on_delete=models.SET_NULL, null=True, related_name="releases")
    genres = models.ManyToManyField(Genre, related_name="releases", blank=True)
    loudness_lufs = models.FloatField(null=True, help_text="integrated over the whole release")
    true_peak_dbtp = models.FloatField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        """A date is a year, then a month, then a day."""

        indexes: ClassVar = [
            models.Index(F("created_at").desc(), F("id").desc(), name="release_newest"),
            models.Index(fields=["sort_title", "id"], name="release_by_title"),
            models.Index(fields=["sort_zh", "id"], name="release_by_pinyin"),
            models.Index(fields=["sort_ja", "id"], name="release_by_kana"),
            models.Index(fields=["sort_ko", "id"], name="release_by_hangul"),
            models.Index(F("released").desc(), F("id").desc(), name="release_by_date"),
            models.Index(fields=["id"], name="release_offered", condition=Q(removed_at=None)),
            models.Index(F("label"), F("released").desc(), F("id").desc(), name="release_by_label"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(month__isnull=True) | Q(year__isnull=False), name="month_has_year"
            ),
            models.CheckConstraint(
                condition=Q(day__isnull=True) | Q(month__isnull=False), name="day_has_month"
            ),
            models.CheckConstraint(
                condition=Q(month__isnull=True) | Q(month__gte=1, month__lte=12), name="month_in_year"
            ),
            models.CheckConstraint(
                condition=Q(day__isnull=True) | Q(day__gte=1, day__lte=31), name="day_in_month"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Medium(models.Model):
    """One disc, or the digital whole."""

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="media")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=500, blank=True)

    class Meta:
        """Positions within a release are unique and in order."""

        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["release", "position"], name="medium_position")
        ]

    def __str__(self) -> str:
        return f"{self.release} {self.position}"


class Track(models.Model):
    """A recording's place on a medium, with the title and credit printed there."""

    medium = models.ForeignKey(Medium, on_delete=models.CASCADE, related_name="tracks")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=1000)
    credit = models.ForeignKey(ArtistCredit, on_delete=models.PROTECT, related_name="tracks")
    recording = models.ForeignKey(Recording, on_delete=models.PROTECT, related_name="tracks")

    class Meta:
        """Positions within a medium are unique and in order."""

        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["medium", "position"], name="track_position")
        ]

    def __str__(self) -> str:
        return self.title


class Lyrics(models.Model):
    """A recording's words, with times where they are synced."""

    class Form(models.TextChoices):
        """How exactly the words follow the music."""

        PLAIN = "plain", _("plain")
        LRC = "lrc", _("synced by line")
        ENHANCED = "enhanced", _("synced by word")

    recording = models.OneToOneField(Recording, on_delete=models.CASCADE, related_name="lyrics")
    form = models.CharField(max_length=8, choices=Form.choices)
    language = models.CharField(max_length=16, blank=True)
    source = models.TextField(help_text="as given: plain text, LRC or enhanced LRC")
    lines = models.JSONField(
        help_text='[{"start_ms": 1200, "text": "...", "words": [{"start_ms": 1200, "text": "..."}]}]'
    )

    def __str__(self) -> str:
        return f"{self.recording}: {self.form}"
