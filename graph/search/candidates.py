"""Finds the labels that may be what is meant, through the index tables and never by going through all names.

Two ways: ``with_all`` gives labels that have every word of the query, and ``with_some`` those that have some of them,
with words run together taken apart, words taken apart joined, and one typing error in a word forgiven.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log

from graph.search.forms import Word, words
from graph.search.tables import KEPT, LONGEST_TYPO, SHORTEST_TYPO, deletions, one_error

AFTER_ALL = "\U0010ffff"
READ = 5000
"""Labels of one word that are held against the other words of the query, the best first."""
READ_FOR_EACH = 25
"""And no more than this for each label that is wanted."""
MANY = 200
"""Labels that one word brings into ``with_some``."""
ALTERNATIVES = 5
"""Words as they stand, and words joined or taken apart, that ``with_some`` follows, the rarest first."""
PARTS = 3
"""Parts of one word that ``with_some`` follows."""
MOST_LEFT_OUT = 6
"""Words up to which ``with_some`` also leaves out one word after the other."""
SHORTEST_PART = 3
"""Letters of the parts into which a word is taken apart."""


@dataclass(frozen=True)
class Spans:
    """Ranges of word numbers, first and last, and how many postings they have together."""

    ranges: tuple[tuple[int, int], ...]
    postings: int
    heavy: str | None = None
    """The beginning whose best labels are kept ready, where this is all that one word asks for."""


class Candidates:
    """Looks labels up in one index, only those of things of a class where ``class_iri`` is given."""

    def __init__(self, connection: sqlite3.Connection, class_iri: str | None = None) -> None:
        self._connection = connection
        self._class = class_iri
        self.cut = False
        """Whether labels were left unread that may answer too."""

    def same(self, folded: str, key: str, most: int) -> list[int]:
        """Labels that are the whole name, as it is spelt or as its words sound in any order."""
        found = self._labels("SELECT id AS label FROM label WHERE folded = ?", [folded], most)
        return list(dict.fromkeys([*found, *self._labels("SELECT id AS label FROM label WHERE key = ?", [key], most)]))

    def with_all(self, query: Sequence[Word], most: int, *, typing: bool) -> list[int]:
        """The best labels that have all words; while the user is ``typing``, the last one may have only begun."""
        spans = [self._spans(word, begun=typing and word is query[-1]) for word in query]
        if not all(span.ranges for span in spans):
            return []
        return self._meeting(spans, most)

    def with_some(self, query: Sequence[Word], most: int) -> list[int]:
        """The labels that share the rarest words with the query, the likeliest first."""
        near = [span for word in query if (span := self._near(word)).ranges]
        other = [*self._joined(query), *self._parts(query)]
        weights: defaultdict[int, float] = defaultdict(float)
        for span in [*_rarest(near), *_rarest(other)]:
            weight = 1 / log(2 + span.postings)
            for label in self._meeting([span], MANY):
                weights[label] += weight
        found = sorted(weights, key=lambda label: (-weights[label], label))[:most]
        if 2 < len(near) <= MOST_LEFT_OUT:
            for left_out in range(len(near)):
                found.extend(self._meeting([*near[:left_out], *near[left_out + 1 :]], most // 4))
        return list(dict.fromkeys(found))

    def _joined(self, query: Sequence[Word]) -> Iterator[Spans]:
        """Neighbours in the query as one word."""
        for left, right in pairwise(query):
            for word in words(left.folded + right.folded):
                if (span := self._near(word)).ranges:
                    yield span

    def _parts(self, query: Sequence[Word]) -> Iterator[Spans]:
        """The longest known words that one word of the query may be run together from."""
        for word in query:
            forms = {form for form in (word.folded, word.sound) if len(form) <= LONGEST_TYPO}
            cuts = [(form, cut) for form in forms for cut in range(SHORTEST_PART, len(form) - SHORTEST_PART + 1)]
            parts = sorted({part for form, cut in cuts for part in (form[:cut], form[cut:])})
            known = _in("SELECT id, labels FROM word WHERE form IN", parts)
            longest = f"{known} ORDER BY length(form) DESC, labels, id LIMIT {PARTS}"
            rows = self._connection.execute(longest, parts)
            yield from (Spans(((number, number),), count) for number, count in rows)

    def _near(self, word: Word) -> Spans:
        """The word in any form, else what it begins, and what is one typing error away."""
        told, erring = self._spans(word, begun=False), self._erring(word)
        return Spans(tuple({*told.ranges, *erring.ranges}), told.postings + erring.postings)

    def _spans(self, word: Word, *, begun: bool) -> Spans:
        """Where the word stands: in any of its forms, else as the beginning of others, else with a typing error."""
        exact = self._exact((word.sound, *word.stems, word.folded))
        if exact.ranges and not begun:
            return exact
        beginning = self._beginning(word, exact)
        return beginning if beginning.ranges else self._erring(word)

    def _exact(self, forms: Sequence[str]) -> Spans:
        """The words of these forms, in this order; those that sound so hold all that are spelt so."""
        rows = self._connection.execute(_in("SELECT form, id, labels FROM word WHERE form IN", forms), forms)
        known = {form: (number, count) for form, number, count in rows}
        told = [known[form] for form in dict.fromkeys(forms) if form in known]
        return Spans(tuple((number, number) for number, _ in told), sum(count for _, count in told))

    def _beginning(self, word: Word, exact: Spans) -> Spans:
        """The ranges of words that the word begins, and its own forms where they lie outside."""
        ranges, postings, heavy = [], 0, None
        for form in dict.fromkeys((word.folded, word.sound)):
            first = self._connection.execute(
                "SELECT id, before FROM word WHERE form >= ? ORDER BY form LIMIT 1", (form,)
            ).fetchone()
            last = self._connection.execute(
                "SELECT id, before + labels FROM word WHERE form < ? ORDER BY form DESC LIMIT 1", (form + AFTER_ALL,)
            ).fetchone()
            if first is not None and last is not None and first[0] <= last[0]:
                ranges.append((first[0], last[0]))
                postings += last[1] - first[1]
        if (
            self._class is None
            and self._connection.execute("SELECT 1 FROM heavy WHERE form = ? LIMIT 1", (word.folded,)).fetchone()
        ):
            heavy = word.folded
        apart = [one for one in exact.ranges if not any(low <= one[0] <= high for low, high in ranges)]
        return Spans((*ranges, *apart), postings + len(apart), heavy)

    def _erring(self, word: Word) -> Spans:
        """The words that are one letter more, less, other or swapped away."""
        forms = {form for form in (word.folded, word.sound) if SHORTEST_TYPO <= len(form) <= LONGEST_TYPO}
        shorter = sorted({piece for form in forms for piece in deletions(form)})
        if not shorter:
            return Spans((), 0)
        same = sorted(forms)
        near = _in("SELECT word FROM deletion WHERE form IN", [*shorter, *same])
        less = _in("SELECT id FROM word WHERE form IN", shorter)
        rows = self._connection.execute(
            f"SELECT id, form, labels FROM word WHERE id IN ({near} UNION {less}) ORDER BY id",  # noqa: S608 - marks alone
            [*shorter, *same, *shorter],
        )
        found = [(row[0], row[2]) for row in rows if any(one_error(form, row[1]) for form in same)]
        return Spans(tuple((number, number) for number, _ in found), sum(count for _, count in found))

    def _meeting(self, spans: Sequence[Spans], most: int) -> list[int]:
        """The best labels that have a word of each of the spans; the rarest one leads."""
        leading, *others = sorted(spans, key=_cost)
        others.sort(key=lambda span: span.postings)
        if not others and leading.heavy is not None and most <= KEPT:
            # Words that the beginning is itself stand before those that it begins.
            own = self._exact((leading.heavy,))
            rows = self._connection.execute("SELECT label FROM heavy WHERE form = ? LIMIT ?", (leading.heavy, most))
            return list(dict.fromkeys([*(self._meeting([own], most // 2) if own.ranges else []), *_firsts(rows)]))
        read = min(READ, READ_FOR_EACH * most)
        self.cut = self.cut or leading.postings > read
        found: set[int] = set()
        having = "".join(f" AND ({_any_of(other)})" for other in others)
        bounds = [bound for other in others for low_high in other.ranges for bound in low_high]
        for low, high in leading.ranges:
            # One word's labels stand in their order: by "=" SQLite reads no more of them than it needs.
            word, asked = ("word = ?", [low]) if low == high else ("word BETWEEN ? AND ?", [low, high])
            first = f"SELECT label FROM posting WHERE {word} ORDER BY label LIMIT ?"  # noqa: S608 - marks alone
            sql = f"SELECT label FROM ({first}) AS a WHERE 1{having}"  # noqa: S608 - marks alone
            found.update(self._labels(sql, [*asked, read, *bounds], most))
            if len(found) >= most:
                break
        return sorted(found)[:most]

    def _labels(self, sql: str, values: list[object], most: int) -> list[int]:
        """The first labels of a statement that gives ``label``, of the wanted class alone."""
        if self._class is not None:
            sql = (
                f"SELECT label FROM ({sql}) AS found WHERE EXISTS (SELECT 1 FROM label"  # noqa: S608 - marks alone
                " JOIN thing ON thing.iri = label.thing WHERE label.id = found.label AND thing.class = ?)"
            )
            values = [*values, self._class]
        return _firsts(self._connection.execute(f"{sql} ORDER BY label LIMIT ?", [*values, most]))


def _rarest(spans: Sequence[Spans]) -> list[Spans]:
    return sorted(spans, key=lambda span: span.postings)[:ALTERNATIVES]


def _cost(span: Spans) -> int:
    """One word's labels come in their order, those of several have to be sorted first."""
    single = all(low == high for low, high in span.ranges)
    return span.postings if single else 4 * span.postings


def _any_of(span: Spans) -> str:
    one = (
        "EXISTS (SELECT 1 FROM posting AS b INDEXED BY posting_label"
        " WHERE b.label = a.label AND b.word BETWEEN ? AND ?)"
    )
    return " OR ".join([one] * len(span.ranges))


def _in(sql: str, values: Sequence[object]) -> str:
    return f"{sql} ({', '.join('?' * len(values))})"


def _firsts(rows: sqlite3.Cursor) -> list[int]:
    return [int(row[0]) for row in rows]
