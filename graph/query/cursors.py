"""Opaque cursors: where a page ended, bound to the generation and to the question that it answers."""

from __future__ import annotations

import base64
import binascii
import json
from hashlib import sha256
from typing import Any

from graph.errors import BrokenCursor, StaleCursor
from graph.publish.generation import Generation
from graph.told import told

LONGEST = 2000
"""Characters of a cursor that are read."""


def cursor_for(generation: Generation, question: object, key: list[Any]) -> str:
    """A cursor behind ``key``; ``question`` is all that the order and the choice of rows depend on."""
    content = json.dumps([generation.id, _digest(question), key], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(content.encode()).decode().rstrip("=")


NO_CURSOR = told("this is no cursor of this service; take 'next' of an answer as it stands")


def key_of(generation: Generation, question: object, cursor: str, shape: tuple[type, ...]) -> list[Any]:
    """The key that a cursor stands for.

    Raises BrokenCursor for what is no cursor or belongs to another question, StaleCursor where the data has changed.
    """
    if len(cursor) > LONGEST:
        raise BrokenCursor(
            told("the cursor is longer than %(most)s characters; take 'next' of an answer as it stands", most=LONGEST)
        )
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        content = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        made_for, digest, key = content
    except (ValueError, binascii.Error, UnicodeError, TypeError, RecursionError) as error:
        raise BrokenCursor(NO_CURSOR) from error
    if not isinstance(made_for, str) or not isinstance(key, list):
        raise BrokenCursor(NO_CURSOR)
    if made_for != generation.id:
        raise StaleCursor(
            told("the cursor is of another generation than %(id)s; begin again at the first page", id=generation.id)
        )
    if [type(part) for part in key] != list(shape):
        raise BrokenCursor(NO_CURSOR)
    if any(isinstance(part, int) and abs(part) >= 1 << 63 for part in key):
        raise BrokenCursor(NO_CURSOR)
    if digest != _digest(question):
        raise BrokenCursor(
            told("the cursor belongs to other filters or another order; keep them, or begin without a cursor")
        )
    return list(key)


def _digest(question: object) -> str:
    return sha256(json.dumps(question, sort_keys=True, default=str).encode("utf-8", "backslashreplace")).hexdigest()[
        :16
    ]
