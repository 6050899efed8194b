"""Clear log files that nobody writes any more."""

import re
from datetime import datetime
from pathlib import Path

from alpheus.values.cleared import Cleared

_ROTATED = re.compile(r".+\.log\.\d+\Z")


def clear_logs(*, folder: Path, before: datetime, dry_run: bool) -> Cleared:
    """Delete rotated logs last written before a time; the running ones (`web.log`) and other files stay."""
    cleared = Cleared()
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        if not path.is_file() or not _ROTATED.match(path.name):
            continue
        status = path.stat()
        if status.st_mtime < before.timestamp():
            if not dry_run:
                path.unlink(missing_ok=True)
            cleared += Cleared(1, status.st_size)
    return cleared
