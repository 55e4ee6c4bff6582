"""Writes links as JSON bytes, equal to those of link_records, put together from parts that stand in many links.

A page of a hundred links is built in a fraction of the time that its objects would take.
"""

from __future__ import annotations

from collections.abc import Iterable
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

KEPT = 32768
"""Parts of each sort that are kept; the least used go first."""
Chain = tuple[str, ...]
_NO_SPAN = b'{"selector":null,"start":null,"end":null,"quote":null}'
_SPAN = b'{"selector":"%b#char=%d,%d","start":%d,"end":%d,"quote":null}'
_LINK = (
    b'%b,"counterpart":%b,"modality":%b,"through":%b,"article":%b,"evidence":[%b],"qualifiers":%b,"dates":%b,'
    b'"claim":"%b"}'
)


class LinkWriter:
    """Writes the links of one generation."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._begun = index.keep("written_roles", self._begin, KEPT)
        self._counterpart = index.keep("written_counterparts", self._write_counterpart, KEPT)
        self._modality = index.keep("written_modalities", self._write_modality, KEPT)
        self._article = index.keep("written_articles", self._write_article, KEPT)
        self._dates = index.keep("written_dates", self._write_dates, KEPT)

    def write(self, rows: Iterable[tuple[Any, ...]], chain: Chain, spoken: set[str]) -> orjson.Fragment:
        """The JSON array of the links that rows of ``links.link_rows`` hold; adds to ``spoken`` what labels are in."""
        return orjson.Fragment(b"[%b]" % b",".join([self._link(row, chain, spoken) for row in rows]))

    def _link(self, row: tuple[Any, ...], chain: Chain, spoken: set[str]) -> bytes:
        _, direction, role, other, claim, modality, source, activity, part, subject, evidence, qualifiers = row
        begun, role_lang = self._begun(direction, role, chain)
        counterpart, lang = self._counterpart(other, chain)
        spoken.add(role_lang)
        spoken.add(lang)
        said, dated = b"[]", subject
        if qualifiers != "[]":
            said = orjson.dumps(qualifier_records(self._index, orjson.loads(qualifiers), chain))
            dated = claim if self._index.moments(claim) else subject
        through = orjson.dumps(through_record(self._index, activity, part, chain)) if activity else b"null"
        return _LINK % (
            begun,
            counterpart,
            self._modality(modality, chain),
            through,
            self._article(source, chain),
            _spans(evidence, source),
            said,
            self._dates(dated, chain),
            claim.encode(),
        )

    def _begin(self, direction: str, role: str, chain: Chain) -> tuple[bytes, str]:
        record = role_record(self._index, role, chain)
        return orjson.dumps({"direction": direction, "role": record})[:-1], record["lang"]

    def _write_counterpart(self, iri: str, chain: Chain) -> tuple[bytes, str]:
        record = counterpart_record(self._index, iri, chain)
        return orjson.dumps(record), record["lang"]

    def _write_modality(self, iri: str, chain: Chain) -> bytes:
        planned = b"false" if iri == REPORTED else b"true"
        return b'%b,"planned":%b' % (orjson.dumps(identified(self._index, iri, chain)), planned)

    def _write_article(self, iri: str, chain: Chain) -> bytes:
        return orjson.dumps(self._index.named(iri, chain))

    def _write_dates(self, thing: str, chain: Chain) -> bytes:
        return orjson.dumps(dates_of(self._index, thing, chain))


def _spans(evidence: str, source: str) -> bytes:
    """The pieces of evidence in this source; the source as a whole where there is none."""
    written = source.encode()
    found = [
        _SPAN % (written, start, end, start, end)
        for of, start, end in orjson.loads(evidence)
        if of == source and start is not None
    ]
    return b",".join(found) or _NO_SPAN
