"""Says how well a label answers a query, from 0 to 100, and why.

Each word of the query is held against the words of the label; the ways to match, with their weight, stand in WAYS.
The score is 80 parts how well the query's words are matched and 20 parts how much of the label they make up; 100 is
kept for the name itself, 98 for its words in another script, spelling or order.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import nlargest

from rapidfuzz import fuzz

from graph.search.forms import Word
from graph.search.tables import one_error

WAYS = {
    "exact": 1.0,  # the same word, case and diacritics aside
    "sound": 0.97,  # the same word in another script or romanisation
    "initials": 0.93,  # the abbreviation of the label
    "prefix": 0.9,  # the word has begun
    "sound-prefix": 0.86,  # the word has begun, in another script or romanisation
    "inflected": 0.84,  # the same word in another form
    "typo": 0.7,  # one letter more, less, other or swapped
}
"""Why a word of the query matches a word of the label, and what it counts."""
SAME_NAME, SAME_WORDS, MOST_BELOW = 100.0, 98.0, 97.0
ALIKE = 60
"""Labels that are looked at closely where typing errors are forgiven."""
LIKE = 0.9
"""What the likeness of the whole names counts where words alone do not tell."""


@dataclass(frozen=True, slots=True)
class Label:
    """One name as the index has it."""

    id: int
    thing: str
    lang: str
    name: str
    preferred: bool
    folded: str
    folds: list[str]
    sounds: list[str]
    stems: list[str]
    initials: list[str]
    key: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why one word of the query matches: the places of the two words, and the way."""

    word: int
    matched: int | None
    """None where the word is the abbreviation of the whole label."""
    way: str


@dataclass(frozen=True, slots=True)
class Match:
    """One label and how well it answers."""

    label: Label
    score: float
    reasons: tuple[Reason, ...]
    similarity: float
    """How alike the two whole names are, from 0 to 100."""


def labels(connection: sqlite3.Connection, numbers: Sequence[int]) -> Iterator[Label]:
    """The labels of these numbers."""
    marks = ", ".join("?" * len(numbers))
    columns = "id, thing, lang, name, preferred, folded, folds, sounds, stems, initials, key"
    rows = connection.execute(f"SELECT {columns} FROM label WHERE id IN ({marks})", numbers)  # noqa: S608 - marks alone
    for number, thing, lang, name, preferred, folded, folds, sounds, stems, short, key in rows:
        yield Label(
            number, thing, lang, name, bool(preferred), folded,
            folds.split(), sounds.split(), stems.split(), short.split(), key,
        )  # fmt: skip


def rank(query: Sequence[Word], folded: str, key: str, found: Iterable[Label], *, loose: bool) -> list[Match]:
    """The labels, the best first.

    ``loose`` also forgives a typing error in each word, counts how alike the whole names are, and looks at the most
    alike ones alone.
    """
    if loose:
        found = nlargest(ALIKE, found, key=lambda label: (_similarity(folded, key, label), -label.id))
    matches = [_match(query, folded, key, label, loose=loose) for label in found]
    return sorted(matches, key=lambda match: (-match.score, match.label.id))


def _match(query: Sequence[Word], folded: str, key: str, label: Label, *, loose: bool) -> Match:
    reasons: list[Reason] = []
    covered: set[int] = set()
    quality, asked = 0.0, 0
    for number, word in enumerate(query):
        asked += len(word.folded)
        place, way = _best(word, label, covered, loose=loose)
        if way is None:
            continue
        reasons.append(Reason(number, None if place < 0 else place, way))
        covered.update(range(len(label.folds)) if place < 0 else [place])
        quality += WAYS[way] * len(word.folded)
    whole = sum(len(one) for one in label.folds) or 1
    coverage = sum(len(label.folds[place]) for place in covered) / whole
    similarity = _similarity(folded, key, label)
    if folded == label.folded:
        score = SAME_NAME
    elif key == label.key:
        score = SAME_WORDS
    else:
        score = 100 * (0.8 * quality / (asked or 1) + 0.2 * coverage)
        score = min(MOST_BELOW, max(score, LIKE * similarity if loose else 0.0))
    return Match(label, round(score, 1), tuple(reasons), round(similarity, 1))


def _best(word: Word, label: Label, covered: set[int], *, loose: bool) -> tuple[int, str | None]:
    """The place of the label's word that matches best, and the way; -1 is the label's abbreviation."""
    place, best, weight = -1, None, 0.0
    for number, (fold, sound, stems) in enumerate(zip(label.folds, label.sounds, label.stems, strict=True)):
        way = _way(word, fold, sound, stems, loose=loose)
        if way is not None and WAYS[way] - (0.01 if number in covered else 0) > weight:
            place, best, weight = number, way, WAYS[way] - (0.01 if number in covered else 0)
            if way == "exact" and number not in covered:
                break
    if weight < WAYS["initials"] and word.folded in label.initials:
        return -1, "initials"
    return place, best


def _way(word: Word, fold: str, sound: str, stems: str, *, loose: bool) -> str | None:
    if word.folded == fold:
        return "exact"
    if word.sound == sound:
        return "sound"
    if fold.startswith(word.folded):
        return "prefix"
    if sound.startswith(word.sound):
        return "sound-prefix"
    if sound in word.stems or (stems != "-" and not {word.sound, *word.stems}.isdisjoint(stems.split(","))):
        return "inflected"
    if loose and (one_error(word.folded, fold) or one_error(word.sound, sound)):
        return "typo"
    return None


def _similarity(folded: str, key: str, label: Label) -> float:
    """As spelt, or as it sounds with the words in one order; spaces do not count, for they may be the error."""
    spelt = fuzz.ratio(folded.replace(" ", ""), label.folded.replace(" ", ""))
    return max(spelt, fuzz.ratio(key, label.key))
