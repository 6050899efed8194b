"""Where letters to an address end up."""


def mailbox(address: str) -> str:
    """An address without the tag that its owner may add (RFC 5233), in small letters."""
    local, _, domain = address.casefold().rpartition("@")
    return f"{local.partition('+')[0] or local}@{domain}"
