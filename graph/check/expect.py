"""Compares the totals of the built data with data/expect.toml, so that silent loss shows."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from pyoxigraph import Literal, QuerySolutions, Store

from graph.check.findings import Finding, Texts
from graph.errors import SourceSyntaxError
from graph.namespaces import PREFIXES

EXPECT = "data/expect.toml"
TOO_FEW = "total-too-small"
TOO_MANY = "total-too-large"
_PROLOGUE = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())


@dataclass(frozen=True)
class Expectation:
    """One total: how it is counted and the bounds that it must keep, both inclusive."""

    name: str
    pattern: str
    minimum: int
    maximum: int
    line: int | None = None
    """Where its table begins in the file."""


def load_expectations(path: Path) -> list[Expectation]:
    """Read the totals. Raises SourceSyntaxError where a table is not one pattern, one min and one max."""
    try:
        text = path.read_text("utf-8")
        tables = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SourceSyntaxError(str(error), file=EXPECT) from error
    lines = {line.strip(): number for number, line in enumerate(text.splitlines(), 1)}
    return [replace(_expectation(name, table), line=lines.get(f"[{name}]")) for name, table in tables.items()]


def _expectation(name: str, table: object) -> Expectation:
    match table:
        case {"pattern": str(pattern), "min": int(low), "max": int(high), **rest} if not rest and low <= high:
            return Expectation(name, pattern, low, high)
    raise SourceSyntaxError(f"[{name}] must hold pattern, min and max with min <= max, and nothing else", file=EXPECT)


def check_totals(expectations: list[Expectation], store: Store, messages: dict[str, Texts]) -> Iterator[Finding]:
    """Yield a finding for each total out of its bounds."""
    for expected in expectations:
        counted = count(store, expected.pattern)
        if expected.minimum <= counted <= expected.maximum:
            continue
        check = TOO_FEW if counted < expected.minimum else TOO_MANY
        yield Finding(
            check=check,
            message=messages[check],
            remedy=messages[f"{check}.mend"],
            file=EXPECT,
            line=expected.line,
            words={"en": expected.name},
            value=f"{counted} ({expected.minimum}..{expected.maximum})",
        )


def count(store: Store, pattern: str) -> int:
    """How many different ``?this`` the graph pattern has in the default graph."""
    query = f"{_PROLOGUE}SELECT (COUNT(DISTINCT ?this) AS ?n) WHERE {{ {pattern} }}"
    try:
        solutions = store.query(query)
    except SyntaxError as error:
        raise SourceSyntaxError(f"the pattern {pattern!r} is not SPARQL: {error}", file=EXPECT) from error
    if not isinstance(solutions, QuerySolutions):
        raise TypeError("a SELECT has solutions")
    total = next(iter(solutions))["n"]
    return int(total.value) if isinstance(total, Literal) else 0
