"""What is odd about names and numbers, beside what is held and by MusicBrainz's style. Pure.

MusicBrainz's guidelines: featured artists stand in the artist credit, not in the title ("Style / Artist Credits"); titles
are neither all capitals nor all small letters ("Style / Language / English"); tracks are numbered from 1 without holes;
an ISRC names one recording (ISO 3901), and so one sound and one length.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from alpheus.ingest.evidence import Finding, Measured

KINDS = (
    "isrc-other-sound",
    "isrc-duration",
    "sound-other-isrc",
    "title-duration",
    "feat-in-title",
    "capitalisation",
    "track-holes",
    "track-twice",
)

# Encoders' delay, silence at the ends and fades make seconds; another edit or take makes more.
DURATION_MS_MOST = 10_000
_FEATURED = re.compile(r"[\s(\[]((?:feat|ft|featuring)\b\.?)\s*(\S[^)\]]*)", re.IGNORECASE)
_LETTERS_LEAST = 4  # shorter ones are names and signs: "ABBA", "xxx"
_UNSURE = 0.5


@dataclass(frozen=True)
class Claim:
    """What somebody says of a recording, or what we hold of it; `asset` is its sound's key where it has one."""

    title: str
    artist: str = ""
    isrc: str | None = None
    duration_ms: int | None = None
    asset: str | None = None


def clashes(claim: Claim, held: Sequence[Claim], *, same: Collection[str]) -> tuple[Finding, ...]:
    """Find where a claim and recordings that are held contradict each other.

    Args:
        claim: what is said of the new recording.
        held: recordings that have its ISRC, its title or its sound; others do no harm.
        same: assets that are the same recording by their bytes, samples or fingerprint.
    """
    return tuple(finding for each in held for finding in _between(claim, each, same))


def _between(claim: Claim, held: Claim, same: Collection[str]) -> list[Finding]:
    found = []
    measured: Measured
    named = {"held_title": held.title, "held_artist": held.artist}
    apart_ms = _apart_ms(claim, held)
    one_isrc = claim.isrc is not None and claim.isrc == held.isrc
    one_sound = held.asset is not None and held.asset in same
    if one_isrc and held.asset is not None and not one_sound:
        # The fingerprint may have missed it; a length that differs as well makes it sure.
        sure = 0.95 if apart_ms > DURATION_MS_MOST else 0.8
        measured = {"isrc": claim.isrc or "", **named}
        found.append(Finding("isrc-other-sound", measured, sure, other=held.asset))
    if one_isrc and apart_ms > DURATION_MS_MOST:
        measured = {"isrc": claim.isrc or "", **named, **_durations(claim, held)}
        found.append(Finding("isrc-duration", measured, other=held.asset))
    if one_sound and claim.isrc and held.isrc and not one_isrc:
        measured = {"isrc": claim.isrc, "held_isrc": held.isrc, **named}
        found.append(Finding("sound-other-isrc", measured, other=held.asset))
    named_alike = folded(claim.title) == folded(held.title) and folded(claim.artist) == folded(held.artist)
    if named_alike and not one_isrc and apart_ms > DURATION_MS_MOST:
        measured = {"title": claim.title, **_durations(claim, held)}
        found.append(Finding("title-duration", measured, _UNSURE, other=held.asset))
    return found


def _apart_ms(claim: Claim, held: Claim) -> int:
    if claim.duration_ms is None or held.duration_ms is None:
        return 0
    return abs(claim.duration_ms - held.duration_ms)


def _durations(claim: Claim, held: Claim) -> Measured:
    return {"duration_ms": claim.duration_ms or 0, "held_ms": held.duration_ms or 0}


def folded(text: str) -> str:
    """Write a name as it is compared: width, case, spaces and marks do not count."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter for letter in plain if letter.isalnum())


def wording(title: str) -> tuple[Finding, ...]:
    """Find what MusicBrainz's style would write otherwise in a title."""
    found = []
    featured = _FEATURED.search(title)
    if featured and featured.start() > 0:
        measured = {"word": featured[1], "artist": featured[2].strip()}
        found.append(Finding("feat-in-title", measured, 0.9))
    case = _case(title)
    if case:
        found.append(Finding("capitalisation", {"title": title, "case": case}, _UNSURE))
    return tuple(found)


def _case(title: str) -> str:
    """Say "upper" or "lower" of a title that is all one; scripts without case have none."""
    letters = [letter for letter in title if letter.isalpha()]
    if len(letters) < _LETTERS_LEAST or len(title.split()) < 2:
        return ""
    if all(letter.isupper() for letter in letters):
        return "upper"
    return "lower" if all(letter.islower() for letter in letters) else ""


def numbering(numbers: Sequence[int]) -> tuple[Finding, ...]:
    """Find numbers that are missing from a medium's tracks, and numbers that two of them have."""
    found = []
    if not numbers:
        return ()
    missing = sorted(set(range(1, max(numbers) + 1)) - set(numbers))
    if missing:
        found.append(Finding("track-holes", {"missing": _listed(missing), "tracks": len(numbers)}))
    twice = sorted(number for number, times in Counter(numbers).items() if times > 1)
    if twice:
        found.append(Finding("track-twice", {"numbers": _listed(twice)}))
    return tuple(found)


def _listed(numbers: Sequence[int]) -> str:
    """Some numbers as text; a number of nonsense must not make a text without end."""
    return ", ".join(map(str, numbers[:20])) + (", …" if len(numbers) > 20 else "")
