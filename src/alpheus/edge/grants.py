"""Grants: web's signed word that a stream may hear a recording (EdDSA JSON Web Tokens, RFC 7519 and RFC 8037)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from alpheus.edge.clock import Clock
from alpheus.edge.errors import GrantForged, GrantOtherEdge, OptionsError

ISSUER = "alpheus"
LIFETIME_SECONDS_MAX = 3600
"""However long a grant says it lives, it is honoured for an hour at most."""
TOKEN_CHARACTERS_MAX = 4096
APART_SECONDS = 60.0
"""How far web's clock may be from the edge's; further, one of them has jumped."""

_ID = re.compile(r"[0-9a-f]{32}\Z")
_REQUIRED = ["jti", "iat", "exp", "aud", "iss", "acc", "str", "rec", "ast", "rnd", "win"]


@dataclass(frozen=True, slots=True)
class Grant:
    """What a token says.

    `window` is the first sample that may be heard and the one after the last; `issued_at` and `expires_at` are web's
    wall clock in seconds; ids are 32 hexadecimal digits.
    """

    id: str
    account: str
    network: str
    stream: str
    recording: str
    asset: str
    renditions: frozenset[str]
    window: tuple[int, int]
    preview: bool
    territory: str
    issued_at: int
    expires_at: int
    moved_seconds: int | None = None
    """How long before it was issued another edge may still have released music to the account; None: no matter."""

    def remaining_seconds(self, clock: Clock) -> float:
        """How long it still holds, at most its own lifetime and an hour; zero or less when it is over.

        Web's dates are compared to both of our clocks and the later end counts: a wall clock that jumped on either
        machine must not silence everybody, and no listener can move one.
        """
        left = max(self.expires_at - clock.wall(), self.expires_at - clock.steady())
        return min(left, self.expires_at - self.issued_at, LIFETIME_SECONDS_MAX)

    def moved_for(self, clock: Clock) -> float | None:
        """For how many seconds no other edge can have released music to the account; None when for long."""
        if self.moved_seconds is None:
            return None
        # A token may be shown once more much later: what has flowed in since then is the listener's. Which of our clocks
        # agrees with web's is not known after a jump of either: the smaller age is never too much.
        ages = [now - self.issued_at - 1 for now in (clock.steady(), clock.wall())]
        return self.moved_seconds + max(0.0, min((age for age in ages if age > -APART_SECONDS), default=0.0))


class GrantVerifier:
    """Reads tokens that web signed for this edge."""

    def __init__(self, public_key_pem: str, edge_id: str) -> None:
        try:
            key = load_pem_public_key(public_key_pem.encode())
        except ValueError as error:
            raise OptionsError(f"grant_public_key is no PEM public key: {error}") from error
        if not isinstance(key, Ed25519PublicKey):
            raise OptionsError("grant_public_key must be an Ed25519 key.")
        self._key = key
        self._edge_id = edge_id
        self._jwt = jwt.PyJWT()

    def read(self, token: str) -> Grant:
        """Verify a token's signature and audience and read it; whether it has expired is the caller's question.

        Raises:
            GrantForged: web did not sign this, or not as a grant.
            GrantOtherEdge: it is for another edge.
        """
        if len(token) > TOKEN_CHARACTERS_MAX:
            raise GrantForged("A grant is shorter than 4 KiB.")
        try:
            claims = self._jwt.decode(
                token,
                self._key,
                algorithms=["EdDSA"],
                issuer=ISSUER,
                # Dates are compared by `Grant.remaining_seconds`, the audience below, each with its own answer.
                options={"require": _REQUIRED, "verify_aud": False, "verify_exp": False, "verify_iat": False},
            )
        except (jwt.PyJWTError, ValueError, TypeError) as error:
            raise GrantForged("A token does not verify. Ask web for new grants.") from error
        if claims["aud"] != self._edge_id:
            raise GrantOtherEdge("A grant names another edge. Send it there.")
        return _grant(claims)


def _grant(claims: Mapping[str, object]) -> Grant:
    try:
        first, end = _whole(claims["win"])
        grant = Grant(
            id=_id(claims["jti"]),
            account=_id(claims["acc"]),
            network=_text(claims.get("net") or ""),
            stream=_id(claims["str"]),
            recording=_id(claims["rec"]),
            asset=_id(claims["ast"]),
            renditions=frozenset(_texts(claims["rnd"])),
            window=(first, end),
            preview=claims.get("pre", False) is True,
            territory=_text(claims.get("ter") or ""),
            issued_at=_number(claims["iat"]),
            expires_at=_number(claims["exp"]),
            moved_seconds=None if claims.get("mov") is None else _number(claims["mov"]),
        )
    except (ValueError, TypeError, OverflowError) as error:
        raise GrantForged("A token is signed by web but is no grant.") from error
    if not 0 <= first < end:
        raise GrantForged("A grant's window is empty.")
    return grant


def _id(value: object) -> str:
    if isinstance(value, str) and _ID.match(value):
        return value
    raise ValueError(value)


def _text(value: object) -> str:
    if isinstance(value, str) and len(value) <= 80:
        return value
    raise ValueError(value)


def _texts(value: object) -> list[str]:
    if isinstance(value, list) and len(value) <= 16:
        return [_text(item) for item in value]
    raise ValueError(value)


def _number(value: object) -> int:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return int(value)
    raise ValueError(value)


def _whole(value: object) -> tuple[int, int]:
    if isinstance(value, list) and len(value) == 2:
        return _number(value[0]), _number(value[1])
    raise ValueError(value)
