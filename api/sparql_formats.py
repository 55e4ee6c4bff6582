"""The forms in which /sparql answers: media types, short names, and the choice among them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from api import problem_types
from api.negotiation import negotiate
from api.problem import HttpProblem, problem
from graph.isolation.job import GRAPHS, SOLUTIONS

SOLUTION_NAMES: Mapping[str, str] = {
    **SOLUTIONS,
    "sparql-results+json": SOLUTIONS["json"],
    "sparql-results+xml": SOLUTIONS["xml"],
}
"""What ``?format=`` may say for the answer of SELECT and ASK, beside the media types themselves."""

GRAPH_NAMES: Mapping[str, str] = {
    **GRAPHS,
    "ttl": GRAPHS["turtle"],
    "n3": GRAPHS["turtle"],
    "ntriples": GRAPHS["nt"],
    "n-triples": GRAPHS["nt"],
    "nquads": GRAPHS["nq"],
    "n-quads": GRAPHS["nq"],
    "xml": GRAPHS["rdfxml"],
    "rdf": GRAPHS["rdfxml"],
    "rdf+xml": GRAPHS["rdfxml"],
    "rdf-xml": GRAPHS["rdfxml"],
    "json": GRAPHS["jsonld"],
    "json-ld": GRAPHS["jsonld"],
}
"""What ``?format=`` may say for a graph; SPARQLWrapper's names are among them."""

# What clients ask for beside the registered types, and what they then get; a browser takes text/html first.
_SOLUTION_ALIASES = {
    "application/json": SOLUTIONS["json"],
    "application/xml": SOLUTIONS["xml"],
    "text/xml": SOLUTIONS["xml"],
    "text/html": SOLUTIONS["json"],
}
_GRAPH_ALIASES = {
    "application/json": GRAPHS["jsonld"],
    "application/xml": GRAPHS["rdfxml"],
    "text/xml": GRAPHS["rdfxml"],
    "application/x-turtle": GRAPHS["turtle"],
    "text/html": GRAPHS["turtle"],
}
# A browser shows these, and would offer the registered types for saving.
_SHOWN = {SOLUTIONS["json"]: "application/json", GRAPHS["turtle"]: "text/plain"}


@dataclass(frozen=True)
class Forms:
    """The media types to answer in, None where the client takes none of the kind; and how to label them."""

    solutions: str | None
    graphs: str | None
    labels: Mapping[str, str]
    """Media type written -> media type told to the client, where they differ."""


@lru_cache(maxsize=256)
def choose(accept: str | None, names: tuple[str, ...] = ()) -> Forms:
    """The forms for an Accept header and the values of ``format``, which win. Raises HttpProblem 400, 406."""
    if names:
        return _named(names)
    solutions, solutions_label = _choose(accept, list(SOLUTIONS.values()), _SOLUTION_ALIASES)
    graphs, graphs_label = _choose(accept, list(GRAPHS.values()), _GRAPH_ALIASES)
    if solutions is None and graphs is None:
        raise _nothing_fits("the Accept header takes none of these")
    return Forms(solutions, graphs, {**solutions_label, **graphs_label})


def _named(names: Sequence[str]) -> Forms:
    # SPARQLWrapper says the same twice, by short name and by media type; a "+" it did not escape arrives as a space.
    asked = [part.strip().lower().replace(" ", "+") for name in names for part in name.split(",")]
    found = {
        (
            SOLUTION_NAMES.get(name, name if name in SOLUTIONS.values() else None),
            GRAPH_NAMES.get(name, name if name in GRAPHS.values() else None),
        )
        for name in asked
    } - {(None, None)}
    if not found:
        raise _nothing_fits(f"format {', '.join(names)[:60]!r} is not one of these")
    solutions, graphs = ({pair[side] for pair in found} - {None} for side in (0, 1))
    if len(solutions) > 1 or len(graphs) > 1:
        raise problem(problem_types.FORMAT, f"the request asks for two: {', '.join(names)[:200]}")
    return Forms(next(iter(solutions), None), next(iter(graphs), None), {})


def _choose(accept: str | None, types: list[str], aliases: Mapping[str, str]) -> tuple[str | None, dict[str, str]]:
    chosen = negotiate(accept, [*types, *aliases])
    if chosen is None or chosen in types:
        return chosen, {}
    written = aliases[chosen]
    label = _SHOWN.get(written, written) if chosen == "text/html" else chosen
    return written, {written: label}


def _nothing_fits(why: str) -> HttpProblem:
    detail = (
        f"{why}: {', '.join(SOLUTIONS)} for SELECT and ASK, {', '.join(GRAPHS)} for CONSTRUCT and DESCRIBE, "
        "or their media types"
    )
    return problem(problem_types.NOT_ACCEPTABLE, detail)
