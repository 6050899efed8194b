"""Errors of this room. Each has a code that a program can tell it by; its message is for people.

ListeningError
├── NothingToPlay     nothing of what was asked for is there
├── NotReady          the recording is there, its audio is not yet
├── ExplicitHidden    the listener hides explicit music, and nothing else is left in the queue
├── TooManyGrants     the stream holds as many grants as any queue needs
├── StreamEnded       the stream is not this listener's, or too long over: press play again
├── DeviceUnknown     the device is not this listener's
├── SignInUnknown     the sign-in session is not this account's, or over already
├── DeviceAway        the device does not hear at the moment
├── PlaysElsewhere    another device took over meanwhile
├── QueueFull         the queue would grow too long
└── EdgeUnavailable   an edge did not answer; play does without, cancelling says so
KeyLogError
└── FoldedElsewhere   another worker folded the same chunk first
EdgeUnknown           an operator named an edge that the installation has not
"""


class ListeningError(Exception):
    """What this room refuses."""

    code = "listening"


class NothingToPlay(ListeningError):
    """Nothing of what was asked for is there."""

    code = "nothing_to_play"


class NotReady(ListeningError):
    """The recording is there, its audio is not yet."""

    code = "not_ready"


class ExplicitHidden(ListeningError):
    """The listener hides explicit music, and nothing else follows in the queue."""

    code = "explicit_hidden"


class TooManyGrants(ListeningError):
    """The stream would hold more grants at once than any queue needs."""

    code = "too_many_grants"


class StreamEnded(ListeningError):
    """The stream is not this listener's, or too long over."""

    code = "stream_ended"


class DeviceUnknown(ListeningError):
    """The device is not this listener's."""

    code = "device_unknown"


class SignInUnknown(ListeningError):
    """The sign-in session is not this account's, or over already."""

    code = "sign_in_unknown"


class DeviceAway(ListeningError):
    """The device does not hear at the moment: it sleeps, is closed, or has lost its network."""

    code = "device_away"


class PlaysElsewhere(ListeningError):
    """Another device took over; who was interrupted does not take back by itself."""

    code = "plays_elsewhere"


class QueueFull(ListeningError):
    """The queue would grow too long."""

    code = "queue_full"


class EdgeUnavailable(ListeningError):
    """An edge did not answer in time, or not with what was asked for."""

    code = "edge_unavailable"


class KeyLogError(Exception):
    """What can be wrong with a key log."""


class FoldedElsewhere(KeyLogError):
    """Another worker folded the same chunk first; there is nothing left to do."""


class EdgeUnknown(Exception):
    """An operator named an edge that the installation has not; the message says which it has."""
