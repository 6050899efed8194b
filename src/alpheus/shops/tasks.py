"""What a worker does for this room: has labels' prices follow their agreements, offers what stands without a price, tells who waits to buy, tells search of open shops."""

from django.utils import timezone

from alpheus.shops import indexing
from alpheus.shops.brand.follow_agreement import follow_agreements
from alpheus.shops.offers.offer_by_default import offer_what_stands
from alpheus.shops.offers.tell_wishes import tell_wishes
from alpheus.tasks.schedule import every


@every(seconds=600)
def offer() -> None:
    """Offer what stands in shops without a price."""
    offer_what_stands(now=timezone.now())


@every(seconds=5)
def tell() -> None:
    """Write to who asked for it that something is on sale."""
    tell_wishes(now=timezone.now())


@every(seconds=3600)
def index() -> None:
    """Have open shops found, those too that opened before shops were searched."""
    indexing.rebuild()


@every(seconds=20)
def follow() -> None:
    """Ask for labels' tracks what their agreements say from today on."""
    follow_agreements(now=timezone.now())
