"""A shop's releases as Atom (RFC 4287), the latest first: whoever reads feeds hears of them without an account."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.feedgenerator import Atom1Feed

from alpheus.catalogue.models import Release
from alpheus.shops import queries
from alpheus.shops.errors import ShopUnknown
from alpheus.shops.models import Shop

if TYPE_CHECKING:
    _Feed = Feed[Release, Shop]
else:
    _Feed = Feed  # the stubs alone know what it is of

LATEST = 50


class ShopFeed(_Feed):
    """The feed at `/@handle/feed`."""

    feed_type = Atom1Feed

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Write it; what a shop offers differs from place to place, so that nobody keeps it for others."""
        answer = super().__call__(request, *args, **kwargs)
        patch_cache_control(answer, private=True, no_cache=True)
        return answer

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Shop:  # noqa: ARG002 - Django's
        """The shop that is open at the address."""
        try:
            return queries.shop_at(str(kwargs["handle"]))
        except ShopUnknown as error:
            raise Http404 from error

    def title(self, obj: Shop) -> str:
        """Whose feed it is."""
        return obj.name

    def subtitle(self, obj: Shop) -> str:
        """What they say of themselves."""
        return obj.biography

    def link(self, obj: Shop) -> str:
        """The shop's page."""
        return reverse("web:shop", args=[obj.handle])

    def feed_guid(self, obj: Shop) -> str:
        """The same whatever its address."""
        return obj.gid.urn

    def author_name(self, obj: Shop) -> str:
        """Who makes the music."""
        return obj.name

    def items(self, obj: Shop) -> list[Release]:
        """What stands in it, the latest first."""
        return sorted(queries.releases_shown_in(obj), key=lambda it: it.created_at, reverse=True)[:LATEST]

    def item_title(self, item: Release) -> str:
        """A release's title."""
        return item.title

    def item_description(self, item: Release) -> str:
        """Its notes."""
        return item.notes

    def item_link(self, item: Release) -> str:
        """Its page."""
        return reverse("web:release", args=[item.gid])

    def item_guid(self, item: Release) -> str:
        """The same for ever."""
        return item.gid.urn

    def item_author_name(self, item: Release) -> str:
        """Its credit."""
        return item.credit.name

    def item_pubdate(self, item: Release) -> datetime:
        """When it was published."""
        return item.created_at

    def item_updateddate(self, item: Release) -> datetime:
        """The same: a new version is a new release."""
        return item.created_at
