"""Tables of the community: follows, and what their followers could not be told yet."""

from typing import ClassVar

from django.db import models

from alpheus.catalogue.models import Release
from alpheus.parties.models import Account
from alpheus.shops.models import Shop


class Follow(models.Model):
    """An account follows a shop; letters come only to who asked for them."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="follows")
    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, related_name="followers")
    mail = models.BooleanField(default=False, help_text="whether they asked for letters")
    link = models.URLField(max_length=500, help_text="the shop's page, as the follower came to it")
    since = models.DateTimeField()
    told_until = models.DateTimeField(help_text="what was published until then they know of")

    class Meta:
        """Once; letters go by shop."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["account", "shop"], name="follow_once")]
        indexes: ClassVar = [models.Index(fields=["mail", "told_until"], name="follow_to_tell")]

    def __str__(self) -> str:
        return f"{self.account_id} follows {self.shop_id}"


class Untold(models.Model):
    """A release that a follower was not told of, because it was not offered where they were.

    It keeps how the release was closed then: while that is so, nobody need look again.
    """

    follow = models.ForeignKey(Follow, on_delete=models.CASCADE, related_name="untold")
    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="+")
    rule = models.CharField(max_length=6, help_text="of its availability, when it was last looked at")
    territories = models.TextField(help_text="the same")

    class Meta:
        """Once."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["follow", "release"], name="untold_once"),
        ]

    def __str__(self) -> str:
        return f"{self.release_id} to {self.follow_id}"
