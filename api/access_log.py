"""One line of JSON for each request, without a token and, unless a setting asks, without a query's text."""

from __future__ import annotations

import asyncio
import datetime
import hashlib
import json
import logging
import time
from typing import Any
from urllib.parse import parse_qsl, urlencode

import orjson
from starlette.types import Scope

logger = logging.getLogger("edugraph.access")

# Parameters whose value is never written: secrets, and the texts that are logged as a hash.
SECRET = frozenset(
    {"token", "access_token", "write_token", "key", "api_key", "apikey", "password", "secret", "auth", "authorization"}
)
TEXTS = frozenset({"query", "update"})
_TEXT_PARTS = tuple(f"{name}=" for name in sorted(TEXTS))
LONGEST = 500

SECONDS_GATHERED, MOST_GATHERED = 0.1, 200
"""For how long, and how many at most, lines wait for others to be written with."""


def note(scope: Scope, **fields: Any) -> None:
    """Add fields to the log line of a request: rows, outcome and what else only the route knows."""
    scope["state"].setdefault("log", {}).update(fields)


def note_query(scope: Scope, query: str, *, with_text: bool) -> None:
    """Add a SPARQL query to the log line: its SHA-256 in hex, and its text only if ``with_text``."""
    note(scope, query_sha256=hashlib.sha256(query.encode("utf-8", "surrogatepass")).hexdigest())
    if with_text:
        note(scope, query=query)


class AccessLog:
    """Takes a line for each request that has ended, however it ended, and writes the lines of a moment together.

    A write for each line would cost the requests as much as all else that is written down of them.
    """

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._timer: asyncio.TimerHandle | None = None
        self._at_once = False

    def add(self, scope: Scope, *, status: int, size: int, seconds: float, whole: bool) -> None:
        """Take the line of a request."""
        if not logger.isEnabledFor(logging.INFO):
            return
        client = scope.get("client")
        fields = {
            "time": moment(time.time()),
            "level": "info",
            "logger": logger.name,
            "message": "request",
            "request_id": scope["state"]["request_id"],
            "client": client[0] if client else None,
            "method": scope["method"],
            "path": scope["path"][:LONGEST],
            "parameters": without_secrets(scope.get("query_string", b"")),
            "status": status,
            "bytes": size,
            "seconds": round(seconds, 6),
            "outcome": "whole" if whole else "cut",
        }
        self._lines.append(_json(fields | scope["state"].get("log", {})))
        if self._at_once or len(self._lines) >= MOST_GATHERED:
            self.write()
        elif self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(SECONDS_GATHERED, self.write)

    def write(self) -> None:
        """Write what was taken."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        lines, self._lines = self._lines, []
        if lines:
            logger.info("\n".join(lines))

    def close(self) -> None:
        """Write what was taken, and from now on each line at once."""
        self._at_once = True
        self.write()


def _json(fields: dict[str, Any]) -> str:
    try:
        line = orjson.dumps(fields, default=str)
    except TypeError:  # half of a surrogate pair, which JSON can hold only in its escaped form
        return json.dumps(fields, default=str)
    return line.decode() if line.isascii() else json.dumps(fields, default=str)


def moment(seconds: float) -> str:
    """A time of the clock as the log writes it: UTC, to the millisecond."""
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC).isoformat(timespec="milliseconds")


def without_secrets(query_string: bytes) -> str:
    """The query string for the log: secrets starred out, query texts left out, at most 500 characters."""
    if not query_string:
        return ""
    # A text is dropped before it is decoded, which takes long; one under an escaped name is dropped below.
    parts = [part for part in query_string.decode("latin-1").split("&") if not part.startswith(_TEXT_PARTS)]
    if not parts:
        return ""
    pairs = parse_qsl("&".join(parts), keep_blank_values=True)
    kept = [(name, "***" if name.lower() in SECRET else value) for name, value in pairs if name not in TEXTS]
    return urlencode(kept)[:LONGEST]


class JsonLines(logging.Formatter):
    """Formats a record as one line of JSON: time (UTC), level, logger, message."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, in ASCII and without a line break."""
        line: dict[str, Any] = {
            "time": moment(record.created),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if (request_id := getattr(record, "request_id", None)) is not None:
            line["request_id"] = request_id
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)


class Unforeseen(logging.Filter):
    """Keeps back that an answer was left unfinished, which a foreseen error does: its request's line says why."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether to write it."""
        return not record.getMessage().startswith("ASGI callable returned without completing response")


LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "api.access_log.JsonLines"}, "as_it_is": {"format": "%(message)s"}},
    "filters": {"unforeseen": {"()": "api.access_log.Unforeseen"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "json", "stream": "ext://sys.stderr"},
        "lines": {"class": "logging.StreamHandler", "formatter": "as_it_is", "stream": "ext://sys.stderr"},
    },
    "loggers": {
        "edugraph": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        "edugraph.access": {"handlers": ["lines"], "level": "INFO", "propagate": False},
        "uvicorn.error": {"filters": ["unforeseen"]},
        "uvicorn": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
    },
}
"""The logging configuration of the running service."""
