"""``edugraph query``: one SPARQL query over the current generation, in a process of its own with its limits."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from pyoxigraph import Literal, NamedNode, QueryBoolean, QueryResultsFormat, QuerySolutions, parse_query_results
from rich.table import Table

from graph.commands.output import console, standard_output
from graph.errors import InputError, NotAcceptable, QuerySyntax
from graph.isolation.job import GRAPHS, SOLUTIONS
from graph.isolation.once import run_once
from graph.namespaces import PREFIXES, compact
from graph.publish.generation import Generation, current
from graph.settings import Settings

TABLE = "table"
Form = StrEnum("Form", [TABLE, *SOLUTIONS, *GRAPHS])  # type: ignore[misc]  # the names stand in graph.isolation.job
AS_TABLE = Form(TABLE)


def query(
    text: Annotated[str, typer.Argument(metavar="QUERY", help="SPARQL, a file of it, or - for standard input.")],
    form: Annotated[Form, typer.Option("--format", help="How the answer is written.")] = AS_TABLE,
    timeout: Annotated[float | None, typer.Option(help="Seconds after which the query is stopped.")] = None,
    bare: Annotated[bool, typer.Option("--bare", help="Do not put this data set's prefixes before the query.")] = False,
) -> None:
    """Ask the current generation; the data set's prefixes need not be declared."""
    settings = Settings.from_env(query_timeout=timeout)
    generation = current(settings.generations)
    before = "" if bare else _prologue()
    try:
        with standard_output():
            _answer(settings, generation, before + _read(text), form.value)
    except QuerySyntax as error:
        raise _in_own_lines(error, before.count("\n")) from error


def _answer(settings: Settings, generation: Generation, sparql: str, form: str) -> None:
    if form != TABLE:
        _pass_on(run_once(settings, generation, sparql, {**SOLUTIONS, **GRAPHS}[form]))
        return
    try:
        answer = b"".join(run_once(settings, generation, sparql, SOLUTIONS["json"]))
    except NotAcceptable:  # a graph, not a table
        _pass_on(run_once(settings, generation, sparql, GRAPHS["turtle"]))
    else:
        _print_table(answer)


def _pass_on(pieces: Iterable[bytes]) -> None:
    for piece in pieces:
        sys.stdout.buffer.write(piece)
    sys.stdout.buffer.flush()


def _read(text: str) -> str:
    if text == "-":
        return sys.stdin.read()
    if "{" not in text and (path := Path(text)).suffix:
        try:
            return path.read_text("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"{path} cannot be read as a query: {error}") from error
    return text


def _prologue() -> str:
    return "".join(f"PREFIX {prefix}: <{iri}> " for prefix, iri in sorted(PREFIXES.items())) + "\n"


def _in_own_lines(error: QuerySyntax, added: int) -> QuerySyntax:
    """The error with the line that the query has without the lines put before it."""
    if error.line is None:
        return error
    line = error.line - added
    told = str(error).replace(f"line {error.line},", f"line {line},", 1)
    return QuerySyntax(told, line=line, column=error.column)


def _print_table(answer: bytes) -> None:
    results = parse_query_results(answer, format=QueryResultsFormat.JSON)
    if isinstance(results, QueryBoolean):
        console().print("yes" if results else "no")
        return
    if not isinstance(results, QuerySolutions):
        raise TypeError("JSON results are solutions or a boolean")
    table = Table()
    for variable in results.variables:
        table.add_column(variable.value, overflow="fold")
    rows = [[_cell(term) for term in solution] for solution in results]
    for row in rows:
        table.add_row(*row)
    console().print(table)
    console().print(f"{len(rows)} rows")


def _cell(term: object) -> str:
    if isinstance(term, NamedNode):
        return compact(term.value)
    if isinstance(term, Literal):
        return f"{term.value} @{term.language}" if term.language else term.value
    return "" if term is None else str(term)
