"""Headers that tell a browser how little it may do with an answer."""

from __future__ import annotations

from api.fields import Fields

# An answer with data is read by a program: as a page it may load, frame and run nothing.
DATA_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"

HEADERS = {
    "content-security-policy": DATA_POLICY,
    "cross-origin-resource-policy": "cross-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
_ENCODED = [(name.encode("ascii"), value.encode("ascii")) for name, value in HEADERS.items()]


def secure(fields: Fields, status: int) -> None:
    """Add the headers that a route has not set itself; a page brings its own content security policy."""
    if status == 304:
        return  # a browser gives what it holds the headers of a 304: the policy of data would break a kept page
    held = {name for name, _ in fields}
    fields += [pair for pair in _ENCODED if pair[0] not in held]
