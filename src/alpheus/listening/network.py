"""A guest's network as an edge may know it: enough to cap it, not enough to find it."""

import hashlib
import hmac
from ipaddress import IPv6Address, ip_address


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
