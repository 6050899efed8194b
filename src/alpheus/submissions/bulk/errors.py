"""What can go wrong with bulk intake. They are errors of submissions.

SubmissionError
├── IntakeUnknown     there is none of this gid that is this account's
├── SheetUnreadable   a sheet cannot be read at all; `problem` tells why
├── NotWhileWorking   its rows are being laid out or handed in at this moment
└── FolderUnfit       a folder or zip cannot be taken in; the message says why
"""

from alpheus.submissions.bulk.sheet import SheetProblem
from alpheus.submissions.errors import SubmissionError


class IntakeUnknown(SubmissionError):
    """There is no such intake, or it is another's."""

    code = "intake_unknown"

    def __init__(self) -> None:
        super().__init__("There is no such intake.")


class SheetUnreadable(SubmissionError):
    """A sheet cannot be read at all."""

    code = "sheet_unreadable"

    def __init__(self, problem: SheetProblem) -> None:
        super().__init__(f"The sheet cannot be read: {problem.value}.")
        self.problem = problem


class NotWhileWorking(SubmissionError):
    """Its rows are being laid out or handed in at this moment."""

    code = "intake_working"

    def __init__(self) -> None:
        super().__init__("Its rows are being worked on. Wait until that is done.")


class FolderUnfit(SubmissionError):
    """A folder or zip cannot be taken in; the message says why."""

    code = "folder_unfit"
