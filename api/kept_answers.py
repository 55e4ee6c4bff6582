"""Whole answers kept at hand for whoever asks the same of the same generation, as an HTTP cache would keep them.

A generation never changes, and an answer that carries it as its ETag follows from it, the URL, and the fields of the
request that its Vary names: asked again, it is the same bytes. What the setting ``kept_answers`` does not leave room
for goes, that which nobody has asked for longest first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cachetools import LRUCache
from starlette.types import Scope

from api.fields import Fields
from api.generations import moment_told

LARGEST = 256 * 1024
"""Bytes of a body; a larger one is not kept."""

DECIDING = (b"accept", b"accept-encoding", b"accept-language", b"cookie", b"host")
"""The fields of the request by which answers are told apart; one that varies by another is not kept."""

_VARIES = frozenset({name.decode() for name in DECIDING} | {"origin"})  # CORS is said for each request anew
_NEITHER = frozenset({b"authorization", b"range", b"if-match", b"if-none-match", b"if-modified-since", b"if-range"})
_PLACES = {name: place for place, name in enumerate(DECIDING)}
_NOT_KEPT = frozenset({b"set-cookie", b"access-control-allow-origin"})  # of one client, of one request
_BESIDE_BYTES = 2048  # what Python's objects around an answer's bytes take, by and large

Key = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """An answer as it went out the first time, but for what belongs to one request."""

    fields: Fields
    body: bytes
    route: object
    log: dict[str, Any]
    size: int
    """Bytes that it takes with its key, by and large."""


class KeptAnswers:
    """The answers kept, ``most`` bytes of them; 0 keeps none."""

    def __init__(self, most: int) -> None:
        self._answers: LRUCache[Key, KeptAnswer] = LRUCache(most, getsizeof=lambda answer: answer.size)
        self._most = most
        self.hits = self.misses = 0

    def __len__(self) -> int:
        return len(self._answers)

    @property
    def size(self) -> int:
        """Bytes that they take, by and large."""
        return int(self._answers.currsize)

    def key(self, scope: Scope) -> Key | None:
        """What tells this request from others with another answer; None where no kept answer may serve it."""
        generation = scope["state"]["generation"]
        if self._most == 0 or scope["method"] != "GET" or generation is None:
            return None
        if moment_told(generation) < generation.moment:  # Last-Modified still moves
            return None
        deciding: list[bytes | None] = [None] * len(DECIDING)
        for name, value in scope["headers"]:
            if name in _PLACES:
                place = _PLACES[name]
                before = deciding[place]
                deciding[place] = value if before is None else before + b"," + value
            elif name in _NEITHER:
                return None
        return generation.id, scope["scheme"], scope["raw_path"], scope["query_string"], *deciding

    def find(self, key: Key) -> KeptAnswer | None:
        """The answer to a request, if it is at hand."""
        found: KeptAnswer | None = self._answers.get(key)
        self.hits += found is not None
        return found

    def keep(self, key: Key, scope: Scope, fields: Fields, body: bytes) -> None:
        """Keep an answer that has gone out whole, if it is not too large."""
        self.misses += 1  # only now it is known that it could have been at hand
        log = {**scope["state"].get("log", {}), "kept": True}
        of_key = sum(len(part) for part in key if isinstance(part, str | bytes))
        # The log may hold the query, which the key holds too.
        size = _BESIDE_BYTES + 2 * of_key + sum(len(name) + len(value) for name, value in fields) + len(body)
        if len(body) <= LARGEST and size <= self._most:
            self._answers[key] = KeptAnswer(fields, bytes(body), scope.get("route"), log, size)


def may_be_kept(scope: Scope, status: int, fields: Fields) -> bool:
    """Whether an answer with this head is one to keep, should it come whole."""
    return status == 200 and scope["state"].get("follows", False) and all(map(_lets_keep, fields))


def _lets_keep(field: tuple[bytes, bytes]) -> bool:
    """Whether a field of an answer lets it be kept."""
    name, value = field
    if name == b"vary":
        return all(part.strip().lower() in _VARIES for part in value.decode("latin-1").split(","))
    return name not in _NOT_KEPT and not (name == b"cache-control" and b"no-store" in value)
