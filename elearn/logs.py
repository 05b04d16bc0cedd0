"""How the log is written: to standard error, as text or as a line of JSON for each event. No line tells of a
visit or of a person (S31)."""

import datetime as dt
import json
import logging
import traceback
from enum import StrEnum
from types import TracebackType
from typing import Any


class LogForm(StrEnum):
    """``ELEARN_LOG_FORMAT``."""

    TEXT = "text"
    JSON = "json"


class Lines(logging.Formatter):
    """A line of text. Of an error its class and where it happened: a database's own message quotes what
    somebody's row holds."""

    def formatException(  # noqa: N802  logging's own name
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> str:
        kind, _error, where = ei
        return "".join(traceback.format_tb(where)) + (kind.__qualname__ if kind else "")


class JsonLines(Lines):
    """The event as one JSON object: ``at`` (UTC), ``level``, ``logger``, ``message`` and, of an error,
    ``where``."""

    def format(self, record: logging.LogRecord) -> str:
        event = {
            "at": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info and record.exc_info[0]:
            event["where"] = self.formatException(record.exc_info)
        return json.dumps(event, ensure_ascii=False)


def configuration(form: LogForm) -> dict[str, Any]:
    """What ``logging.config.dictConfig`` takes, and the servers with it: warnings and errors alone."""
    formatter = {
        LogForm.TEXT: {"()": Lines, "fmt": "[%(levelname)s] %(message)s"},
        LogForm.JSON: {"()": JsonLines},
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": formatter[form]},
        "handlers": {
            "error": {"class": "logging.StreamHandler", "formatter": "line", "stream": "ext://sys.stderr"}
        },
        "root": {"handlers": ["error"], "level": "WARNING"},
        "loggers": {},
    }
