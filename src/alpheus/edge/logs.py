"""Logs of an edge: one JSON line an event on standard error. No tokens, grants, stream or account ids.

The standard library's own logging, because a process that starts in milliseconds cannot afford to import more.
"""

import json
import logging
import re
import sys
from datetime import UTC, datetime

LOGGER = "alpheus.edge"
_JWT = re.compile(r"eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}")
_TOKEN = re.compile(r"([?&]t=)[^&\s\"']+")


class JsonLines(logging.Formatter):
    """Formats records as JSON; fields come from `extra={"fields": {...}}`."""

    def format(self, record: logging.LogRecord) -> str:
        """Write one record as one line."""
        line: dict[str, object] = {
            "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname.lower(),
            "part": "edge",
            "event": _redacted(record.getMessage()),
        }
        fields = getattr(record, "fields", None)
        if isinstance(fields, dict):
            line |= {
                key: _redacted(value) if isinstance(value, str) else value for key, value in fields.items()
            }
        if record.exc_info:
            line["exception"] = _redacted(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False, default=str)


def _redacted(text: str) -> str:
    return _TOKEN.sub(r"\1—", _JWT.sub("—", text))


def configure(level: str) -> None:
    """Send this process's logs to standard error as JSON lines."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())


def note(event: str, *, level: int = logging.INFO, **fields: object) -> None:
    """Log an event with its fields."""
    logging.getLogger(LOGGER).log(level, event, extra={"fields": fields})
