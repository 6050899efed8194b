"""Evidence: what machines found about a sound, for the person who decides. Pure.

A finding says what was measured and how sure the machine is; it decides nothing. Faces say it in words, by its kind,
and what it does not prove (docs/evidence.md).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from alpheus.audio.faults import Faults
from alpheus.audio.loudness import SILENT_LUFS
from alpheus.audio.spectrum import Cutoff
from alpheus.audio.stereo import Likeness
from alpheus.ingest.manifest import Manifest
from alpheus.recognition.method import Match

# What a finding may be, in the order in which a person best looks at them.
KINDS = (
    "identical-bytes",
    "identical-sound",
    "same-recording",
    "silence",
    "truncation",
    "clipping",
    "true-peak",
    "silence-inside",
    "silence-start",
    "silence-end",
    "lossy-source",
    "lossy-file",
    "fake-stereo",
    "dc-offset",
    "loudness",
    "duration",
)

SILENT_EDGE_MS_MAX = 3_000  # longer silence before or after the music is hardly meant
_FULL_SCALE_DBTP = 0.0
# With one clipped place in a minute it may be a single flash; with ten it is how the master was made.
_CLIPPED_PLACES_A_MINUTE = 10
# An ending that is loud and hardly below the seconds before it: what fades or rings out is 20 dB and more below.
_ENDING_LOUD_DBFS = -40.0
_ENDING_BELOW_DB_MAX = 12.0
# A thousandth of full scale is as loud as what we call silence; five standard errors are no chance.
_OFFSET_LEAST = 0.001
_OFFSET_ERRORS = 5.0
_ONE_STEP = 1.01 * 2**-15  # of 16 bit
_SAME_AT_ONCE = 0.9995  # voices in the middle of a narrow mix reach 0.99
_SAME_LATER = 0.97  # no two microphones hear so alike a moment apart
_LATER_MS = 0.2
# A cliff: so much within 600 Hz, and no higher than this; converters' filters begin above.
_CLIFF_DB = 20.0
_CLIFF_HZ_MAX = 20_300
_SURE_BELOW_HZ = 19_600  # MP3 at 192 kbit/s and everything lower; at 320 it is 20 kHz, as of some converters

Measured = Mapping[str, float | int | str]
Passage = tuple[int, int, int]
"""Where the sound and another are the same: where it begins in ours, where in the other, and how long, in ms."""


@dataclass(frozen=True)
class Finding:
    """One thing found; JSON-able.

    Attributes:
        kind: one of `KINDS`, or of `rules.KINDS` for what is wrong with names and numbers.
        measured: figures by name; the name ends in the unit.
        confidence: 0 to 1, how sure it is that the thing is there; 1 for what was simply measured.
        passages: where it is heard in our sound and in the other; for a fault, `other_ms` is where it is heard too.
        other: the other asset's key, where the finding is about two.
    """

    kind: str
    measured: Measured = field(default_factory=dict)
    confidence: float = 1.0
    passages: tuple[Passage, ...] = ()
    other: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Give it as JSON holds it."""
        return {
            "kind": self.kind,
            "measured": dict(self.measured),
            "confidence": self.confidence,
            "passages": [list(passage) for passage in self.passages],
            "other": self.other,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read what `to_json` gave."""
        passages = tuple((own, other, length) for own, other, length in data["passages"])
        return cls(data["kind"], dict(data["measured"]), data["confidence"], passages, data["other"])


@dataclass(frozen=True)
class Held:
    """What is held already that is like a sound; asset keys, its own never among them."""

    same_bytes: tuple[str, ...] = ()
    same_sound: tuple[str, ...] = ()
    alike: tuple[Match, ...] = ()  # by fingerprint


NOTHING = Held()


def examine(*, manifest: Manifest, held: Held = NOTHING) -> tuple[Finding, ...]:
    """Find all there is to say about a sound, the gravest first.

    Args:
        manifest: what ingest knows of it.
        held: what is like it and held already.
    """
    found = [*identities(held), *_faults(manifest), *_facts(manifest)]
    return tuple(sorted(found, key=lambda finding: KINDS.index(finding.kind)))


def identities(held: Held) -> list[Finding]:
    """Tell of each other sound once, in the strongest way."""
    bytes_, sounds = held.same_bytes, [each for each in held.same_sound if each not in held.same_bytes]
    alike = [match for match in held.alike if match.name not in {*bytes_, *sounds}]
    return [
        *(Finding("identical-bytes", other=asset) for asset in bytes_),
        *(Finding("identical-sound", other=asset) for asset in sounds),
        *(_same_recording(match) for match in alike),
    ]


def _same_recording(match: Match) -> Finding:
    passages = tuple((each.own_ms, each.other_ms, each.length_ms) for each in match.passages)
    return Finding(
        "same-recording",
        {"aligned": round(match.score), "shared_ms": sum(length for _, _, length in passages)},
        match.confidence,
        passages,
        match.name,
    )


def _facts(manifest: Manifest) -> list[Finding]:
    """Give what is true of every sound."""
    measure = manifest.measure
    loudness = {
        "loudness_lufs": measure.loudness_lufs,
        "range_lu": measure.range_lu,
        "true_peak_dbtp": measure.true_peak_dbtp,
    }
    duration = {"duration_ms": manifest.duration_ms}
    if manifest.probe.duration_ms is not None:
        duration["claimed_ms"] = manifest.probe.duration_ms
    return [Finding("loudness", loudness), Finding("duration", duration)]


def _faults(manifest: Manifest) -> Sequence[Finding]:
    """Give what may be a fault."""
    measure = manifest.measure
    if measure.loudness_lufs <= SILENT_LUFS:
        measured = {"loudness_lufs": measure.loudness_lufs, "length_ms": manifest.duration_ms}
        return [Finding("silence", measured)]
    found = [*_clipping(manifest), *_silent_ends(manifest)]
    if measure.true_peak_dbtp > _FULL_SCALE_DBTP:
        found.append(Finding("true-peak", {"true_peak_dbtp": measure.true_peak_dbtp}))
    faults = manifest.faults
    if faults is not None:
        found += [_silence("silence-inside", *place) for place in faults.silences]
        found += _truncation(faults, manifest.duration_ms)
        found += _offset(faults)
        found += _fake_stereo(faults.stereo) if manifest.probe.channels > 1 else []
        found += _lossy(faults.cutoff) if manifest.probe.lossless else []
    if not manifest.probe.lossless:
        found.append(Finding("lossy-file", {"quality": manifest.probe.quality}))
    return found


def _clipping(manifest: Manifest) -> list[Finding]:
    """Runs at full scale, or flat tops below it: clipped, then turned down."""
    places, faults = manifest.measure.clipped_places, manifest.faults
    measured: dict[str, float | int] = {}
    if faults is not None and faults.flat_places:
        places = max(places, faults.flat_places)
        measured = {"level_dbfs": faults.peak_dbfs, "longest_samples": faults.flat_longest}
    if not places:
        return []
    by_minute = places / (manifest.duration_ms / 60_000)
    sure = min(1.0, by_minute / _CLIPPED_PLACES_A_MINUTE)
    return [
        Finding(
            "clipping",
            {"places": places, "places_a_minute": round(by_minute, 1), **measured},
            round(sure, 3),
        )
    ]


def _silent_ends(manifest: Manifest) -> list[Finding]:
    start_ms, end_ms = manifest.measure.silence_start_ms, manifest.measure.silence_end_ms
    found = []
    if start_ms > SILENT_EDGE_MS_MAX:
        found.append(_silence("silence-start", 0, start_ms))
    if end_ms > SILENT_EDGE_MS_MAX:
        found.append(_silence("silence-end", manifest.duration_ms - end_ms, end_ms))
    return found


def _truncation(faults: Faults, duration_ms: int) -> list[Finding]:
    """Say so when it ends as loudly as it was; the less it falls, the surer."""
    if faults.ending_dbfs < _ENDING_LOUD_DBFS or faults.ending_below_db > _ENDING_BELOW_DB_MAX:
        return []
    measured = {"ending_dbfs": faults.ending_dbfs, "below_db": faults.ending_below_db}
    sure = 0.9 - 0.4 * max(0.0, faults.ending_below_db) / _ENDING_BELOW_DB_MAX
    last_ms = min(duration_ms, 1_000)
    place = (duration_ms - last_ms, duration_ms - last_ms, last_ms)
    return [Finding("truncation", measured, round(sure, 3), (place,))]


def _offset(faults: Faults) -> list[Finding]:
    if abs(faults.offset) < max(_OFFSET_LEAST, _OFFSET_ERRORS * faults.offset_error):
        return []
    measured = {"offset": round(faults.offset, 5), "error": round(faults.offset_error, 6)}
    return [Finding("dc-offset", measured, 0.99)]


def _fake_stereo(stereo: Likeness) -> list[Finding]:
    """One channel in two: the same, at another level or turned round, or a moment later."""
    later = abs(stereo.delay_ms) >= _LATER_MS
    form = "turned" if stereo.likeness < 0 else "delay" if later else "level"
    if stereo.difference <= _ONE_STEP:
        form, sure = "identical", 1.0
    elif abs(stereo.likeness) >= (_SAME_LATER if later else _SAME_AT_ONCE):
        sure = 0.95
    else:
        return []
    measured: Measured = {
        "form": form,
        "likeness": stereo.likeness,
        "delay_ms": stereo.delay_ms,
        "balance_db": stereo.balance_db,
    }
    return [Finding("fake-stereo", measured, sure)]


def _lossy(cutoff: Cutoff | None) -> list[Finding]:
    """A cliff where encoders cut; as sure as it is high, and less where converters cut too."""
    if cutoff is None or cutoff.hz > _CLIFF_HZ_MAX or min(cutoff.steep_db, cutoff.drop_db) < _CLIFF_DB:
        return []
    sure = min(0.95, 0.5 + (min(cutoff.steep_db, cutoff.drop_db) - _CLIFF_DB) / 60)
    measured: Measured = {
        "form": "cutoff",
        "cutoff_hz": cutoff.hz,
        "drop_db": cutoff.drop_db,
        "steep_db": cutoff.steep_db,
    }
    return [Finding("lossy-source", measured, round(sure if cutoff.hz <= _SURE_BELOW_HZ else sure / 2, 3))]


def _silence(kind: str, start_ms: int, length_ms: int) -> Finding:
    return Finding(kind, {"length_ms": length_ms}, passages=((start_ms, start_ms, length_ms),))
