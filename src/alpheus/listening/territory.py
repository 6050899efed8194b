"""Where a listener is, as far as the installation is told: by a proxy of ours, else by its own setting."""

from collections.abc import Mapping

from django.conf import settings

from alpheus.listening.models import Device
from alpheus.listening.terms import Terms
from alpheus.parties.models import Account

_LETTERS = 2
_UNKNOWN = frozenset({"XX", "T1", "ZZ"})
"""What proxies write where they do not know: Cloudflare's XX and T1 (Tor), ISO's own ZZ."""


def territory_of(headers: Mapping[str, str], *, proxied: bool, terms: Terms) -> str:
    """The ISO 3166-1 alpha-2 code of where a request comes from, or "" where nobody says so.

    Args:
        headers: the request's, their names in any case.
        proxied: whether every request passes a proxy of ours, which overwrites the header; else anybody could write it.
        terms: the installation's.
    """
    said = (
        headers.get(terms.territory_header, "").strip().upper() if proxied and terms.territory_header else ""
    )
    is_code = len(said) == _LETTERS and said.isascii() and said.isalpha() and said not in _UNKNOWN
    return said if is_code else terms.territory


def territory_here(headers: Mapping[str, str]) -> str:
    """The same by this installation's settings."""
    return territory_of(headers, proxied=settings.TRUSTED_PROXIES > 0, terms=settings.LISTENING)


def territory_known_of(account: Account) -> str:
    """Where an account's latest device that told was, for what is said to who does not ask; else the installation's own setting."""
    devices = Device.objects.filter(listener__account=account).exclude(territory="")
    last = devices.order_by("-seen_at", "-pk").values_list("territory", flat=True).first()
    return last or settings.LISTENING.territory
