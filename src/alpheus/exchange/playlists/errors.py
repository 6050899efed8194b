"""Errors of this room.

ListeningError
└── FileRefused   a file that is no playlist, is too large, or tries what a playlist has no need of
"""

from alpheus.listening.errors import ListeningError


class FileRefused(ListeningError):
    """A file that is no playlist of a kind that we read; the message says why."""

    code = "file_refused"
