"""Tables of submissions: what is handed in and its tracks, what happened to it, who has it on the desk, uploads, evidence."""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alpheus.catalogue.models import Asset, Cover, Recording, Release
from alpheus.parties.models import Account, Artist
from alpheus.rights.rules import Where
from alpheus.submissions import rules


class Submission(models.Model):
    """What is handed in: an application with its one track, or a release of a shop; and what is declared of it."""

    class Kind(models.TextChoices):
        """What it is (rules.Kind)."""

        APPLICATION = rules.Kind.APPLICATION.value, _("Application")
        RELEASE = rules.Kind.RELEASE.value, _("Release")

    class State(models.TextChoices):
        """Where it stands (rules.State)."""

        DRAFT = rules.State.DRAFT.value, _("Draft")
        SUBMITTED = rules.State.SUBMITTED.value, _("Handed in")
        IN_AUDIT = rules.State.IN_AUDIT.value, _("In audit")
        INFORMATION_ASKED = rules.State.INFORMATION_ASKED.value, _("A question to you")
        ACCEPTED = rules.State.ACCEPTED.value, _("Accepted")
        REFUSED = rules.State.REFUSED.value, _("Refused")
        WITHDRAWN = rules.State.WITHDRAWN.value, _("Withdrawn")

    class Ai(models.TextChoices):
        """What of it a machine made (rules.Ai)."""

        NONE = rules.Ai.NONE.value, _("No AI")
        ASSISTED = rules.Ai.ASSISTED.value, _("AI helped")
        GENERATED = rules.Ai.GENERATED.value, _("Made by AI")

    class Prelisten(models.TextChoices):
        """From when on previews are heard before it appears (rules.Prelisten)."""

        NEVER = rules.Prelisten.NEVER.value, _("Not at all")
        ACCEPTED = rules.Prelisten.ACCEPTED.value, _("As soon as it is accepted")
        FROM = rules.Prelisten.FROM.value, _("From this minute on")

    class Reason(models.TextChoices):
        """Why it was refused (rules.Reason)."""

        COVER = rules.Reason.COVER.value, _("It is a cover of somebody else's work")
        NOT_OWNER = rules.Reason.NOT_OWNER.value, _("The recording belongs to somebody else")
        HELD_ALREADY = rules.Reason.HELD_ALREADY.value, _("The recording is here already")
        BORROWED_PARTS = rules.Reason.BORROWED_PARTS.value, _("It borrows parts without a licence")
        AI_UNDECLARED = rules.Reason.AI_UNDECLARED.value, _("AI was used and not declared")
        MISLEADING = rules.Reason.MISLEADING.value, _("Its name or title misleads")
        UNFIT = rules.Reason.UNFIT.value, _("The sound is damaged or unfinished")

    gid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="submissions")
    shop = models.ForeignKey(
        "shops.Shop",
        on_delete=models.CASCADE,
        null=True,
        related_name="submissions",
        help_text="the label's shop that it is handed in for; none: the account's own",
    )
    artist = models.ForeignKey(
        Artist,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="of the label's roster, whose release it is",
    )
    kind = models.CharField(max_length=11, choices=Kind.choices, default=Kind.APPLICATION)
    state = models.CharField(max_length=20, choices=State.choices, default=State.DRAFT)
    artist_name = models.CharField(max_length=500, blank=True)
    artist_key = models.CharField(max_length=500, blank=True, db_index=True, help_text="the name folded")
    country = models.CharField(max_length=2, blank=True, help_text="ISO 3166-1 alpha-2")
    links = models.TextField(blank=True, help_text="one address a line")
    title = models.CharField(max_length=1000, blank=True)
    statement = models.TextField(blank=True, help_text="what the applicant tells the auditor")
    ai = models.CharField(max_length=10, choices=Ai.choices, blank=True)
    owns_recording = models.BooleanField(default=False)
    owns_composition = models.BooleanField(default=False)
    no_cover = models.BooleanField(default=False)
    type = models.CharField(
        max_length=8,
        choices=Release.Type.choices,
        blank=True,
        help_text="a release's; empty: told by its tracks",
    )
    genres = models.CharField(max_length=500, blank=True, help_text="with commas")
    language = models.CharField(max_length=16, blank=True, help_text="BCP 47 tag of the title")
    notes = models.TextField(blank=True, help_text="what listeners read of it")
    upc = models.CharField(max_length=40, blank=True, help_text="as typed")
    disc_titles = models.TextField(
        blank=True, help_text="one a line, the first disc's first; empty lines have none"
    )
    catalogue_number = models.CharField(max_length=100, blank=True, help_text="the label's own")
    cover = models.ForeignKey(Cover, on_delete=models.SET_NULL, null=True, related_name="+")
    where = models.CharField(
        max_length=6,
        choices=[(it.value, it.value) for it in Where],
        blank=True,
        help_text="rights' Where: everywhere, only in its territories, or everywhere but in them",
    )
    territories = models.TextField(blank=True, help_text="ISO 3166-1 alpha-2, with spaces between")
    price = models.CharField(
        max_length=40, blank=True, help_text="what a sheet asks for it once it appears: free, or 8.00 CNY"
    )
    due_local = models.CharField(
        max_length=16,
        blank=True,
        help_text="when it shall appear, by the clocks of `zone`: 2026-12-01T18:00",
    )
    zone = models.CharField(max_length=64, blank=True, help_text="IANA's name of a time zone")
    due_at = models.DateTimeField(null=True, help_text="the same moment; none: as soon as it is accepted")
    prelisten = models.CharField(
        max_length=8,
        choices=Prelisten.choices,
        blank=True,
        default=rules.Prelisten.NEVER.value,
        help_text="from when on previews are heard before it appears",
    )
    prelisten_local = models.CharField(
        max_length=16, blank=True, help_text="from which minute on, by the clocks of `zone`"
    )
    prelisten_at = models.DateTimeField(null=True, help_text="the same moment")
    early = models.ForeignKey(
        Release,
        on_delete=models.SET_NULL,
        null=True,
        db_index=False,
        related_name="+",
        help_text="what is shown of it before it appears; then it is its release",
    )
    by_hand = models.BooleanField(
        default=False, help_text="whether its tracks were put in order: then files' numbers say no more"
    )
    release = models.ForeignKey(
        Release, on_delete=models.SET_NULL, null=True, related_name="+", help_text="what came of it"
    )
    published_at = models.DateTimeField(null=True)
    appealed = models.BooleanField(default=False)
    reason = models.CharField(max_length=20, choices=Reason.choices, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now, help_text="when a field was last saved")
    submitted_at = models.DateTimeField(null=True, help_text="since when it waits for a decision")
    decided_at = models.DateTimeField(null=True, db_index=True)

    class Meta:
        """One application under way per account; a refusal has its reason; what waits says since when."""

        indexes: ClassVar = [
            models.Index(
                fields=["submitted_at", "id"],
                name="submission_queue",
                condition=Q(state__in=["submitted", "in_audit"]),
            ),
            models.Index(
                fields=["due_at", "id"],
                name="submission_to_publish",
                condition=Q(state="accepted", kind="release", published_at=None),
            ),
            models.Index(fields=["upc"], name="submission_upc", condition=~Q(upc="")),
            models.Index(fields=["early"], name="submission_early", condition=Q(early__isnull=False)),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account"],
                name="submission_one_under_way",
                condition=Q(
                    kind="application", state__in=["draft", "submitted", "in_audit", "information_asked"]
                ),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[it.value for it in rules.Kind]), name="submission_kind"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[it.value for it in rules.State]), name="submission_state"
            ),
            models.CheckConstraint(
                condition=Q(prelisten__in=[it.value for it in rules.Prelisten]), name="submission_prelisten"
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(reason=""), name="submission_refused_why"
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(submitted_at__isnull=False), name="submission_since"
            ),
        ]

    def __str__(self) -> str:
        return self.title or str(self.gid)


class Track(models.Model):
    """One piece of what is handed in: its sound, and what is said of it. An application has exactly one."""

    gid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="tracks")
    former = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        help_text="of the version before, which it was copied from",
    )
    position = models.PositiveSmallIntegerField(help_text="from 0, over all discs")
    disc = models.PositiveSmallIntegerField(default=1)
    number = models.PositiveIntegerField(null=True, help_text="as its file says: 1000 x disc + track")
    title = models.CharField(max_length=1000, blank=True)
    artist_name = models.CharField(max_length=1000, blank=True, help_text="where not the release's")
    isrc = models.CharField(max_length=40, blank=True, help_text="as typed")
    explicit = models.BooleanField(default=False)
    language = models.CharField(max_length=16, blank=True, help_text="BCP 47 tag of what is sung")
    lyrics = models.TextField(blank=True, help_text="plain or LRC")
    composers = models.TextField(blank=True, help_text="who wrote the music, one a line")
    lyricists = models.TextField(blank=True, help_text="who wrote the words, one a line")
    publishers = models.TextField(blank=True, help_text="of the work, one a line")
    credits = models.TextField(blank=True, help_text="who did what on it, one a line: drums: Mei")
    asset = models.ForeignKey(Asset, on_delete=models.SET_NULL, null=True, related_name="+")
    recording = models.ForeignKey(
        Recording,
        on_delete=models.SET_NULL,
        null=True,
        related_name="submitted",
        help_text="not offered while here",
    )
    source_sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    price = models.CharField(
        max_length=40, blank=True, help_text="what a sheet asks for it by itself: free, or 0.80 CNY"
    )

    class Meta:
        """In the order of who hands it in."""

        ordering: ClassVar = ["position", "id"]
        indexes: ClassVar = [models.Index(fields=["isrc"], name="submitted_isrc")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(disc__gte=1, disc__lte=99), name="submitted_disc")
        ]

    def __str__(self) -> str:
        return self.title or str(self.gid)


class MintedIsrc(models.Model):
    """An ISRC that was given under the operator's prefix. Rows stay, so that none is ever given twice."""

    code = models.CharField(max_length=12, unique=True)
    track = models.UUIDField(help_text="the gid of the track that it was minted for")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.code


class MintedUpc(models.Model):
    """A UPC that was given under the operator's prefix. Rows are added and never change, so that none is ever given twice."""

    code = models.CharField(max_length=13, unique=True, help_text="as a GTIN-13")
    submission = models.UUIDField(db_index=True, help_text="the gid of the submission that it was minted for")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.code


class Step(models.Model):
    """What happened to a submission. Rows are added and never changed: the database refuses it.

    It outlives the submission of an account that was erased, and then names nobody: who did it is a random number,
    and of what was said only the digest is kept here.
    """

    submission: "models.ForeignKey[Any, Any]" = models.ForeignKey(
        Submission, on_delete=models.DO_NOTHING, db_constraint=False, related_name="steps"
    )
    number = models.PositiveIntegerField(help_text="counted from 1")
    event = models.CharField(max_length=12, help_text="rules.Event")
    before = models.CharField(max_length=20, help_text="rules.State")
    after = models.CharField(max_length=20, help_text="rules.State")
    actor = models.UUIDField(db_index=True, help_text="the gid of the account that did it")
    reason = models.CharField(
        max_length=20, blank=True, help_text="rules.Reason; of an opinion its rules.Leaning"
    )
    words_sha256 = models.CharField(max_length=64, blank=True, help_text="of what was said, UTF-8")
    at = models.DateTimeField(db_index=True)

    class Meta:
        """Numbered without a gap that two could fill."""

        ordering: ClassVar = ["number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["submission", "number"], name="step_number")]

    def __str__(self) -> str:
        return f"{self.submission_id}.{self.number} {self.event}"


class Words(models.Model):
    """What was said at a step: a question, an answer, a personal line, why it is passed on."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="words")
    number = models.PositiveIntegerField(help_text="the step's")
    text = models.TextField()

    class Meta:
        """Said once."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["submission", "number"], name="words_of_step")
        ]

    def __str__(self) -> str:
        return f"{self.submission_id}.{self.number}"


class Hearing(models.Model):
    """That an auditor played a track while it waited to be judged: the press, and each play that the key log told of.

    A hearing is of one grant. What the key log tells later has the play's ordinal; the press itself has none.
    """

    track = models.ForeignKey(Track, on_delete=models.CASCADE, related_name="hearings")
    auditor = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="hearings")
    grant = models.UUIDField(help_text="the gid of the grant that it was played under")
    ordinal = models.PositiveIntegerField(null=True, help_text="the play's in its stream; none: the press")
    begun_at = models.DateTimeField()
    heard_ms = models.PositiveIntegerField(null=True, help_text="as the key log tells; none: it told nothing")

    class Meta:
        """Each play is told once, however often its log is read; what was heard is known where it was told."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["track", "grant", "ordinal"], name="hearing_of_play"),
            models.CheckConstraint(
                condition=Q(ordinal=None, heard_ms=None) | Q(ordinal__isnull=False, heard_ms__isnull=False),
                name="hearing_told",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.track_id}: {self.auditor_id} {self.heard_ms or 0} ms"


class HeardThen(models.Model):
    """What whoever decided, or gave an opinion, had heard of a track by then. Rows are added and never changed, like steps."""

    submission: "models.ForeignKey[Any, Any]" = models.ForeignKey(
        Submission, on_delete=models.DO_NOTHING, db_constraint=False, related_name="heard"
    )
    number = models.PositiveIntegerField(help_text="the step's")
    position = models.PositiveSmallIntegerField(help_text="the track's, from 0")
    track = models.UUIDField(help_text="the track's gid")
    was_played = models.BooleanField()
    was_needed = models.BooleanField(help_text="whether it had to be heard")
    heard_ms = models.PositiveIntegerField(null=True, help_text="none: the key log had told nothing yet")

    class Meta:
        """Said once of each track."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["submission", "number", "position"], name="heard_then_of_track")
        ]

    def __str__(self) -> str:
        return f"{self.submission_id}.{self.number}.{self.position}: {self.heard_ms or 0} ms"


class Claim(models.Model):
    """A submission on an auditor's desk, for as long as they give a sign of themselves."""

    submission = models.OneToOneField(Submission, on_delete=models.CASCADE, related_name="claim")
    auditor = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="claims")
    taken_at = models.DateTimeField()
    until = models.DateTimeField(help_text="then another may take it")

    def __str__(self) -> str:
        return f"{self.submission_id}: {self.auditor_id}"


class Opinion(models.Model):
    """A question of whoever decides to their colleagues, and what came of it. What was said stands with the steps."""

    class Leaning(models.TextChoices):
        """What a colleague would do (rules.Leaning)."""

        ACCEPT = rules.Leaning.ACCEPT.value, _("Would accept it")
        REFUSE = rules.Leaning.REFUSE.value, _("Would refuse it")
        UNSURE = rules.Leaning.UNSURE.value, _("Is unsure")

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="opinions")
    asker = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField(help_text="of the step that asked")
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(
        null=True, help_text="answered, taken back, or nobody's to decide any more"
    )
    leaning = models.CharField(max_length=12, choices=Leaning.choices, blank=True)
    given_number = models.PositiveIntegerField(null=True, help_text="of the step that answered")

    class Meta:
        """One question at a time; what is answered says what the colleague would do."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["submission"], name="opinion_one_asked", condition=Q(ended_at=None)
            ),
            models.CheckConstraint(
                condition=Q(leaning="", given_number=None)
                | Q(
                    leaning__in=[it.value for it in rules.Leaning],
                    given_number__isnull=False,
                    ended_at__isnull=False,
                ),
                name="opinion_given",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission_id}.{self.number} {self.leaning}"


class Upload(models.Model):
    """A file on its way here. Its bytes lie in the uploads' folder under its gid; what arrived is their number there."""

    class State(models.TextChoices):
        """How far it is."""

        ARRIVING = "arriving", _("arriving")
        WHOLE = "whole", _("being prepared")
        TAKEN = "taken", _("ready")
        REFUSED = "refused", _("not taken")

    class Trouble(models.TextChoices):
        """Why a file was not taken."""

        UNREADABLE = "unreadable", _("This is no sound that can be read. Send a WAV, FLAC or AIFF file.")
        TOO_SHORT = "too_short", _("It is shorter than a piece of music. Send the whole recording.")
        TOO_LONG = "too_long", _("It is longer than four hours. Send one piece.")
        PROTECTED = "protected", _("It is protected against copying. Send the file it was made from.")
        SILENT = "silent", _("It is silent from beginning to end. Send the recording itself.")
        NOT_PREPARED = (
            "not_prepared",
            _(
                "It could not be prepared here, though it was tried for most of a day. The fault is ours, not the file's. Send it again."
            ),
        )
        NO_ZIP = (
            "no_zip",
            _(
                "This is no zip that can be read, or it would be many times as large unpacked. Send the folder instead."
            ),
        )

    gid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="uploads")
    track = models.ForeignKey(Track, on_delete=models.CASCADE, null=True, related_name="uploads")
    intake = models.ForeignKey(
        "submissions.Intake",
        on_delete=models.CASCADE,
        null=True,
        related_name="uploads",
        help_text="whose zip it is; then it is no track's",
    )
    state = models.CharField(max_length=8, choices=State.choices, default=State.ARRIVING)
    trouble = models.CharField(max_length=12, choices=Trouble.choices, blank=True)
    length = models.PositiveBigIntegerField(help_text="bytes that it will have")
    filename = models.CharField(max_length=255, blank=True, help_text="as the browser calls it; never a path")
    metadata = models.TextField(blank=True, help_text="Upload-Metadata as it was sent")
    phase = models.CharField(max_length=16, blank=True, help_text="the ingest phase at work")
    fraction = models.FloatField(default=0, help_text="how much of all phases is done, 0 to 1")
    is_lossy = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        """What is refused says why; it is for a track or for an intake."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(length__gt=0), name="upload_length"),
            models.CheckConstraint(
                condition=Q(track__isnull=False, intake=None) | Q(track=None, intake__isnull=False),
                name="upload_for_one",
            ),
            models.CheckConstraint(condition=~Q(state="refused") | ~Q(trouble=""), name="upload_refused_why"),
        ]

    def __str__(self) -> str:
        return self.filename or str(self.gid)


class Evidence(models.Model):
    """What a machine found about a submission (ingest.evidence.Finding, or a clash with what is here). Decides nothing."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="evidence")
    track = models.ForeignKey(
        Track,
        on_delete=models.CASCADE,
        null=True,
        related_name="evidence",
        help_text="none: about who handed it in",
    )
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=40)
    measured = models.JSONField(default=dict, help_text="names and figures")
    confidence = models.FloatField(help_text="0 to 1")
    passages = models.JSONField(default=list, help_text="[[own_ms, other_ms, length_ms], ...]")
    other = models.CharField(
        max_length=64, blank=True, help_text="the asset or submission it is compared with"
    )

    class Meta:
        """In the order in which it was found."""

        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["submission", "position"], name="evidence_position"),
            models.CheckConstraint(
                condition=Q(confidence__gte=0, confidence__lte=1), name="evidence_confidence"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission_id}: {self.kind}"


# Django finds the tables of an app in what this module imports; those of bulk intake refer to Submission by name.
from alpheus.submissions.bulk import models as _bulk  # noqa: E402, F401
