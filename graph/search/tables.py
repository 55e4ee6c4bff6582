"""The tables of index.sqlite that search reads, written when a generation is published.

``label``    every name, numbered so that the name of the thing with most links comes first: the smaller the number,
             the better the answer when all else is equal, and any LIMIT keeps the best.
``word``     every form of every word, numbered in the order of the forms, so that the words with one beginning are one
             range of numbers; ``before`` is how many postings the words before it have.
``posting``  which label has which word.
``heavy``    the best labels of each beginning that very many labels share.
``deletion`` every word without one of its letters: two words that are one typing error apart meet here.
"""

from __future__ import annotations

import sqlite3
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import groupby

from rapidfuzz.distance import OSA

from graph.search.forms import Word, words

SCHEMA = """
CREATE TABLE label (id INTEGER PRIMARY KEY, thing TEXT NOT NULL, lang TEXT NOT NULL, name TEXT NOT NULL,
    preferred INTEGER NOT NULL, folded TEXT NOT NULL, folds TEXT NOT NULL, sounds TEXT NOT NULL, stems TEXT NOT NULL,
    initials TEXT NOT NULL, key TEXT NOT NULL);
CREATE TABLE word (id INTEGER PRIMARY KEY, form TEXT NOT NULL, labels INTEGER NOT NULL, before INTEGER NOT NULL);
CREATE TABLE posting (word INTEGER NOT NULL, label INTEGER NOT NULL, PRIMARY KEY (word, label)) WITHOUT ROWID;
CREATE TABLE heavy (form TEXT NOT NULL, label INTEGER NOT NULL, PRIMARY KEY (form, label)) WITHOUT ROWID;
CREATE TABLE deletion (form TEXT NOT NULL, word INTEGER NOT NULL, PRIMARY KEY (form, word)) WITHOUT ROWID;
"""
INDEXES = """
CREATE UNIQUE INDEX word_form ON word (form);
CREATE INDEX posting_label ON posting (label, word);
CREATE INDEX label_key ON label (key);
CREATE INDEX label_folded ON label (folded);
CREATE INDEX label_thing ON label (thing);
"""
SHORTEST_TYPO, LONGEST_TYPO = 4, 40
"""Letters of the words in which one typing error is looked for."""
HEAVY = 300
"""Postings from which on the best labels of a beginning are kept ready."""
KEPT = 100
"""Labels kept for such a beginning."""
_LONGEST_BEGINNING = 16
_UNTOLD = frozenset({"of", "the", "and", "for", "in", "on", "to", "un", "и", "в", "на", "по"})

_NAMES = """
WITH known AS (SELECT entity, count(*) AS links FROM link GROUP BY entity)
SELECT name.thing, name.lang, name.name, max(name.preferred) AS preferred, name.folded
FROM name LEFT JOIN known ON known.entity = name.thing
WHERE EXISTS (SELECT 1 FROM thing WHERE thing.iri = name.thing)
GROUP BY name.thing, name.lang, name.name
ORDER BY coalesce(known.links, 0) DESC, preferred DESC, length(name.name), name.thing, name.lang, name.name
"""


def write_tables(connection: sqlite3.Connection) -> None:
    """Fill the search tables from the tables ``name``, ``thing`` and ``link``; the same rows give the same bytes."""
    connection.executescript(SCHEMA)
    postings: dict[str, set[int]] = {}
    rows = connection.execute(_NAMES).fetchall()
    connection.executemany(f"INSERT INTO label VALUES ({', '.join('?' * 11)})", _labels(rows, postings))  # noqa: S608 - marks alone
    forms = sorted(postings)
    connection.executemany("INSERT INTO word VALUES (?, ?, ?, ?)", _words(forms, postings))
    ordered = ((number, label) for number, form in enumerate(forms) for label in sorted(postings[form]))
    connection.executemany("INSERT INTO posting VALUES (?, ?)", ordered)
    connection.executemany("INSERT INTO heavy VALUES (?, ?)", _heavy(forms, postings))
    connection.executemany("INSERT INTO deletion VALUES (?, ?)", _deletions(forms))
    connection.executescript(INDEXES)


def key(found: Iterable[Word]) -> str:
    """The same for two names that have the same words, in whatever script, spelling and order."""
    return " ".join(sorted(word.sound for word in found))


def deletions(form: str) -> set[str]:
    """The word without each of its letters."""
    return {form[:i] + form[i + 1 :] for i in range(len(form))}


def one_error(left: str, right: str) -> bool:
    """Whether two words that are long enough differ by one letter: more, less, other or swapped with its neighbour."""
    return len(left) >= SHORTEST_TYPO <= len(right) and OSA.distance(left, right, score_cutoff=1) <= 1


def initials(found: tuple[Word, ...]) -> tuple[str, ...]:
    """The abbreviations that a name of three words or more may have: all initials, and those of the telling words."""
    if len(found) < 3:
        return ()
    every = "".join(word.folded[0] for word in found)
    telling = "".join(word.folded[0] for word in found if word.folded not in _UNTOLD)
    return tuple(dict.fromkeys(short for short in (every, telling) if len(short) >= 3))


def _labels(rows: list[tuple[str, str, str, int, str]], postings: dict[str, set[int]]) -> Iterator[tuple[object, ...]]:
    """The rows of ``label``; fills in passing which labels each form stands in."""
    for number, (thing, lang, name, preferred, folded) in enumerate(rows):
        found = words(name)
        short = initials(found)
        for form in {*short, *(form for word in found for form in (word.folded, word.sound, *word.stems))}:
            postings.setdefault(form, set()).add(number)
        yield (
            number,
            thing,
            lang,
            name,
            preferred,
            folded,
            " ".join(word.folded for word in found),
            " ".join(word.sound for word in found),
            " ".join(",".join(word.stems) or "-" for word in found),
            " ".join(short),
            key(found),
        )


def _words(forms: list[str], postings: dict[str, set[int]]) -> Iterator[tuple[int, str, int, int]]:
    before = 0
    for number, form in enumerate(forms):
        yield number, form, len(postings[form]), before
        before += len(postings[form])


def _heavy(forms: list[str], postings: dict[str, set[int]]) -> Iterator[tuple[str, int]]:
    """The best labels of each beginning with more than HEAVY postings, shortest beginnings first."""
    spans = [(0, len(forms))]
    for length in range(1, _LONGEST_BEGINNING + 1):
        narrower = []
        for start, end in spans:
            for beginning, group in groupby(forms[start:end], key=lambda form: form[:length]):
                members = list(group)
                if len(beginning) == length and sum(len(postings[form]) for form in members) > HEAVY:
                    first = bisect_left(forms, members[0])
                    narrower.append((first, first + len(members)))
                    best = sorted(set().union(*(postings[form] for form in members)))[:KEPT]
                    yield from ((beginning, label) for label in best)
        spans = narrower


def _deletions(forms: list[str]) -> Iterator[tuple[str, int]]:
    pairs = (
        (shorter, number)
        for number, form in enumerate(forms)
        if SHORTEST_TYPO <= len(form) <= LONGEST_TYPO
        for shorter in deletions(form)
    )
    return iter(sorted(pairs))
