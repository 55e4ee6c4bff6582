"""Search and suggestions: the things that a text in any language, script and spelling may mean, the best first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from graph.errors import UnknownEntity
from graph.index.fold import fold
from graph.namespaces import EDG, SKOS, compact, expand
from graph.query.index import Index
from graph.search.candidates import Candidates
from graph.search.forms import Word, words, written
from graph.search.ranking import SAME_WORDS, Label, Match, labels, rank
from graph.search.tables import key
from graph.told import told

LONGEST = 300
"""Characters of a text that is searched for."""
MOST = 1000
"""Labels that one search looks at; ``complete`` says whether there may be more."""
AT_ONCE = 30
"""Labels that one suggestion looks at."""
NEAR = 100
"""Labels that are held against a text with typing errors."""
GOOD = 80.0
"""The score below which the best answer is not trusted, so that typing errors are looked for."""
FAIR = 75.0
"""The score below which the best answer with one typing error a word is not trusted either."""
MUCH_ALIKE = 85.0
"""The likeness from which a name is given beside those that have every word of the text."""
POOR = 45.0
"""The score below which an answer that was found by likeness is not given."""


@dataclass(frozen=True)
class Found:
    """What a search found: the best label of each thing, the best thing first."""

    matches: list[Match]
    complete: bool
    """Whether all labels that answer were looked at."""


def search(index: Index, text: str, class_iri: str | None = None) -> Found:
    """All things that answer; where none answers well, also what is one typing error away or much alike."""
    return _find(index, text, class_iri, MOST, typing=True)


def suggest(index: Index, text: str, most: int, class_iri: str | None = None) -> list[Match]:
    """The best things for a text that is still being typed."""
    return _find(index, text, class_iri, max(AT_ONCE, most), typing=True).matches[:most]


def whole_names(index: Index, text: str, class_iri: str | None, most: int) -> list[Match]:
    """The best things for a name that is written out."""
    return _find(index, text, class_iri, most, typing=False).matches


def class_of(index: Index, name: str) -> str:
    """The IRI of a class that things have, from its bare, prefixed or full name. Raises UnknownEntity."""
    iri = expand(name) or EDG + name
    if index.connection.execute("SELECT 1 FROM thing WHERE class = ? LIMIT 1", (iri,)).fetchone():
        return iri
    there = ", ".join(compact(found).removeprefix("edg:") for found in sorted(classes_of_things(index)))
    raise UnknownEntity(
        told("%(name)s is no class of things; there are: %(there)s", name=repr(name[:100]), there=there)
    )


def classes_of_things(index: Index) -> list[str]:
    """The classes that people look for, the most used first; what describes the data has others, such as owl:Class."""
    rows = index.connection.execute("SELECT class FROM thing GROUP BY class ORDER BY count(*) DESC, class")
    return [found for (found,) in rows if found.startswith(EDG) or found == SKOS + "Concept"]


def as_record(index: Index, text: str, match: Match, chain: tuple[str, ...]) -> dict[str, Any]:
    """A match as the JSON object that the command and the service give."""
    label = index.label(match.label.thing, chain)
    classes = index.classes(match.label.thing)
    return {
        "iri": match.label.thing,
        "id": compact(match.label.thing),
        "label": label.text,
        "lang": label.lang,
        "classes": classes,
        "type": index.named(index.kind(match.label.thing) or expand(classes[0]) or EDG + classes[0], chain),
        "score": match.score,
        "matched": {
            "name": match.label.name,
            "lang": match.label.lang or None,
            "preferred": match.label.preferred,
        },
        "why": why(text, match),
    }


def why(text: str, match: Match) -> list[dict[str, str]]:
    """For each word of the text the word of the name that it meets, and how; the whole of both where they are alike."""
    asked, said = written(text), written(match.label.name)
    if not match.reasons:
        return [{"word": text, "matched": match.label.name, "how": "alike"}]
    return [
        {
            "word": asked[one.word] if one.word < len(asked) else text,
            "matched": said[one.matched] if one.matched is not None and one.matched < len(said) else match.label.name,
            "how": one.way,
        }
        for one in match.reasons
    ]


@dataclass(frozen=True)
class _Sought:
    """A text in the forms in which it is compared."""

    words: tuple[Word, ...]
    folded: str
    key: str


def _find(index: Index, text: str, class_iri: str | None, most: int, *, typing: bool) -> Found:
    query = words(text)
    if not query:
        return Found([], complete=True)
    sought = _Sought(query, fold(text), key(query))
    candidates = Candidates(index.connection, class_iri)
    numbers = candidates.with_all(query, most, typing=typing)
    complete = len(numbers) < most and not candidates.cut
    numbers = list(dict.fromkeys([*candidates.same(sought.folded, sought.key, most), *numbers]))
    matches = _ranked(sought, list(labels(index.connection, numbers)), loose=False)
    trusted = _trusted(matches, query, typing=typing)
    if not trusted or (most == MOST and matches[0].score < SAME_WORDS):
        matches = _forgiving(index, sought, candidates, matches, trusted=trusted)
    return Found(_best_of_each(matches), complete)


def _forgiving(
    index: Index, sought: _Sought, candidates: Candidates, sure: list[Match], *, trusted: bool
) -> list[Match]:
    """The sure matches, and what is typing errors away: much alike in the whole where the sure ones are trusted."""
    read = [match.label for match in sure]
    known = {label.id for label in read}
    loose = _ranked(sought, read, loose=True)
    if trusted or not loose or loose[0].score < FAIR:
        more = [number for number in candidates.with_some(sought.words, NEAR) if number not in known]
        loose = _ranked(sought, [*read, *labels(index.connection, more)], loose=True)
    best = {match.label.id: match for match in sure}
    for match in loose:
        if match.label.id in known or (match.similarity >= MUCH_ALIKE if trusted else match.score >= POOR):
            best[match.label.id] = match
    return sorted(best.values(), key=lambda match: (-match.score, match.label.id))


def _trusted(matches: list[Match], query: tuple[Word, ...], *, typing: bool) -> bool:
    """Whether no typing errors need to be looked for; what is still being typed is short of its name anyhow."""
    if not matches:
        return False
    return matches[0].score >= GOOD or (typing and len(matches[0].reasons) == len(query))


def _ranked(sought: _Sought, found: list[Label], *, loose: bool) -> list[Match]:
    return rank(sought.words, sought.folded, sought.key, found, loose=loose)


def _best_of_each(matches: Iterable[Match]) -> list[Match]:
    """The best label of each thing, in the order of the labels."""
    best: dict[str, Match] = {}
    for match in matches:
        best.setdefault(match.label.thing, match)
    return list(best.values())
