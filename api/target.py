"""What a request asks for, as its first line says it."""

from __future__ import annotations

import re

from api.fields import Fields

_WHOLE = re.compile(rb"https?://(?:[^/?#@]*@)?([^/?#]*)(.*)", re.IGNORECASE | re.DOTALL)


def in_origin_form(target: bytes, fields: Fields) -> bytes:
    """The target as path and query; a whole address names the host, whatever Host says (RFC 9112, 3.2.2)."""
    whole = None if target.startswith(b"/") else _WHOLE.fullmatch(target)
    if whole is None:
        return target
    host, rest = whole.groups()
    fields[:] = [(name, host if name == b"host" else value) for name, value in fields]
    return rest if rest.startswith(b"/") else b"/" + rest
