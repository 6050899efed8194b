"""What can go wrong with letters.

MailError
└── NotSent     the mail server did not take a letter; it is tried again
"""


class MailError(Exception):
    """The root of this room's errors."""


class NotSent(MailError):
    """The mail server did not take a letter. What it said may name the reader, so only its kind is told."""
