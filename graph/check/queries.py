"""Runs the checks of shapes/checks: one SPARQL query a file, its header saying what, why and how to mend.

A check selects ``?this``, the thing that is wrong, and may select ``?value``, the offending term, and ``?at``,
the key of the statement that is wrong (subject, predicate and object with spaces between); each row is a finding.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from graph.build.dataset import Dataset
from graph.check.findings import LANGUAGES, Finding, Texts
from graph.check.wording import in_words
from graph.errors import SourceSyntaxError
from graph.namespaces import compact

_HEADER = re.compile(r"#\s*(?P<key>what|why|mend)(?:\.(?P<lang>ru|lv))?:\s*(?P<text>.+)")
_REQUIRED = {(key, lang) for key in ("what", "mend") for lang in LANGUAGES} | {("why", "en")}


@dataclass(frozen=True)
class QueryCheck:
    """One file of shapes/checks."""

    name: str
    query: str
    what: Texts
    why: str
    mend: Texts

    def run(self, dataset: Dataset, store: Store) -> Iterator[Finding]:
        """Yield one finding a row."""
        solutions = store.query(self.query)
        if not isinstance(solutions, QuerySolutions):
            raise TypeError(f"{self.name}.rq must be a SELECT")
        names = {variable.value for variable in solutions.variables}
        for row in solutions:
            this, value, at = (row[name] if name in names else None for name in ("this", "value", "at"))
            subject = this.value if isinstance(this, NamedNode) else str(this)
            keys = (
                at.value if isinstance(at, Literal) else "",
                subject,
                value.value if isinstance(value, NamedNode) else "",
            )
            place = next((dataset.places[key] for key in keys if key in dataset.places), None)
            yield Finding(
                check=self.name,
                message=self.what,
                remedy=self.mend,
                file=place.file if place else None,
                line=place.line if place else None,
                subject=subject,
                words=in_words(store, subject),
                value=_shown(value),
            )


def load_checks(folder: Path) -> list[QueryCheck]:
    """Every check of the folder, by name. Raises SourceSyntaxError where a header is incomplete."""
    return [query_check(path.stem, path.read_text("utf-8")) for path in sorted(folder.glob("*.rq"))]


def query_check(name: str, query: str) -> QueryCheck:
    """The check of one file. Raises SourceSyntaxError where its header is incomplete."""
    shown_as = f"shapes/checks/{name}.rq"
    header = {
        (match["key"], match["lang"] or "en"): match["text"]
        for match in map(_HEADER.match, query.splitlines())
        if match is not None
    }
    missing = sorted(".".join(key) for key in _REQUIRED - header.keys())
    if missing:
        raise SourceSyntaxError(f"the header lacks {', '.join(missing)}", file=shown_as, line=1)
    _require_select(query, shown_as)
    return QueryCheck(
        name=name,
        query=query,
        what={lang: header["what", lang] for lang in LANGUAGES},
        why=header["why", "en"],
        mend={lang: header["mend", lang] for lang in LANGUAGES},
    )


def _require_select(query: str, shown_as: str) -> None:
    """Raise SourceSyntaxError unless the query is a SELECT that an engine takes; nothing is asked of any data."""
    try:
        solutions = Store().query(query)
    except SyntaxError as error:
        raise SourceSyntaxError(f"the query cannot be parsed: {error}", file=shown_as) from error
    if not isinstance(solutions, QuerySolutions) or "this" not in {variable.value for variable in solutions.variables}:
        raise SourceSyntaxError("the query must be a SELECT with ?this", file=shown_as)


def _shown(value: object) -> str | None:
    if isinstance(value, NamedNode):
        return compact(value.value)
    if isinstance(value, Literal):
        return value.value
    return None if value is None else str(value)
