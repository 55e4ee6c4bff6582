"""The child process that makes a store: copies one, clears graphs, loads files, and ends.

Run as ``python -m graph.publish.writing`` with a job as JSON on standard input; it answers with JSON on standard
output. RDF from outside is parsed here and nowhere else in the service: a document that overflows the parser's
stack or fills the memory ends this process alone.
"""

from __future__ import annotations

import codecs
import gzip
import json
import mmap
import os
import resource
import sys
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TypedDict

import pyoxigraph as ox

from graph.children import at_most

SMALL = 8 * 1024**2
"""Bytes of a file that is loaded as one transaction: its tables merge with the others', the bulk loader's do not."""

ZIPPED = ".gz"
"""The ending of a file that is unpacked while it is read."""


ELSEWHERE = {
    "LoadDocumentCallback": "a context is not fetched from elsewhere; write it into the document",
    "<!ENTITY values": "an entity is not fetched from elsewhere; write its value into the document, in double quotes",
}
"""What the engine says of what it does not fetch, by a part of its words -> what to do."""

PARSERS_OWN_BOUND = "buffer maximal size"
"""How the engine tells that its parser keeps no longer piece; it has nothing to do with the memory limit."""


class Load(TypedDict):
    """One file to load: its media type, the graph its triples go to (None: the default graph), and its base IRI.

    ``most`` is how many bytes the terms may have that XML entities unfold to; None where no stranger wrote the file.
    """

    path: str
    media_type: str
    graph: str | None
    base: str | None
    most: int | None


class Job(TypedDict):
    """What to do, in this order: copy ``source`` to ``target``, clear the graphs, create and load.

    ``required`` are the named graphs without which nothing is done, ``absent`` those with which nothing is done;
    ``memory`` is a limit in bytes, or 0. A store of up to ``most_dumped`` quads is written to the file ``dump`` too.
    """

    source: str | None
    target: str
    clear: list[str | None]
    required: list[str]
    absent: list[str]
    create: list[str]
    loads: list[Load]
    memory: int
    dump: str
    most_dumped: int


def main() -> int:
    """Do the job on standard input; the exit status is 0 whenever there is an answer to read."""
    job: Job = json.load(sys.stdin)
    if job["memory"]:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        os.nice(5)
    json.dump(_outcome(job), sys.stdout)
    return 0


def _outcome(job: Job) -> dict[str, Any]:
    try:
        return make_store(job)
    except SyntaxError as error:
        return {
            "error": "syntax",
            "message": error.msg.partition(": ")[2] or error.msg,
            "file": error.filename,
            "line": error.lineno,
            "column": error.offset,
        }
    except OSError as error:
        return {"error": "disk", "message": str(error)}
    except (ValueError, MemoryError) as error:
        return {"error": "input", "message": str(error) or "it does not fit into the memory limit"}


def make_store(job: Job) -> dict[str, Any]:
    """Make the store and say which of the graphs to clear were there. Raises SyntaxError, OSError, ValueError."""
    if job["source"] is not None:
        ox.Store.read_only(job["source"]).backup(job["target"])
    store = ox.Store(job["target"])
    if job["memory"]:
        # Beyond what the open store has mapped: its threads' stacks alone are hundreds of megabytes of address space.
        most = at_most(resource.RLIMIT_AS, _address_space() + job["memory"])
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    for iri in job["required"]:
        if not store.contains_named_graph(ox.NamedNode(iri)):
            return {"error": "unknown", "message": f"there is no graph {iri}"}
    for iri in job["absent"]:
        if store.contains_named_graph(ox.NamedNode(iri)):
            return {"error": "exists", "message": f"there is a graph {iri} already"}
    existed = _clear_and_create(store, job)
    for load in job["loads"]:
        _load(store, load)
    store.flush()
    store.optimize()
    empty = []
    if len(store) <= job["most_dumped"]:
        store.dump(job["dump"], ox.RdfFormat.N_QUADS)
        empty = [graph.value for graph in _empty_graphs(store)]
    return {"quads": len(store), "existed": existed, "empty_graphs": empty}


def _empty_graphs(store: ox.Store) -> Iterator[ox.NamedNode]:
    """The graphs that are there without a quad, which a dump cannot say."""
    for graph in store.named_graphs():
        if isinstance(graph, ox.NamedNode) and not any(store.quads_for_pattern(None, None, None, graph)):
            yield graph


def _clear_and_create(store: ox.Store, job: Job) -> list[str]:
    """The named graphs, of those to clear or create, that were there."""
    existed = []
    for cleared in job["clear"]:
        if cleared is None:
            store.clear_graph(ox.DefaultGraph())
        elif store.contains_named_graph(ox.NamedNode(cleared)):
            existed.append(cleared)
            store.remove_graph(ox.NamedNode(cleared))
    for iri in job["create"]:
        if store.contains_named_graph(ox.NamedNode(iri)):
            existed.append(iri)
        store.add_graph(ox.NamedNode(iri))
    return existed


def _address_space() -> int:
    """Bytes that this process has mapped; 0 where the system does not say, so that the limit stands alone."""
    try:
        return int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()
    except OSError:
        return 0


def _graph(iri: str | None) -> ox.NamedNode | ox.DefaultGraph:
    return ox.DefaultGraph() if iri is None else ox.NamedNode(iri)


def _load(store: ox.Store, load: Load) -> None:
    media_type, path, graph = ox.RdfFormat.from_media_type(load["media_type"]), load["path"], _graph(load["graph"])
    if media_type is None:
        raise ValueError(f"{load['media_type']} is not an RDF format")
    try:
        if media_type == ox.RdfFormat.JSON_LD:
            _refuse_bare_value(Path(path))
            # The bulk loader would follow @graph into graphs that the request did not name.
            triples = ox.parse(
                path=path, format=media_type, base_iri=load["base"], without_named_graphs=True, rename_blank_nodes=True
            )
            store.extend(ox.Quad(quad.subject, quad.predicate, quad.object, graph) for quad in triples)
        elif media_type == ox.RdfFormat.RDF_XML and load["most"] is not None and _has_entities(Path(path)):
            read = ox.parse(path=path, format=media_type, base_iri=load["base"], rename_blank_nodes=True)
            extend = store.extend if Path(path).stat().st_size <= SMALL else store.bulk_extend
            extend(_within(read, load["most"], graph))
        else:
            put = store.load if Path(path).stat().st_size <= SMALL else store.bulk_load
            put(**_source(Path(path)), format=media_type, base_iri=load["base"], to_graph=graph)
    except SyntaxError as error:
        error.filename = path
        error.msg = next((told for words, told in ELSEWHERE.items() if words in error.msg), error.msg)
        raise
    except MemoryError as error:
        if PARSERS_OWN_BOUND not in str(error):
            raise
        words = "a term has more than 16 MiB, and none so long is read"
        raise SyntaxError(words, (path, None, None, None)) from error
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise ValueError(f"{path} cannot be unpacked: {error}") from error


def _has_entities(path: Path) -> bool:
    if not path.stat().st_size:
        return False
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as text:
        return text.find(b"<!ENTITY") >= 0


def _within(quads: Iterable[ox.Quad], most: int, graph: ox.NamedNode | ox.DefaultGraph) -> Iterator[ox.Quad]:
    """The triples for a graph, as long as their terms stay within so many bytes: a few entities can unfold to any."""
    size = 0
    for quad in quads:
        size += sum(len(str(term).encode()) for term in quad.triple)
        if size > most:
            raise ValueError(f"the document's entities unfold to more than {most} bytes")
        yield ox.Quad(quad.subject, quad.predicate, quad.object, graph)


def _source(path: Path) -> dict[str, Any]:
    """The file as the engine takes it: by its path, or unpacked and without the mark that some editors begin with."""
    zipped = path.suffix.lower() == ZIPPED
    file: Any = gzip.open(path) if zipped else path.open("rb")  # noqa: SIM115 - the engine reads on in it
    if file.read(len(codecs.BOM_UTF8)) == codecs.BOM_UTF8:
        return {"input": file}
    file.seek(0)
    return {"input": file} if zipped else {"path": str(path)}


def _refuse_bare_value(path: Path) -> None:
    """The engine takes a lone string or number for an empty document; JSON-LD knows objects and arrays only."""
    with path.open("rb") as document:
        start = document.read(4096).lstrip()[:1]
    if start not in (b"{", b"["):
        raise SyntaxError("a JSON-LD document is an object or an array", (path.name, 1, 1, None))


if __name__ == "__main__":
    sys.exit(main())
