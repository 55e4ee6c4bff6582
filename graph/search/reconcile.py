"""Reconciliation: which thing a name in somebody's table means, with a score from 0 to 100 and its features.

The score is the name's part, less a fifth where the type is not the wanted one. Where no type is asked for, a thing is
wanted: a term of the vocabulary (the kind "seminar") is then not of the wanted sort. With property conditions, 70 parts
are the name's and 30 those of the conditions that hold. The name's part is that of the search where the whole name is
the same, and otherwise the mean of how well its words are matched and how alike the two names are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from graph.errors import InputError
from graph.namespaces import is_term
from graph.query.index import Index
from graph.search.find import LONGEST, whole_names
from graph.search.properties import Property, Value, agrees, entity_iri, holders, values_of
from graph.search.ranking import SAME_NAME, SAME_WORDS, Match

FEWEST = 20
"""Names that are looked at for one query, however few candidates are wanted."""
NAME_WITH_CONDITIONS = 0.7
"""The name's part of the score where property conditions are given."""
WRONG_TYPE = 0.8
"""What a score is multiplied by where the type is not the wanted one, or a term is named where a thing is wanted."""
APART = 2.0
"""Points by which the best candidate must lead for a match."""
IN_CERTAIN_MATCH = 95.0
"""The score from which a candidate may be a match."""


@dataclass(frozen=True)
class Condition:
    """One property and the values of which one must be met: names, or IRIs of things."""

    property: Property
    values: tuple[tuple[str, str | None], ...]
    """Name and IRI; the IRI is None where the value is a name alone."""


@dataclass(frozen=True)
class Query:
    """What is to be matched."""

    name: str
    """Empty where only the conditions tell."""
    types: tuple[str, ...] = ()
    """Class IRIs."""
    strict: str = "any"
    """``any`` or ``all`` of the types must be borne; ``should`` lowers the score of what bears none."""
    limit: int = 5
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class Candidate:
    """A thing that may be meant."""

    iri: str
    name: str
    """The name that matched, or the thing's label where no name did."""
    lang: str | None
    score: float
    match: bool
    """True only for one candidate that is certain and alone."""
    features: dict[str, float | bool]
    """What the score is made of."""


def reconcile(index: Index, query: Query, chain: tuple[str, ...]) -> list[Candidate]:
    """The things that the query may mean, the best first, at most ``limit``."""
    found = [_candidate(index, query, one, chain) for one in _found(index, query, chain)]
    kept = [candidate for candidate in found if candidate is not None]
    ordered = sorted(kept, key=lambda one: (-one.score, one.iri))
    return _with_match(ordered)[: query.limit]


@dataclass(frozen=True)
class _Name:
    """What is known of a candidate by its name."""

    iri: str
    text: str
    lang: str | None
    score: float
    words: float
    similarity: float
    identified: bool = False
    """Whether it is its id that was given, so that nothing else can be meant."""


def _found(index: Index, query: Query, chain: tuple[str, ...]) -> list[_Name]:
    """The candidates: the thing of that id, those of that name, or without a name those that meet a condition."""
    if len(query.name) > LONGEST:
        raise InputError(f"a name of {len(query.name)} characters is too long to be matched; at most {LONGEST}")
    if not query.name:
        return [_labelled(index, iri, chain) for iri in _meeting(index, query.conditions)]
    identified = entity_iri(index, query.name) if "/" in query.name or ":" in query.name else None
    if identified is not None:
        return [replace(_labelled(index, identified, chain), identified=True)]
    one_class = query.types[0] if len(query.types) == 1 and query.strict != "should" else None
    matches = whole_names(index, query.name, one_class, max(FEWEST, query.limit))
    return [_named(match) for match in matches]


def _meeting(index: Index, conditions: Sequence[Condition]) -> list[str]:
    """Things that meet the first condition; the others are weighed with the score."""
    met: dict[str, None] = {}
    for condition in conditions[:1]:
        for name, iri in condition.values:
            near = [iri] if iri is not None else [match.label.thing for match in whole_names(index, name, None, FEWEST)]
            for value in near:
                met.update(dict.fromkeys(holders(index, condition.property, value)))
    return list(met)


def _named(match: Match) -> _Name:
    part = match.score if match.score >= SAME_WORDS else round((match.score + match.similarity) / 2, 1)
    return _Name(match.label.thing, match.label.name, match.label.lang or None, part, match.score, match.similarity)


def _labelled(index: Index, iri: str, chain: tuple[str, ...]) -> _Name:
    label = index.label(iri, chain)
    return _Name(iri, label.text, label.lang, SAME_NAME, SAME_NAME, SAME_NAME)


def _candidate(index: Index, query: Query, name: _Name, chain: tuple[str, ...]) -> Candidate | None:
    """The candidate with its score; None where a type that it must bear is missing."""
    classes = {str(row[0]) for row in index.connection.execute("SELECT class FROM thing WHERE iri = ?", (name.iri,))}
    borne = [wanted in classes for wanted in query.types]
    typed = all(borne) if query.strict == "all" else any(borne) or not borne
    if not typed and query.strict != "should":
        return None
    met = {
        condition.property.id: _met(index, name.iri, condition, values_of(index, name.iri, condition.property, chain))
        for condition in query.conditions
    }
    score = name.score
    if met:
        share = sum(met.values()) / len(met)
        part = NAME_WITH_CONDITIONS if query.name else 0.0
        score = part * name.score + 100 * (1 - part) * share
    thing = bool(query.types) or name.identified or not is_term(name.iri)
    if not (typed and thing):
        score *= WRONG_TYPE
    features: dict[str, float | bool] = {
        "name_same": name.score >= SAME_WORDS,
        "name_spelt_same": name.score >= SAME_NAME,
    }
    if query.name:
        features |= {"name_words": name.words, "name_similarity": name.similarity}
    if query.types:
        features["type"] = typed
    elif not thing:
        features["thing"] = thing
    features |= {f"property_{identifier}": held for identifier, held in met.items()}
    return Candidate(name.iri, name.text, name.lang, round(score, 1), False, features)


def _met(index: Index, iri: str, condition: Condition, values: Sequence[Value]) -> bool:
    return any(agrees(index, values, name, wanted) for name, wanted in condition.values)


def _with_match(ordered: list[Candidate]) -> list[Candidate]:
    """The same candidates, the first one a match where it is certain and no other comes near."""
    if not ordered or ordered[0].score < IN_CERTAIN_MATCH or not all(_certain(ordered[0])):
        return ordered
    best = ordered[0]
    things = [one for one in ordered[1:] if one.features.get("thing", True)]
    rivals = [one for one in things if one.features["name_same"] or best.score - one.score < APART]
    if rivals:
        return ordered
    return [Candidate(best.iri, best.name, best.lang, best.score, True, best.features), *ordered[1:]]


def _certain(candidate: Candidate) -> list[bool]:
    """The name, the type and every condition hold."""
    return [
        bool(held) for name, held in candidate.features.items() if isinstance(held, bool) and name != "name_spelt_same"
    ]
