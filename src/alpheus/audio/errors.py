"""What can go wrong with sound.

AudioError
├── Unreadable       the file is not sound we can use: says why and what to do instead
├── LimitExceeded    reading it took more time, memory or disk than we allow
├── DecoderFailed    the decoder died or answered nonsense; the file may be hostile
└── DiskFull         no room for decoded samples; the file is not to blame
"""


class AudioError(Exception):
    """Anything wrong with sound; `reason` says what happened, `remedy` what to do next."""

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(f"{reason} {remedy}")
        self.reason = reason
        self.remedy = remedy


class Unreadable(AudioError):
    """The file is not sound we can use."""


class LimitExceeded(AudioError):
    """Reading the file took more time, memory or disk than we allow."""


class DecoderFailed(AudioError):
    """The decoder died or answered nonsense."""


class DiskFull(AudioError):
    """There is no room for decoded samples; the file is not to blame."""
