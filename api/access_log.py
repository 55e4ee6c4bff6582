"""One line of JSON for each request, without a token and, unless a setting asks, without a query's text."""

from __future__ import annotations

import datetime
import hashlib
import json
import logging
import time
from typing import Any
from urllib.parse import parse_qsl, urlencode

from starlette.types import ASGIApp, Message, Receive, Scope, Send

logger = logging.getLogger("edugraph.access")

# Parameters whose value is never written: secrets, and the texts that are logged as a hash.
SECRET = frozenset({"token", "access_token", "key", "api_key", "password"})
TEXTS = frozenset({"query", "update"})
_TEXT_PARTS = tuple(f"{name}=" for name in sorted(TEXTS))
LONGEST = 500


def note(scope: Scope, **fields: Any) -> None:
    """Add fields to the log line of a request: rows, outcome and what else only the route knows."""
    scope["state"].setdefault("log", {}).update(fields)


def note_query(scope: Scope, query: str, *, with_text: bool) -> None:
    """Add a SPARQL query to the log line: its SHA-256 in hex, and its text only if ``with_text``."""
    note(scope, query_sha256=hashlib.sha256(query.encode("utf-8", "surrogatepass")).hexdigest())
    if with_text:
        note(scope, query=query)


class AccessLog:
    """Writes the line when the answer has ended, however it ended."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the app; see the class."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begin = time.monotonic()
        status, size, whole = 0, 0, False

        async def count(message: Message) -> None:
            nonlocal status, size, whole
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)
            if message["type"] == "http.response.body":
                size += len(message.get("body", b""))
                whole = not message.get("more_body", False)

        try:
            await self.app(scope, receive, count)
        finally:
            fields = {
                "request_id": scope["state"]["request_id"],
                "client": scope["client"][0] if scope.get("client") else None,
                "method": scope["method"],
                "path": scope["path"][:LONGEST],
                "parameters": without_secrets(scope.get("query_string", b"")),
                "status": status,
                "bytes": size,
                "seconds": round(time.monotonic() - begin, 6),
                "outcome": "whole" if whole else "cut",
            }
            logger.info("request", extra={"fields": fields | scope["state"].get("log", {})})


def without_secrets(query_string: bytes) -> str:
    """The query string for the log: secrets starred out, query texts left out, at most 500 characters."""
    # A text is dropped before it is decoded, which takes long; one under an escaped name is dropped below.
    parts = (part for part in query_string.decode("latin-1").split("&") if not part.startswith(_TEXT_PARTS))
    pairs = parse_qsl("&".join(parts), keep_blank_values=True)
    kept = [(name, "***" if name.lower() in SECRET else value) for name, value in pairs if name not in TEXTS]
    return urlencode(kept)[:LONGEST]


class JsonLines(logging.Formatter):
    """Formats a record as one line of JSON: time (UTC), level, logger, message, and the fields given."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, in ASCII and without a line break."""
        moment = datetime.datetime.fromtimestamp(record.created, datetime.UTC)
        line: dict[str, Any] = {
            "time": moment.isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= getattr(record, "fields", {})
        if (request_id := getattr(record, "request_id", None)) is not None:
            line["request_id"] = request_id
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)


LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "api.access_log.JsonLines"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json", "stream": "ext://sys.stderr"}},
    "loggers": {
        "edugraph": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        "uvicorn": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
    },
}
"""The logging configuration of the running service."""
