"""A guest's network as an edge may know it: enough to cap it, not enough to find it."""

import hashlib
import hmac
from ipaddress import IPv6Address, ip_address

from django.http import HttpRequest


def client_address(request: HttpRequest, trusted: int) -> str:
    """The address that a request comes from, as far as we can know it.

    Each proxy appends the address that it saw to X-Forwarded-For, so what the outermost of ours wrote is counted from
    the right; what stands before it the client may have invented. A request with fewer entries did not pass them all,
    and only the address that it connected from is sure.

    Args:
        request: what came.
        trusted: how many proxies of ours append to X-Forwarded-For; with 0 the header is ignored.
    """
    seen = request.headers.get("X-Forwarded-For", "").split(",")
    address = seen[-trusted].strip() if 0 < trusted <= len(seen) else ""
    return _without_port(address) or str(request.META.get("REMOTE_ADDR", ""))


def _without_port(address: str) -> str:
    """Some proxies write 192.0.2.1:4711 and [2001:db8::1]:4711."""
    if address.startswith("["):
        return address[1:].partition("]")[0]
    return address.partition(":")[0] if address.count(":") == 1 else address


def network_of(address: str, *, secret: bytes) -> str:
    """An opaque name of the network that an address belongs to, or "" where there is no address.

    A network is one IPv4 address (a household, a carrier's gateway) or one IPv6 /64 (a site's link).
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return ""
    if isinstance(parsed, IPv6Address):
        parsed = parsed.ipv4_mapped or parsed
    network = parsed.packed[:8] if isinstance(parsed, IPv6Address) else parsed.packed
    return hmac.new(secret, b"network" + network, hashlib.sha256).hexdigest()[:32]
