"""What can go wrong while sound is recognised.

RecognitionError
└── FingerprintCorrupt   bytes that are no fingerprint of this method and version
"""


class RecognitionError(Exception):
    """Anything wrong while sound is recognised."""


class FingerprintCorrupt(RecognitionError):
    """Bytes that are no fingerprint of this method and version: make it anew from the sound."""
