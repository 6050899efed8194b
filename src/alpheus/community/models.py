"""Tables of the community: follows."""

from typing import ClassVar

from django.db import models

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
