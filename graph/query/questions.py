"""Reads the competency questions of data/questions: a header of comments, then one SPARQL query.

The header says, in this order, the question in words, its kind and the answer that the texts give::

    # question: Who moderated the group on investment in education?
    # kind: lookup
    # expect:
    #   moderator
    #   JSC “Financial Center”

The answer of a SELECT is CSV: the names of the variables, then a row a line, none where nothing is said; things stand
as labels or prefixed names. The answer of an ASK is ``true`` or ``false``. A file is a query as it stands.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from graph.errors import SourceSyntaxError

KINDS = (
    "lookup",  # one step from a thing to another
    "count",
    "sum",
    "join",  # over several articles or several sorts of things
    "network",  # two steps or more from body to body or from event to event
    "time",
    "plan",  # planned, expected, asked for or said, held against what is reported
    "name",  # found by a name in any of the languages
    "nothing",  # the right answer is that nothing is said
    "evidence",
    "conflict",  # the text contradicts itself or leaves open what it means
)
"""What a question trains the eye on; a header with another kind is refused."""

_KEYS = ("question", "kind", "expect")
_ENTRY = re.compile(r"# (?P<key>\w+):(?: (?P<value>\S.*))?")
_ROW = "#   "
_PROLOGUE = re.compile(r"(?:PREFIX\s+[\w-]*:\s*<[^>]*>\s*)*(?P<form>SELECT|ASK)\b")
_ORDERED = re.compile(r"\bORDER\s+BY\b")


@dataclass(frozen=True)
class Question:
    """One competency question, its query and the answer that the texts give."""

    name: str
    text: str
    kind: str
    query: str
    """The whole file: the header is a comment to SPARQL."""
    columns: tuple[str, ...]
    """The variables of a SELECT in their order; empty for an ASK."""
    rows: tuple[tuple[str, ...], ...]
    truth: bool | None
    """The answer of an ASK; None for a SELECT."""

    @property
    def ordered(self) -> bool:
        """Whether the order of the rows is part of the answer."""
        return _ORDERED.search(_body(self.query)) is not None


def load_questions(folder: Path) -> list[Question]:
    """Every question of the folder, by name. Raises SourceSyntaxError where a header is broken or unknown."""
    return [_load(path) for path in sorted(folder.glob("*.rq"))]


def _load(path: Path) -> Question:
    shown_as = f"data/questions/{path.name}"
    try:
        query = path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise SourceSyntaxError(f"not UTF-8: {error.reason} at byte {error.start}", file=shown_as) from error
    header = list(takewhile(lambda line: line.startswith("#"), query.splitlines()))
    entries = _entries(header, shown_as)
    if entries["kind"] not in KINDS:
        raise SourceSyntaxError(f"the kind {entries['kind']!r} is none of {', '.join(KINDS)}", file=shown_as, line=2)
    answer = [line.removeprefix(_ROW) for line in header[len(_KEYS) :]]
    form = _PROLOGUE.match(_body(query))
    if form is None:
        raise SourceSyntaxError("after the header stands no SELECT or ASK query", file=shown_as, line=len(header) + 1)
    columns, rows, truth = (*_table(answer, shown_as), None) if form["form"] == "SELECT" else _truth(answer, shown_as)
    return Question(path.stem, entries["question"], entries["kind"], query, columns, rows, truth)


def _entries(header: list[str], shown_as: str) -> dict[str, str]:
    """The value of each key; the keys stand in their order, one a line, and the rest are rows of the answer."""
    entries: dict[str, str] = {}
    for number, key in enumerate(_KEYS, start=1):
        match = _ENTRY.fullmatch(header[number - 1]) if number <= len(header) else None
        if match is None or match["key"] != key or (match["value"] is None) != (key == "expect"):
            said = "alone" if key == "expect" else "and a text"
            raise SourceSyntaxError(f"this line must be '# {key}:' {said}", file=shown_as, line=number)
        entries[key] = match["value"] or ""
    for number, line in enumerate(header[len(_KEYS) :], start=len(_KEYS) + 1):
        if not line.startswith(_ROW):
            raise SourceSyntaxError(f"a row of the answer must begin with {_ROW!r}", file=shown_as, line=number)
    return entries


def _table(answer: list[str], shown_as: str) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """The variables and the rows of a SELECT's answer."""
    first = len(_KEYS) + 1
    if not answer:
        raise SourceSyntaxError("the answer lacks its line of variables", file=shown_as, line=first)
    try:
        columns, *rows = (tuple(row) for row in csv.reader(answer, strict=True))
    except csv.Error as error:
        raise SourceSyntaxError(f"the answer is not CSV: {error}", file=shown_as, line=first) from error
    for number, row in enumerate(rows, start=first + 1):
        if len(row) != len(columns):
            message = f"the row has {len(row)} values for {len(columns)} variables"
            raise SourceSyntaxError(message, file=shown_as, line=number)
    return columns, tuple(rows)


def _truth(answer: list[str], shown_as: str) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...], bool]:
    if answer not in (["true"], ["false"]):
        raise SourceSyntaxError("the answer of an ASK is true or false", file=shown_as, line=len(_KEYS) + 1)
    return (), (), answer == ["true"]


def _body(query: str) -> str:
    """The query without its lines of comment."""
    return "\n".join(line for line in query.splitlines() if not line.lstrip().startswith("#")).strip()
