"""Rate limits that say when to come back (Retry-After; RateLimit of draft-ietf-httpapi-ratelimit-headers).

Two kinds. Ordinary calls are counted in the memory of each web process: cheap, and a caller of n processes has n
times the quota; the installation runs one by default. Attempts to sign in are counted in the database, across
all processes and restarts, because guessing passwords must not get easier with more of them.
"""

import hashlib
import math
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic

from django.db import transaction
from django.db.models import F

from alpheus.api.models import Attempt
from alpheus.api.problems import TooMany

CALLERS_MAX = 100_000
"""Callers that a process remembers; those silent for longest are forgotten, which only lets them call again."""


@dataclass(frozen=True)
class Policy:
    """So many calls in so many seconds, all at once or spread."""

    name: str
    quota: int
    window_seconds: int


BROWSE = Policy("browse", 600, 60)
LISTEN = Policy("listen", 300, 60)
UPLOAD = Policy("upload", 600, 60)

SIGN_IN_SECONDS = 15 * 60
SIGN_IN_HERE_MAX = 10
"""Attempts for one account from one network."""
SIGN_IN_NETWORK_MAX = 30
"""Attempts from one network, for whatever accounts."""
SIGN_IN_ACCOUNT_MAX = 100
"""Attempts for one account from everywhere: high, so that strangers cannot lock its owner out cheaply."""


@dataclass(frozen=True)
class Allowance:
    """What a caller has left."""

    policy: Policy
    remaining: int
    full_again_seconds: int

    def headers(self) -> dict[str, str]:
        """As headers of an answer."""
        name = f'"{self.policy.name}"'
        return {
            "RateLimit-Policy": f"{name};q={self.policy.quota};w={self.policy.window_seconds}",
            "RateLimit": f"{name};r={self.remaining};t={self.full_again_seconds}",
        }


class Meter:
    """Counts ordinary calls by the generic cell rate algorithm (ITU-T I.371): one number a caller."""

    def __init__(self, *, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._empty_at: OrderedDict[tuple[str, str], float] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, policy: Policy, caller: str) -> Allowance:
        """Count one call of a caller.

        Raises:
            TooMany: the quota is used up; it says when the next call will be allowed.
        """
        step = policy.window_seconds / policy.quota
        key = (policy.name, caller)
        with self._lock:
            now = self._clock()
            filled = max(self._empty_at.get(key, now), now) + step
            wait = filled - now - policy.window_seconds
            if wait > 1e-9:  # rounding of sums of steps
                raise TooMany(wait)
            self._empty_at[key] = filled
            self._empty_at.move_to_end(key)
            if len(self._empty_at) > CALLERS_MAX:
                self._empty_at.popitem(last=False)
        return Allowance(policy, max(0, math.floor(-wait / step + 1e-9)), math.ceil(filled - now))


METER = Meter()


def count_sign_in(*, email: str, network: str, now_seconds: float) -> None:
    """Count an attempt to sign in, before the password is looked at.

    Raises:
        TooMany: there were too many of them in this quarter of an hour.
    """
    limits = [
        (f"{network}/{email}", SIGN_IN_HERE_MAX),
        (network, SIGN_IN_NETWORK_MAX),
        (f"account/{email}", SIGN_IN_ACCOUNT_MAX),
    ]
    window = int(now_seconds // SIGN_IN_SECONDS * SIGN_IN_SECONDS)
    if _count(limits, window):
        raise TooMany(window + SIGN_IN_SECONDS - now_seconds)


@transaction.atomic
def _count(limits: Sequence[tuple[str, int]], window: int) -> bool:
    """Count once under every key; whether one of them is over its limit."""
    Attempt.objects.filter(window__lt=window).delete()
    over = False
    for subject, most in limits:
        key = hashlib.sha256(f"sign-in/{subject}".encode()).hexdigest()
        Attempt.objects.get_or_create(key=key, window=window)
        Attempt.objects.filter(key=key, window=window).update(count=F("count") + 1)
        over = over or Attempt.objects.get(key=key, window=window).count > most
    return over
