"""URL tokens: a short-lived word of this edge that a segment may be fetched, checked on every request.

A token stands in the query, outside any cache's key, and binds a name to a moment on the steady clock. Moments are
rounded so that everybody who is given the same segment at about the same time is given the same URL.
"""

import base64
import hashlib
import hmac
import math
import secrets

from alpheus.edge.clock import Clock
from alpheus.edge.errors import TokenExpired, TokenForged

_MAC_BYTES = 16
_STEP_SECONDS = 15
_TOKEN_CHARACTERS_MAX = 64


class UrlTokens:
    """Makes and checks the tokens of one edge process; its key is random and dies with it."""

    def __init__(self, clock: Clock, *, seconds: float) -> None:
        self._clock = clock
        self._seconds = seconds
        self._key = secrets.token_bytes(32)
        self._until = 0
        self._made: dict[str, str] = {}
        """Tokens of this moment by name: everybody who is given a segment now is given the same."""

    def make(self, name: str) -> str:
        """Make a token for a name, good for at least the configured time."""
        until = math.ceil((self._clock.steady() + self._seconds) / _STEP_SECONDS) * _STEP_SECONDS
        if until != self._until:
            self._until, self._made = until, {}
        token = self._made.get(name)
        if token is None:
            token = self._made[name] = f"{until:x}.{self._mac(name, until)}"
        return token

    def check(self, name: str, token: str) -> float:
        """How many seconds a token still holds.

        Raises:
            TokenForged: this process did not make it for this name.
            TokenExpired: its time is over.
        """
        if not self.is_ours(name, token):
            raise TokenForged("Ask for a new batch and use its URLs as they are.")
        left = _moment(token) - self._clock.steady()
        if left <= 0:
            raise TokenExpired("Ask for a new batch.")
        return left

    def is_ours(self, name: str, token: str) -> bool:
        """Whether this process made the token for this name, expired or not."""
        moment, _, mac = token.partition(".")
        if len(token) > _TOKEN_CHARACTERS_MAX or f"{_moment(token):x}" != moment:
            return False
        return hmac.compare_digest(mac.encode(), self._mac(name, _moment(token)).encode())

    def _mac(self, name: str, until: int) -> str:
        digest = hmac.digest(self._key, f"{until:x}/{name}".encode(), hashlib.sha256)
        return base64.urlsafe_b64encode(digest[:_MAC_BYTES])[:-2].decode()


def _moment(token: str) -> int:
    """The moment in a token, 0 when there is none."""
    try:
        return int(token.partition(".")[0], 16)
    except ValueError:
        return 0
