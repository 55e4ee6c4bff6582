"""Every setting of the command and the service, read once from ``EDUGRAPH_`` variables into a frozen value."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from ipaddress import ip_network
from math import isfinite
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from graph.errors import SettingsError

PREFIX = "EDUGRAPH_"
SHORTEST_TOKEN = 16
MOST = 10**18
"""The largest number of a setting; what the system keeps for times and sizes holds no more than nine times that."""
_MAY_BE_ZERO = frozenset({"kept_answers", "quads_in_memory"})
_WEB_ADDRESS = re.compile(r"https?://[^\s<>\"{}|\\^`?#]+")
_WANTED = {"int": "a whole number", "float": "a number", "bool": "yes or no", "Path": "the name of a folder"}
_IN_NO_FIELD = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_ENDPOINT = re.compile(r"https?://[^\s<>\"{}|\\^`#@]+")


def _default_home() -> Path:
    return Path(__file__).resolve().parent.parent


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the command and the service were told; nothing is opened here.

    Durations are seconds, sizes are bytes.
    """

    home: Path = field(default_factory=_default_home)
    """The folder that holds ontology/, data/ and shapes/; by default the checkout."""
    build_dir: Path | None = None
    """Where generations are published; by default ``build`` under home."""
    texts: Path | None = None
    """A folder with the articles' texts, where they may be shown and checked against."""
    host: str = "127.0.0.1"
    """The address the service listens on."""
    port: int = 8000
    """The port the service listens on."""
    public_base: str | None = None
    """The address under which the world reaches the service, for links in answers; by default the request's own."""
    query_timeout: float = 10.0
    """Seconds of wall clock that a free SPARQL query may take."""
    query_memory: int = 1024**3
    """Bytes of memory that a free SPARQL query may take."""
    workers: int = 2
    """Child processes that run free SPARQL at the same time."""
    quads_in_memory: int = 400_000
    """Quads up to which a generation is held in memory, where free SPARQL is answered faster; 0 leaves all on disk."""
    query_transfer: float = 60.0
    """Seconds for which one answer may hold its worker, however slowly its client reads."""
    query_queue: int = 64
    """Free SPARQL queries that may wait for a worker; the next is told to come back later."""
    max_rows: int | None = None
    """Rows that one SELECT may answer; beyond it the query fails, never is it cut in silence. None is no limit."""
    max_result: int | None = None
    """Bytes that one SPARQL answer may have before compression; as for max_rows."""
    service_endpoints: tuple[str, ...] = ()
    """IRIs of the SPARQL endpoints to which SERVICE may go, separated by spaces; all others are refused."""
    service_timeout: float = 5.0
    """Seconds for which one call of SERVICE may keep its query waiting; the query's own time goes on meanwhile."""
    max_service_result: int = 16 * 1024**2
    """Bytes that an endpoint may answer to one call of SERVICE."""
    kept_answers: int = 32 * 1024**2
    """Bytes of answers kept in memory for whoever asks the same of the same generation again; 0 keeps none."""
    write_token: str | None = field(default=None, repr=False)
    """The bearer token that opens writing and operations; without one both are closed."""
    write_timeout: float = 60.0
    """Seconds that one write to /store may take."""
    validate_timeout: float = 30.0
    """Seconds that the check of one file posted to /validate may take."""
    trusted_proxies: tuple[str, ...] = ()
    """Addresses or networks of proxies whose X-Forwarded-For is believed; separated by spaces."""
    max_query: int = 100_000
    """Bytes of UTF-8 that the text of one SPARQL query may have."""
    max_body: int = 1024**2
    """Bytes of one request body, before and after decompression, on every route but a write to /store."""
    max_upload: int = 64 * 1024**2
    """Bytes of RDF in one write to /store, before and after decompression and the unfolding of XML entities."""
    max_url: int = 16 * 1024
    """Bytes of a request's path and query string together."""
    max_head: int = 32 * 1024
    """Bytes of a request's header fields together."""
    max_headers: int = 100
    """Header fields in one request."""
    max_connections: int = 512
    """Connections open at the same time; beyond it the one that has owed its next bytes for longest gives way."""
    head_timeout: float = 10.0
    """Seconds in which a connection must have sent a whole request head."""
    body_timeout: float = 10.0
    """Seconds in which a request body must have arrived; each KiB received adds one second."""
    send_timeout: float = 30.0
    """Seconds for which a client may leave an answer unread before its connection is cut."""
    keep_alive_timeout: int = 5
    """Seconds for which an idle connection is kept open."""
    drain_timeout: int = 10
    """Seconds that requests under way are given to end when the service stops."""
    log_queries: bool = False
    """Write the text of each SPARQL query to the access log, not only its hash."""

    def __post_init__(self) -> None:
        """Refuse a number that cannot work: a limit of zero or less, a port that does not exist."""
        for setting in fields(self):
            value = getattr(self, setting.name)
            if setting.name == "port":
                if not 0 <= value <= 65535:
                    raise SettingsError(f"port {value} does not exist; choose one from 0 (any free one) to 65535")
            elif type(value) in (int, float) and not _is_limit(setting.name, value):
                wanted = "0 or a number above it" if setting.name in _MAY_BE_ZERO else "a number above 0"
                raise SettingsError(f"{setting.name} is {value}; it must be {wanted}, and at most {MOST}")
        if self.public_base is not None and not _is_address(self.public_base, _WEB_ADDRESS):
            raise SettingsError(f"public_base {self.public_base!r} is no address such as https://example.org/edugraph/")
        for endpoint in self.service_endpoints:
            if not _is_address(endpoint, _ENDPOINT):
                raise SettingsError(f"service_endpoints: {endpoint!r} is no address such as https://example.org/sparql")
        for proxy in self.trusted_proxies:
            _check_network(proxy)
        if self.write_token is not None:
            _check_token(self.write_token)

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None, **overrides: Any) -> Self:
        """Read ``EDUGRAPH_`` variables; an override that is not None wins. Raises SettingsError."""
        env = os.environ if environ is None else environ
        known = {setting.name: setting for setting in fields(cls)}
        values: dict[str, Any] = {}
        for name, text in env.items():
            if not name.startswith(PREFIX):
                continue
            key = name.removeprefix(PREFIX).lower()
            if key not in known:
                raise SettingsError(f"{name} is not a setting of edugraph; known: {_names(known)}")
            values[key] = _parse(name, text, str(known[key].type))
        settings = cls(**values)
        return replace(settings, **{key: value for key, value in overrides.items() if value is not None})

    @property
    def generations(self) -> Path:
        """The folder of generations and of the ``current`` link."""
        return self.build_dir if self.build_dir is not None else self.home / "build"

    def require_sources(self) -> None:
        """Raise SettingsError unless home holds the source folders."""
        missing = [name for name in ("ontology", "data", "shapes") if not (self.home / name).is_dir()]
        if missing:
            raise SettingsError(
                f"{self.home} has no {', '.join(missing)} folder; run edugraph from a checkout or set {PREFIX}HOME"
            )


def _is_limit(name: str, value: float) -> bool:
    return isfinite(value) and (0 < value <= MOST or (value == 0 and name in _MAY_BE_ZERO))


def _is_address(text: str, form: re.Pattern[str]) -> bool:
    try:
        return form.fullmatch(text) is not None and bool(urlsplit(text).hostname) and urlsplit(text).port != 0
    except ValueError:  # a port that does not exist, a bracket that does not end
        return False


def _check_token(token: str) -> None:
    if len(token) < SHORTEST_TOKEN:
        raise SettingsError(f"write_token is shorter than {SHORTEST_TOKEN} characters; choose a longer one")
    if token != token.strip() or _IN_NO_FIELD.search(token):
        raise SettingsError(
            "write_token begins or ends with a space or a line, or holds a character that no header field can; "
            "choose one without"
        )


def _check_network(proxy: str) -> None:
    try:
        ip_network(proxy)
    except ValueError as error:
        raise SettingsError(f"trusted_proxies: {error}; write such as 10.0.0.7 or 10.0.0.0/8") from error


def _names(known: Mapping[str, object]) -> str:
    return ", ".join(PREFIX + name.upper() for name in known)


def _parse(name: str, text: str, kind: str) -> Any:
    try:
        if kind.startswith("Path") and text:
            return Path(text)
        if kind == "bool":
            return {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}[text.lower()]
        if kind == "tuple[str, ...]":
            return tuple(part for part in text.split() if part)
        return {"int": int, "float": float, "str": str}[kind.removesuffix(" | None")](text)
    except (ValueError, KeyError) as error:
        raise SettingsError(f"{name}={text!r} cannot be used; write {_WANTED[kind.removesuffix(' | None')]}") from error
