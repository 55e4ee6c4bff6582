"""Opens a generation's index.sqlite read-only and gives names and classes of things from it."""

from __future__ import annotations

import re
import sqlite3
from collections import deque
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import _CacheInfo, lru_cache
from pathlib import Path
from typing import Any, NamedTuple, ParamSpec, TypeVar, cast

import orjson

from graph.errors import InputError, NothingBuilt
from graph.index.projection import FORMAT
from graph.namespaces import EDG
from graph.publish.generation import Generation
from graph.told import told, unfilled

FALLBACK = ("en", "ru", "lv", "kk")
"""The languages that a label falls back to, in this order, behind those that were asked for."""

MOST_IDLE = 4
"""Connections that are kept for the next questions that may take long."""

_MAPPED = 1 << 40
"""Bytes of the file that may be read where the system holds them: all of them."""
KEPT = 65536
"""Answers that each cache keeps; the least used go first."""
Given = ParamSpec("Given")
Made = TypeVar("Made")


@dataclass(frozen=True)
class Label:
    """A name and the language it is in; ``lang`` is None where the name is no more than the IRI's last part."""

    text: str
    lang: str | None


class Ahead(NamedTuple):
    """What was read of many things at once, by their IRIs; the rows are those that each would be asked for."""

    names: dict[str, list[Any]]
    sorts: dict[str, list[Any]]
    moments: dict[str, list[Any]]


_AHEAD = (
    "SELECT asked.value, name.lang, name.name FROM json_each(?) AS asked LEFT JOIN name"
    " ON name.thing = asked.value AND name.preferred = 1 ORDER BY 1, 2, 3",
    "SELECT asked.value, thing.class, thing.kind FROM json_each(?) AS asked LEFT JOIN thing"
    " ON thing.iri = asked.value ORDER BY 1, 2, 3",
    "SELECT asked.value, moment.property, moment.value, moment.form, moment.modality, moment.claim"
    " FROM json_each(?) AS asked LEFT JOIN moment ON moment.thing = asked.value ORDER BY 1, 2, 3, 6",
)


def _by_first(rows: Iterable[tuple[Any, ...]]) -> dict[str, list[Any]]:
    """What stands behind the first column, by it; an empty list where the join found nothing."""
    found: dict[str, list[Any]] = {}
    for iri, *rest in rows:
        found.setdefault(iri, []).extend([tuple(rest)] if rest[0] is not None else [])
    return found


def chosen_label(iri: str, names: Mapping[str, str], chain: Sequence[str]) -> Label:
    """Of the names of a thing by language: the first language of the chain that has one, then of FALLBACK, then any."""
    for lang in (*chain, *FALLBACK):
        if lang in names:
            return Label(names[lang], lang or None)
    if names:
        lang = min(names)
        return Label(names[lang], lang or None)
    return Label(iri.rstrip("/").rpartition("#")[2].rpartition("/")[2], None)


class Index:
    """One generation's index. Safe to share between threads of one process."""

    def __init__(self, generation: Generation) -> None:
        """Open the index. Raises NothingBuilt where the file is gone or of another format."""
        self.generation = generation
        self._path = generation.index
        try:
            self.connection = _connect(self._path)
            (version,) = self.connection.execute("PRAGMA user_version").fetchone()
        except sqlite3.Error as error:
            raise NothingBuilt(f"{self._path} cannot be opened: {error}; run 'edugraph build'") from error
        if version != FORMAT:
            raise NothingBuilt(f"{self._path} has format {version}, this edugraph reads {FORMAT}; run 'edugraph build'")
        self._kept: dict[str, Callable[[], _CacheInfo]] = {}
        self.label = self.keep("labels", self._label)
        self.named = self.keep("names", self._named)
        self.classes = self.keep("classes", self._classes)
        self.kind = self.keep("kinds", self._kind)
        self.moments = self.keep("dates", self._moments)
        self.remember = self.keep("parts", self._make)
        self._idle: deque[sqlite3.Connection] = deque()
        self._ahead = Ahead({}, {}, {})
        # Read once: there are a few dozen roles, and every link names one.
        self.broader = {
            str(role): str(above)
            for role, above in self.connection.execute("SELECT iri, min(broader) FROM role GROUP BY iri")
        }
        """The next broader role of each role that has one."""

    def caches(self) -> dict[str, _CacheInfo]:
        """What is kept of answers of this index: by name, how often it was at hand, and how much of it there is."""
        return {name: told() for name, told in self._kept.items()}

    def keep(self, name: str, make: Callable[Given, Made], most: int = KEPT) -> Callable[Given, Made]:
        """``make``, whose newest ``most`` answers are kept and told of by ``caches``."""
        cached = lru_cache(maxsize=most)(make)
        self._kept[name] = cached.cache_info
        return cast("Callable[Given, Made]", cached)

    def tell(self, name: str, told: Callable[[], _CacheInfo]) -> None:
        """Have ``caches`` tell of what somebody else keeps of answers of this index."""
        self._kept[name] = told

    def close(self) -> None:
        """Let go of the file."""
        for connection in (self.connection, *self._idle):
            connection.close()
        self._idle.clear()

    def unmap(self) -> None:
        """Let go of the parts of the file that were read so far; the system still holds them, but not as our memory."""
        for connection in (self.connection, *self._idle):
            # While a question is being answered on it, SQLite leaves a connection as it is.
            connection.execute("PRAGMA mmap_size = 0")
            connection.execute(f"PRAGMA mmap_size = {_MAPPED}")

    def read(self, sql: str, values: Mapping[str, object]) -> list[Any]:
        """The rows of a question that may take long, on a connection of its own: the shared one is never held up."""
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = _connect(self._path)
        try:
            return connection.execute(sql, values).fetchall()
        finally:
            # A new connection reads the whole schema first, which takes longer than most questions.
            if len(self._idle) < MOST_IDLE:
                self._idle.append(connection)
            else:
                connection.close()

    def read_ahead(self, iris: Collection[str]) -> None:
        """Read the names, classes, kinds and dates of these together, for the questions about each that follow at once.

        A question for each of a hundred things takes several times as long as one for all of them.
        """
        given = (orjson.dumps(sorted(iris)).decode(),)
        # The only ones read ahead, in one assignment: whoever asks meanwhile finds either these or those before.
        self._ahead = Ahead(*(_by_first(self.connection.execute(sql, given)) for sql in _AHEAD))

    def _label(self, iri: str, chain: tuple[str, ...]) -> Label:
        """The preferred name of a thing in the first language of the chain that has one, then of FALLBACK, then any."""
        if (names := self._ahead.names.get(iri)) is not None:
            return chosen_label(iri, dict(reversed(names)), chain)
        rows = self.connection.execute(
            "SELECT lang, name FROM name WHERE thing = ? AND preferred = 1 ORDER BY lang, name", (iri,)
        ).fetchall()
        return chosen_label(iri, dict(reversed(rows)), chain)

    def _named(self, iri: str, chain: tuple[str, ...]) -> dict[str, str | None]:
        """IRI, label and the label's language, as they stand in answers. Shared: never change it."""
        label = self.label(iri, chain)
        return {"iri": iri, "label": label.text, "lang": label.lang}

    def _make(self, make: Callable[..., Any], *key: Any) -> Any:
        """``make(index, *key)``, made once: for parts of answers that stand in many of them. Never change one."""
        return make(self, *key)

    def _kind(self, iri: str) -> str | None:
        """The IRI of the one word that says what sort of its class a thing is."""
        if (sorts := self._ahead.sorts.get(iri)) is not None:
            return min((str(kind) for _, kind in sorts if kind is not None), default=None)
        row = self.connection.execute("SELECT min(kind) FROM thing WHERE iri = ?", (iri,)).fetchone()
        return None if row[0] is None else str(row[0])

    def _moments(self, iri: str) -> list[tuple[str, str, str, str, str | None]]:
        """Property, value, datatype, modality and claim of each date of a thing."""
        if (moments := self._ahead.moments.get(iri)) is not None:
            return moments
        return self.connection.execute(
            "SELECT property, value, form, modality, claim FROM moment WHERE thing = ? ORDER BY property, value, claim",
            (iri,),
        ).fetchall()

    def _classes(self, iri: str) -> list[str]:
        """The classes of a thing, those of the edugraph ontology as bare names such as ``Organisation``."""
        if (sorts := self._ahead.sorts.get(iri)) is not None:
            return [name.removeprefix(EDG) for name in sorted({str(name) for name, _ in sorts})]
        rows = self.connection.execute("SELECT DISTINCT class FROM thing WHERE iri = ? ORDER BY class", (iri,))
        return [str(row[0]).removeprefix(EDG) for row in rows]

    def exists(self, iri: str) -> bool:
        """Whether anything is known of the IRI."""
        return bool(self.classes(iri))


LANGUAGES = "^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*( *, *[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*)*$"
"""Language tags (RFC 5646) with commas between."""


NO_LANGUAGES = unfilled("%(text)s is no list of language tags; write lv, or lv,ru for the best first")


def languages_meant(text: str) -> tuple[str, ...]:
    """The chain that a list such as ``lv,ru`` asks for. Raises InputError."""
    if re.search(LANGUAGES, text) is None:
        raise InputError(told(NO_LANGUAGES, text=repr(text[:50])))
    return language_chain(text.split(","))


def language_chain(wanted: Sequence[str]) -> tuple[str, ...]:
    """Language tags in order of preference, each region behind its language, without repeats."""
    tags = [tag.strip().lower() for tag in wanted if tag.strip()]
    return tuple(dict.fromkeys(part for tag in tags for part in (tag, tag.partition("-")[0])))


def _connect(path: Path) -> sqlite3.Connection:
    """A connection that reads the file where the system holds it, instead of copying each page."""
    uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
    connection.execute(f"PRAGMA mmap_size = {_MAPPED}")
    return connection
