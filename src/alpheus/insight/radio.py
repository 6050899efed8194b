"""Make a radio: a queue from anything, each recording with the reason why it is in it."""

import random
from dataclasses import dataclass
from typing import Literal

from alpheus.catalogue.models import Recording
from alpheus.catalogue.queries import recordings_of
from alpheus.insight.candidates import gather
from alpheus.insight.rules import ENOUGH, Candidate, Reason, arrange, merged
from alpheus.insight.seeds import Seed, SeedKind, read_seed
from alpheus.listening.models import Listener

SIZE = 50
NUMBER_MAX = 999_999
"""Radios of one seed are numbered, so that one can be shared and come back to."""


@dataclass(frozen=True)
class Tuned:
    """One recording of a radio, and why."""

    recording: Recording
    why: Reason


@dataclass(frozen=True)
class Radio:
    """A queue from a seed; `by` tells what it mostly goes by."""

    seed: Seed
    by: Literal["listeners", "tags"]
    tuned: list[Tuned]


def make_radio(
    *,
    kind: SeedKind,
    key: str,
    number: int = 0,
    size: int = SIZE,
    explicit: bool = True,
    listener: Listener | None = None,
) -> Radio:
    """Make the radio of a seed with this number: the same again as long as the catalogue and the plays are the same.

    A recording that it begins from comes first. What cannot be heard now is left out, and of a playlist, as far as
    `listener` may see it, what is in it.

    Raises:
        SeedUnknown: there is nothing by that name.
    """
    draw = random.Random(f"{kind}:{key}:{number}").random  # noqa: S311 - a shuffle, not a secret
    seed = read_seed(kind, key, draw=draw, listener=listener)
    pool = gather(seed, explicit=explicit)
    own = set(seed.recordings) if kind == "recording" else set()
    without = own | seed.left_out
    heard = [each for each in merged(pool.heard) if each.recording not in without]
    tagged = [each for each in merged(pool.tagged) if each.recording not in without]
    chosen = arrange(heard, tagged, size=size - len(own), draw=draw)
    by: Literal["listeners", "tags"] = "listeners" if len(heard) >= ENOUGH else "tags"
    first = [Candidate(pk, 0, Reason("seed"), 1.0) for pk in own]
    return Radio(seed, by, _tuned([*first, *chosen]))


def _tuned(chosen: list[Candidate]) -> list[Tuned]:
    gids = dict(Recording.objects.filter(pk__in=[each.recording for each in chosen]).values_list("pk", "gid"))
    rows = {row.pk: row for row in recordings_of(list(gids.values()))}
    return [Tuned(rows[each.recording], each.reason) for each in chosen if each.recording in rows]
