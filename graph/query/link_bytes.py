"""Writes links as JSON bytes, equal to those of link_records, put together from parts that stand in many links.

A page of a hundred links is built in a fraction of the time that its objects would take.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import _CacheInfo, partial
from typing import Any

import orjson

from graph.index.lookups import REPORTED
from graph.query.index import Index
from graph.query.link_records import (
    counterpart_record,
    dates_of,
    identified,
    qualifier_records,
    role_record,
    through_record,
)

KEPT = 131_072
"""Parts that are kept in all; when there are more, all go, and those in use are soon back."""
Chain = tuple[str, ...]
Part = tuple[bytes, str | None]
"""What is written, and the language of its label."""
_WHOLE_SOURCE = b'null,"start":null,"end":null,"quote":null}'


class Parts(dict[str, Part]):
    """The parts of one sort, by the IRI of what they are of; one that is missing is made."""

    def __init__(self, make: Callable[[str], Part]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, iri: str) -> Part:
        part = self[iri] = self._make(iri)
        return part


class LinkWriter:
    """Writes the links of one generation."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._known = {str(lang) for (lang,) in index.connection.execute("SELECT DISTINCT lang FROM name")}
        self._chains: dict[Chain, ChainWriter] = {}
        self._asked = self._gone = 0
        index.tell("written_parts", self._info)

    def write(self, rows: Sequence[tuple[Any, ...]], chain: Chain, spoken: set[str | None]) -> orjson.Fragment:
        """The JSON array of the links that rows of ``links.link_rows`` hold; adds to ``spoken`` what labels are in."""
        # Clients name languages in which nothing has a name; without these most of them want the same.
        known = tuple(filter(self._known.__contains__, chain))
        writer = self._chains.get(known)
        if writer is None:
            writer = self._chains[known] = ChainWriter(self._index, known)
        written = writer.write(rows, spoken)
        self._asked += len(rows) * SORTS
        if (held := self._held()) > KEPT:
            self._gone += held
            self._chains.clear()
        return orjson.Fragment(b"[%b]" % written)

    def _held(self) -> int:
        return sum(writer.held for writer in self._chains.values())

    def _info(self) -> _CacheInfo:
        held = self._held()
        return _CacheInfo(self._asked - self._gone - held, self._gone + held, KEPT, held)


SORTS = 5
"""Parts that every link has."""


MANY = 16
"""Things from which on it is sooner to read them together."""


class ChainWriter:
    """Writes the links of one generation, with labels by one order of languages."""

    def __init__(self, index: Index, chain: Chain) -> None:
        self._index, self._chain = index, chain
        self._begun = {way: Parts(partial(self._begin, way)) for way in ("in", "out")}
        self._counterparts = Parts(self._counterpart)
        self._modalities = Parts(self._modality)
        self._articles = Parts(self._article)
        self._dates = Parts(self._dates_of)

    @property
    def held(self) -> int:
        """How many parts it keeps."""
        sorts = (*self._begun.values(), self._counterparts, self._modalities, self._articles, self._dates)
        return sum(map(len, sorts))

    def write(self, rows: Sequence[tuple[Any, ...]], spoken: set[str | None]) -> bytes:
        """The links, parted by commas."""
        begun, counterparts, modalities = self._begun, self._counterparts, self._modalities
        articles, dates = self._articles, self._dates
        out: list[bytes] = []
        self._read_ahead(rows)
        for _, way, role, other, claim, modality, source, activity, part, subject, evidence, qualifiers in rows:
            start, role_lang = begun[way][role]
            counterpart, lang = counterparts[other]
            spoken.add(role_lang)
            spoken.add(lang)
            said, dated = (b"[]", subject) if qualifiers == "[]" else self._qualified(qualifiers, claim, subject)
            out += (
                start,
                counterpart,
                modalities[modality][0],
                self._through(activity, part) if activity else b"null",
                articles[source][0],
                _spans(evidence, source),
                b'],"qualifiers":',
                said,
                dates[dated][0],
                claim.encode(),
                b'"},',
            )
        return b"".join(out)[:-1]

    def _read_ahead(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """Have at hand what the parts are made of that none of these links' pages has asked for before."""
        # Not by taking keys() away from a set, which goes through all that is kept.
        counterparts, articles, dates, begun = self._counterparts, self._articles, self._dates, self._begun
        missing = {row[3] for row in rows if row[3] not in counterparts}
        missing.update(row[6] for row in rows if row[6] not in articles)
        missing.update(row[2] for row in rows if row[2] not in begun[row[1]])
        missing.update(thing for row in rows if (thing := row[9 if row[11] == "[]" else 4]) not in dates)
        if len(missing) >= MANY:
            self._index.read_ahead(missing)

    def _begin(self, way: str, role: str) -> Part:
        record = role_record(self._index, role, self._chain)
        return orjson.dumps({"direction": way, "role": record})[:-1], record["lang"]

    def _counterpart(self, iri: str) -> Part:
        record = counterpart_record(self._index, iri, self._chain)
        return b',"counterpart":' + orjson.dumps(record), record["lang"]

    def _modality(self, iri: str) -> Part:
        planned = b"false" if iri == REPORTED else b"true"
        named = orjson.dumps(identified(self._index, iri, self._chain))
        return b',"modality":%b,"planned":%b,"through":' % (named, planned), None

    def _through(self, activity: str, part: str) -> bytes:
        return orjson.dumps(through_record(self._index, activity, part, self._chain))

    def _article(self, iri: str) -> Part:
        named = orjson.dumps(self._index.named(iri, self._chain))
        return b',"article":%b,"evidence":[{"selector":' % named, None

    def _qualified(self, qualifiers: str, claim: str, subject: str) -> tuple[bytes, str]:
        """The qualifiers, and whose dates are the link's: the claim's own where they are among these."""
        said = orjson.dumps(qualifier_records(self._index, orjson.loads(qualifiers), self._chain))
        return said, claim if self._index.moments(claim) else subject

    def _dates_of(self, thing: str) -> Part:
        return b',"dates":%b,"claim":"' % orjson.dumps(dates_of(self._index, thing, self._chain)), None


def _spans(evidence: str, source: str) -> bytes:
    """The pieces of evidence in this source, from the first selector on; the source as a whole where there is none."""
    # Nearly all claims have one piece, then of this source: to read it as JSON would take longer than all else.
    if evidence.count("[") == 2:
        _, start, end = evidence[:-2].rsplit(",", 2)
        return _WHOLE_SOURCE if end == "null" else _span(source, start, end).encode()
    told = [(start, end) for of, start, end in orjson.loads(evidence) if of == source and start is not None]
    return ',{"selector":'.join(_span(source, start, end) for start, end in told).encode() or _WHOLE_SOURCE


def _span(source: str, start: int | str, end: int | str) -> str:
    return f'"{source}#char={start},{end}","start":{start},"end":{end},"quote":null}}'
