"""``edugraph diff``: what differs between two generations or two files, as the service's /changes gives it."""

from __future__ import annotations

import json
import sys
from contextlib import AbstractContextManager, ExitStack
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from graph.changes.difference import difference
from graph.changes.dump import Dump, opened, sorted_dump
from graph.changes.patch import rdf_patch
from graph.changes.record import LISTS, MOST_KEPT, make_record
from graph.commands.output import console, standard_output
from graph.errors import InputError
from graph.publish.changes import as_side
from graph.publish.generation import CURRENT, Generation, current
from graph.query.changes import changes_record, named_changes
from graph.query.index import languages_meant
from graph.settings import Settings


class DiffFormat(StrEnum):
    """How the difference is written; patch is RDF Patch."""

    TEXT = "text"
    JSON = "json"
    PATCH = "patch"


def diff(
    old: Annotated[
        str | None, typer.Argument(help="A generation's id or an RDF file; without it the generation before.")
    ] = None,
    new: Annotated[str, typer.Argument(help="A generation's id or an RDF file.")] = CURRENT,
    form: Annotated[DiffFormat, typer.Option("--format", help="How it is written.")] = DiffFormat.TEXT,
    limit: Annotated[int, typer.Option(min=1, max=MOST_KEPT, help="Rows of each list; all are counted.")] = 100,
    lang: Annotated[str, typer.Option(help="Languages of the labels, the best first, such as lv,ru.")] = "en",
) -> None:
    """Show which facts and things came, went or changed from OLD to NEW."""
    generations = Settings.from_env().generations
    chain = languages_meant(lang)
    if old is None:
        latest = current(generations)
        record = changes_record(latest, chain, limit)
        if form is not DiffFormat.PATCH:
            _write(form, record)
            return
        if record["old"] is None:
            raise InputError(f"{latest.id} is the first generation in {generations}; there is none to compare it with")
        old, new = record["old"]["id"], latest.id
    with ExitStack() as stack:
        (before, left), (after, right) = (_side(stack, generations, text) for text in (old, new))
        if form is DiffFormat.PATCH:
            with standard_output():
                sys.stdout.buffer.writelines(rdf_patch(before, after, (left["id"], right["id"])))
            return
        kept = make_record(difference(before, after), before, after, {"old": left, "new": right})
    _write(form, named_changes(kept, chain, limit))


def _side(stack: ExitStack, generations: Path, text: str) -> tuple[Dump, dict[str, Any]]:
    """One side, opened, and what it is. Raises InputError for what is neither a generation nor a file."""
    generation = current(generations) if text == CURRENT else Generation(text, generations / text)
    there = "/" not in text and generation.exists
    if not there and not Path(text).is_file():
        kept = sorted(path.parent.name for path in generations.glob("[0-9a-f]*/manifest.json"))
        raise InputError(f"{text!r} is no file and no generation; there are: {', '.join(kept) or 'none'}")
    side: AbstractContextManager[Dump] = opened(generation.nquads) if there else sorted_dump(Path(text))
    told = as_side(generation) if there else {"id": Path(text).name, "version": None}
    return stack.enter_context(side), told


def _write(form: DiffFormat, record: dict[str, Any]) -> None:
    with standard_output():
        if form is DiffFormat.JSON:
            typer.echo(json.dumps(record, ensure_ascii=False, indent=2))
        else:
            _print(record)


def _print(record: dict[str, Any]) -> None:
    out = console()
    if record["old"] is None:
        out.print(f"{record['new']['id']} is the first generation: nothing was there before.")
        return
    out.print(f"{record['old']['id']} -> {record['new']['id']}")
    for kind, counts in record["counts"].items():
        out.print(f"{kind}: " + ", ".join(f"{number} {change}" for change, number in counts.items()))
    for kind, changes in LISTS.items():
        for change in changes:
            for entry in record[kind][change]:
                out.print(_line(kind, change, entry), soft_wrap=True)
            if left := record["left_out"][kind][change]:
                out.print(f"  ... and {left} more {kind} {change}; --limit shows up to {MOST_KEPT}")


def _line(kind: str, change: str, entry: dict[str, Any]) -> str:
    sign = {"added": "+", "removed": "-", "withdrawn": "-", "changed": "~"}[change]
    if kind == "claims":
        return f"{sign} {_claim(entry, change)}"
    said = [f"{mark}{_stated(one)}" for mark, name in (("-", "removed"), ("+", "added")) for one in entry[name]]
    return f"{sign} {entry['label']} ({entry['id']})" + (f": {'; '.join(said)}" if change == "changed" else "")


def _claim(entry: dict[str, Any], change: str) -> str:
    said = f"{entry['subject']['label']} | {entry['predicate']['label']} | {_text(entry['object'])}"
    if change != "changed":
        put = f" [{entry['modality']['label']}]" if entry["planned"] else ""
        return f"{said}{put} ({_shown(entry['evidence'])})"
    told = (
        f"{name}: {_shown(entry['before'][name])} -> {_shown(entry['after'][name])}" for name in entry["differs_in"]
    )
    return f"{said}: {'; '.join(told)}"


def _shown(told: Any) -> str:
    """A modality, spans of evidence or qualifiers, in words."""
    if isinstance(told, list):
        return ", ".join(_shown(one) for one in told) or "none"
    if "property" in told:
        return _stated(told)
    if "source" in told:
        place = "" if told["start"] is None else f" {told['start']}-{told['end']}"
        return f"{told['source']['id']}{place}"
    return _text(told)


def _stated(one: dict[str, Any]) -> str:
    return f"{one['property']['label']} {_text(one['value'])}"


def _text(value: dict[str, Any]) -> str:
    return str(value["label"] if "label" in value else value["value"])
