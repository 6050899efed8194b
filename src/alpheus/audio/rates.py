"""At which rate a source streams: by its family, so that resampling is by whole or simple steps."""

CD_RATE_HZ = 44_100
STUDIO_RATE_HZ = 48_000
_CD_FAMILY_HZ = frozenset({44_100, 88_200, 176_400})


def stream_rate_hz(source_rate_hz: int) -> int:
    """Give the rate that a source's streams run at: 88.2 and 176.4 kHz become 44.1, everything else 48."""
    return CD_RATE_HZ if source_rate_hz in _CD_FAMILY_HZ else STUDIO_RATE_HZ
