"""Errors of the library. Each has a code that a program can tell it by; its message is for people.

ListeningError
└── LibraryError
    ├── PlaylistUnknown    there is none, or it is not for this listener's eyes: both look the same
    ├── ItemUnknown        the playlist has no such track
    ├── NotYours           it may be seen, but this may not be done with it
    ├── AccountNeeded      a guest may not do this
    ├── ChangedMeanwhile   the playlist is not what the caller last saw
    ├── TooMuch            more than there may be
    ├── TitleMissing       a playlist needs a title
    ├── NothingToUndo      nothing of the listener's own is left to undo, or others built on it
    └── InvitationOver     the link was revoked, has expired, or never was
"""

from alpheus.listening.errors import ListeningError


class LibraryError(ListeningError):
    """What the library refuses."""


class PlaylistUnknown(LibraryError):
    """There is no such playlist for this listener."""

    code = "playlist_unknown"


class ItemUnknown(LibraryError):
    """The playlist has no such track."""

    code = "item_unknown"


class NotYours(LibraryError):
    """The playlist may be seen, but this may not be done with it."""

    code = "not_yours"


class AccountNeeded(LibraryError):
    """A guest may not do this."""

    code = "sign_in_needed"


class ChangedMeanwhile(LibraryError):
    """The playlist is not what the caller last saw."""

    code = "changed_meanwhile"


class TooMuch(LibraryError):
    """More than there may be."""

    code = "too_much_kept"


class TitleMissing(LibraryError):
    """A playlist needs a title."""

    code = "title_missing"


class NothingToUndo(LibraryError):
    """Nothing of the listener's own is left to undo."""

    code = "nothing_to_undo"


class InvitationOver(LibraryError):
    """The link was revoked, has expired, or never was."""

    code = "invitation_over"
