"""Tell whether two payees gave the same details, and keep nothing by which anybody reads them.

Beside the sealed fields lie keyed digests (HMAC-SHA256, RFC 2104): without the installation's key nobody can try out bank
numbers against them, as they could against plain digests. The key of a digest is derived from that of sealing (HKDF, RFC
5869), so both are rotated by one command, which makes all digests anew; until it has, those under older keys are found too.
"""

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Mapping, Sequence
from enum import StrEnum

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from alpheus.parties.sealing import key_name

_LEAST = 4
"""Letters and digits that something must have to say anything."""


class Kind(StrEnum):
    """What of two payees is the same."""

    ACCOUNT = "account"
    """Where they are paid: the bank account, or the one at Alipay."""
    TAX = "tax"
    ADDRESS = "address"


def told(fields: Mapping[str, str]) -> dict[Kind, str]:
    """What of details is compared, made comparable: letters and digits only, in one case and width."""
    found = {
        Kind.ACCOUNT: _plain(fields.get("bank_account", "") or fields.get("alipay_account", "")),
        Kind.TAX: _plain(fields.get("tax_number", "")),
        Kind.ADDRESS: _plain(fields.get("address", "")),
    }
    return {kind: text for kind, text in found.items() if len(text) >= _LEAST}


def digests(fields: Mapping[str, str], *, key: bytes) -> dict[Kind, str]:
    """Keyed digests of what is compared."""
    derived = HKDF(SHA256(), 32, salt=None, info=b"alpheus details traces").derive(key)
    return {
        kind: hmac.new(derived, f"{kind.value}\x00{text}".encode(), hashlib.sha256).hexdigest()
        for kind, text in told(fields).items()
    }


def name_of(key: bytes) -> str:
    """What a digest calls the key that it was made under."""
    return key_name(key).hex()


def all_digests(fields: Mapping[str, str], *, keys: Sequence[bytes]) -> dict[Kind, set[str]]:
    """The same under each of the installation's keys: some may not be made anew yet."""
    found: dict[Kind, set[str]] = {}
    for key in keys:
        for kind, digest in digests(fields, key=key).items():
            found.setdefault(kind, set()).add(digest)
    return found


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).casefold()
