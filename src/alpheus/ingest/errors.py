"""What can go wrong while a file is brought in.

IngestError
├── Refused     the file cannot be used: names it, says why and what to do; nothing of it was kept
└── NoSpace     the machine has no room for the work; the file is not to blame, try again later
"""


class IngestError(Exception):
    """Anything wrong while a file is brought in."""


class Refused(IngestError):
    """The file cannot be used: `file` is its name, `reason` says why, `remedy` what to do next."""

    def __init__(self, file: str, reason: str, remedy: str) -> None:
        super().__init__(file, reason, remedy)  # all three, so that it survives a process border
        self.file = file
        self.reason = reason
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.file}: {self.reason} {self.remedy}"


class NoSpace(IngestError):
    """The machine has no room for the work; the file is not to blame."""
