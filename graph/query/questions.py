"""Reads the competency questions of data/questions: a header of comments, then one SPARQL query.

The header says, in this order, the question in words, the same in other languages, its kind and the answer that the
texts give::

    # question: Who moderated the group on investment in education?
    # question@lv: Kas moderēja grupu par investīcijām izglītībā?
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
from collections.abc import Sequence
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
SOURCE = "en"
"""The language that every question is written in first."""
_OTHER = re.compile(r"# question@(?P<lang>[a-z]{2,3}): (?P<text>\S.*)")
_ENTRY = re.compile(r"# (?P<key>\w+):(?: (?P<value>\S.*))?")
_ROW = "#   "
_PROLOGUE = re.compile(r"(?:PREFIX\s+[\w-]*:\s*<[^>]*>\s*)*(?P<form>SELECT|ASK)\b")
_ORDERED = re.compile(r"\bORDER\s+BY\b")


@dataclass(frozen=True)
class Question:
    """One competency question, its query and the answer that the texts give."""

    name: str
    titles: dict[str, str]
    """The question in words, by language; the first is SOURCE."""
    kind: str
    query: str
    """The whole file: the header is a comment to SPARQL."""
    columns: tuple[str, ...]
    """The variables of a SELECT in their order; empty for an ASK."""
    rows: tuple[tuple[str, ...], ...]
    truth: bool | None
    """The answer of an ASK; None for a SELECT."""

    @property
    def text(self) -> str:
        """The question in the words that it was first written in."""
        return self.titles[SOURCE]

    def named(self, chain: Sequence[str]) -> dict[str, str]:
        """The question in the first language of the chain that it is written in, and that language."""
        lang = next((lang for lang in chain if lang in self.titles), SOURCE)
        return {"label": self.titles[lang], "lang": lang}

    @property
    def body(self) -> str:
        """The query without its lines of comment."""
        return _body(self.query)

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
    titles = _titles(header[1:], shown_as)
    entries = _entries(header, len(titles), shown_as)
    length = len(_KEYS) + len(titles)
    if entries["kind"] not in KINDS:
        message = f"the kind {entries['kind']!r} is none of {', '.join(KINDS)}"
        raise SourceSyntaxError(message, file=shown_as, line=2 + len(titles))
    answer = [line.removeprefix(_ROW) for line in header[length:]]
    form = _PROLOGUE.match(_body(query))
    if form is None:
        raise SourceSyntaxError("after the header stands no SELECT or ASK query", file=shown_as, line=len(header) + 1)
    read = _table if form["form"] == "SELECT" else _truth
    titles = {SOURCE: entries["question"], **titles}
    return Question(path.stem, titles, entries["kind"], query, *read(answer, shown_as, length + 1))


def _titles(lines: list[str], shown_as: str) -> dict[str, str]:
    """The question in other languages: the lines of the header that say so, right behind the first."""
    titles: dict[str, str] = {}
    for number, match in enumerate(takewhile(bool, map(_OTHER.fullmatch, lines)), start=2):
        assert match is not None  # noqa: S101 - takewhile says so
        if match["lang"] in (SOURCE, *titles):
            raise SourceSyntaxError(f"the question stands in {match['lang']!r} twice", file=shown_as, line=number)
        titles[match["lang"]] = match["text"]
    return titles


def _entries(header: list[str], titles: int, shown_as: str) -> dict[str, str]:
    """The value of each key; the keys stand in their order, one a line, and the rest are rows of the answer.

    Behind the first stand as many lines with the question in other languages as ``titles`` says.
    """
    entries: dict[str, str] = {}
    for place, key in enumerate(_KEYS):
        number = place + 1 + (titles if place else 0)
        match = _ENTRY.fullmatch(header[number - 1]) if number <= len(header) else None
        if match is None or match["key"] != key or (match["value"] is None) != (key == "expect"):
            said = "alone" if key == "expect" else "and a text"
            raise SourceSyntaxError(f"this line must be '# {key}:' {said}", file=shown_as, line=number)
        entries[key] = match["value"] or ""
    length = len(_KEYS) + titles
    for number, line in enumerate(header[length:], start=length + 1):
        if not line.startswith(_ROW):
            raise SourceSyntaxError(f"a row of the answer must begin with {_ROW!r}", file=shown_as, line=number)
    return entries


def _table(answer: list[str], shown_as: str, first: int) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...], None]:
    """The variables and the rows of a SELECT's answer, which begins at the line ``first``."""
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
    return columns, tuple(rows), None


def _truth(answer: list[str], shown_as: str, line: int) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...], bool]:
    """No variables, no rows, and the answer of an ASK."""
    if answer not in (["true"], ["false"]):
        raise SourceSyntaxError("the answer of an ASK is true or false", file=shown_as, line=line)
    return (), (), answer == ["true"]


def _body(query: str) -> str:
    """The query without its lines of comment."""
    return "\n".join(line for line in query.splitlines() if not line.lstrip().startswith("#")).strip()
