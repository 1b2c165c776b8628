"""Structured log lines, one JSON object each. Patient data never enters: only ids and codes do."""

import json
import logging
from datetime import UTC, datetime


class Formatter(logging.Formatter):
    """One JSON object a line: when, level, logger, message, and the fields given in `extra={"fields": ...}`."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line.update(getattr(record, "fields", {}))
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)
