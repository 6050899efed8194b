"""Tables of moves: who goes where, and who said what to it."""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from alpheus.parties.models import Account, Artist
from alpheus.shops.moves import rules


class Move(models.Model):
    """An artist goes from a label or from independence to another label or into independence."""

    class State(models.TextChoices):
        """Where it stands (rules.State)."""

        ASKED = rules.State.ASKED.value, _("Waits for an answer")
        MOVED = rules.State.MOVED.value, _("Moved")
        DECLINED = rules.State.DECLINED.value, _("Declined")
        WITHDRAWN = rules.State.WITHDRAWN.value, _("Withdrawn")

    gid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    artist = models.ForeignKey(Artist, on_delete=models.PROTECT, related_name="moves")
    musician = models.ForeignKey(
        Account, on_delete=models.SET_NULL, null=True, related_name="moves", help_text="who runs the artist"
    )
    email = models.EmailField(
        max_length=320, blank=True, help_text="where who runs the artist is asked, while no account is known"
    )
    from_shop = models.ForeignKey(
        "shops.Shop",
        on_delete=models.SET_NULL,
        null=True,
        related_name="moves_from",
        help_text="where they are; an independent's is the artist's own",
    )
    to_shop = models.ForeignKey(
        "shops.Shop",
        on_delete=models.SET_NULL,
        null=True,
        related_name="moves_to",
        help_text="the label; none: into independence",
    )
    takes_releases = models.BooleanField(help_text="whether what is out moves with them")
    state = models.CharField(max_length=9, choices=State.choices, default=State.ASKED)
    link = models.URLField(max_length=500, help_text="where it is seen and answered, for letters")
    asked_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        """The latest first; the same is asked once at a time."""

        ordering: ClassVar = ["-asked_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=[it.value for it in rules.State]), name="move_state"
            ),
            models.CheckConstraint(
                condition=Q(state="asked") | Q(settled_at__isnull=False), name="move_settled_when"
            ),
            models.UniqueConstraint(
                fields=["artist", "to_shop"], condition=Q(state="asked"), name="move_asked_once"
            ),
            models.UniqueConstraint(
                fields=["artist"],
                condition=Q(state="asked", to_shop=None),
                name="move_out_asked_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.artist_id}: {self.from_shop_id} to {self.to_shop_id}"


class MoveStep(models.Model):
    """What happened to a move, and what moved at last. Rows are added and never changed: the database refuses it."""

    class Event(models.TextChoices):
        """What (rules.Event); the first is that it was asked."""

        ASK = "ask", _("Asked")
        AGREE = rules.Event.AGREE.value, _("Agreed")
        MOVE = rules.Event.MOVE.value, _("Agreed, and moved")
        DECLINE = rules.Event.DECLINE.value, _("Declined")
        WITHDRAW = rules.Event.WITHDRAW.value, _("Withdrawn")

    class Side(models.TextChoices):
        """Whose word it is (rules.Side)."""

        ARTIST = rules.Side.ARTIST.value, _("Artist")
        FROM = rules.Side.FROM.value, _("The label before")
        TO = rules.Side.TO.value, _("The label after")

    move: "models.ForeignKey[Any, Any]" = models.ForeignKey(
        Move, on_delete=models.DO_NOTHING, db_constraint=False, related_name="steps"
    )
    number = models.PositiveIntegerField(help_text="counted from 1")
    event = models.CharField(max_length=8, choices=Event.choices)
    side = models.CharField(max_length=6, choices=Side.choices)
    actor = models.UUIDField(help_text="the gid of the account that did it")
    releases = models.PositiveIntegerField(default=0, help_text="that moved with them")
    tracks = models.PositiveIntegerField(default=0, help_text="likewise")
    at = models.DateTimeField()

    class Meta:
        """Numbered without a gap that two could fill."""

        ordering: ClassVar = ["number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["move", "number"], name="move_step_number")]

    def __str__(self) -> str:
        return f"{self.move_id}.{self.number} {self.event}"
