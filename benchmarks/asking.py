"""What the benchmark of the lookups asks: of which organisations, in which words; and when two answers are the same."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from random import Random
from typing import Any
from urllib.parse import quote, urlencode

from benchmarks.load import Lookup
from benchmarks.world import World
from graph.namespaces import BASE, EDG
from graph.queries import query_text
from graph.query.index import Index

LIMIT = 100
_ORDER = f" ORDER BY ?direction ?role ?counterpart ?claim ?source ?activity ?part LIMIT {LIMIT}"
_COLUMNS = "?direction ?role ?counterpart ?claim ?modality ?source ?start ?end ?activity ?part"
_PROLOGUE = f"""PREFIX edg: <{EDG}>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX schema: <https://schema.org/>
SELECT {_COLUMNS.replace("?start ?end", "?selector")} WHERE """
_CARRIED = """edg:modality ?modality ; edg:evidence ?evidence . ?evidence oa:hasSource ?source .
    OPTIONAL { ?evidence oa:hasSelector ?selector }"""
_TIED = f"""rdf:predicate ?role ; {_CARRIED}
    FILTER isIRI(?counterpart) FILTER (?role != edg:unit && ?role != schema:eventStatus)"""
_SAID = f"rdf:subject ?activity ; rdf:predicate ?part ; {_CARRIED} BIND (edg:representing AS ?role)"
_BRANCHES = (
    f'?claim rdf:subject $it ; rdf:object ?counterpart ; {_TIED} BIND ("out" AS ?direction)',
    f'?claim rdf:object $it ; rdf:subject ?counterpart ; {_TIED} BIND ("in" AS ?direction)',
    f'?claim rdf:object $it ; edg:representing ?counterpart ; {_SAID} BIND ("out" AS ?direction)',
    f'?claim edg:representing $it ; rdf:object ?counterpart ; {_SAID} BIND ("in" AS ?direction)',
)


def drawn(world: World, many: int) -> list[str]:
    """IRIs of organisations as the articles draw them: by Zipf's law, with repeats."""
    random = Random(f"{world.seed}/asked")
    return [world.organisations.pick(random).value for _ in range(many)]


def spread(world: World, many: int) -> list[str]:
    """IRIs of organisations of every popularity alike: most have few links."""
    size = world.organisations.size
    return [world.organisations[rank].value for rank in range(0, size, max(1, size // many))][:many]


def links_path(organisation: str) -> str:
    """The lookup of an organisation's links."""
    return f"/organisations/{organisation.rpartition('/')[2]}/links?limit={LIMIT}"


def as_defined(organisation: str) -> str:
    """links.rq with the organisation bound, in the order and with the limit of the lookup."""
    words = "\n".join(line for line in query_text("links").splitlines() if not line.startswith("#"))
    return words.replace("SELECT ?entity", "SELECT").replace("?entity", f"<{organisation}>") + _ORDER


def as_kindest(organisation: str) -> str:
    """The same rows in the words that the engine answers fastest of all that were tried.

    Every pattern stands in its branch, the selector's IRI says where the span is, and what has an IRI at its end is
    taken for an object property; links.rq says it for all data, at the price of scans.
    """
    branches = " UNION ".join("{ " + branch.replace("$it", f"<{organisation}>") + " }" for branch in _BRANCHES)
    return f"{_PROLOGUE}{{ {branches} }}{_ORDER}"


Row = tuple[str | None, ...]


def rows_of_sparql(answer: Any) -> list[Row]:
    """The rows of either query: direction, role, counterpart, claim, modality, source, span, activity, part."""
    return [_row({name: term["value"] for name, term in row.items()}) for row in answer["results"]["bindings"]]


def _row(row: dict[str, str]) -> Row:
    span = row["selector"].partition("#char=")[2] if "selector" in row else None
    if "start" in row:
        span = f"{row['start']},{row['end']}"
    named = [row[name] for name in ("direction", "role", "counterpart", "claim", "modality", "source")]
    return *named, span, row.get("activity"), row.get("part")


def rows_of_lookup(answer: Any) -> list[Row]:
    """The rows of a page of links, one for each piece of evidence."""
    rows: list[Row] = [
        (
            link["direction"],
            link["role"]["iri"],
            link["counterpart"]["iri"],
            link["claim"],
            link["modality"]["iri"],
            link["article"]["iri"],
            None if told["start"] is None else f"{told['start']},{told['end']}",
            link["through"] and link["through"]["activity"]["iri"],
            link["through"] and link["through"]["role"]["iri"],
        )
        for link in answer["links"]
        for told in link["evidence"]
    ]
    return rows[:LIMIT]


def gets(paths: Iterable[str], **headers: str) -> list[Lookup]:
    """GETs of these paths; an underscore in a header's name is a hyphen."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return [{"target": path, "headers": named} for path in paths]


def some_names(index: Index, many: int, seed: int) -> list[str]:
    """Names of organisations, persons and places in all languages, drawn alike."""
    rows = index.connection.execute(
        "SELECT name FROM name WHERE preferred = 1 AND (thing LIKE :body OR thing LIKE :person OR thing LIKE :place)"
        " ORDER BY thing, lang",
        {"body": f"{BASE}organisation/%", "person": f"{BASE}person/%", "place": f"{BASE}place/%"},
    ).fetchall()
    return [str(row[0]) for row in Random(f"{seed}/names").choices(rows, k=many)]


def suggestions(names: Sequence[str], seed: int) -> list[str]:
    """/suggest for the beginning of a word of each name, of one to eight letters."""
    random = Random(f"{seed}/typed")
    words = [random.choice(name.split()) for name in names]
    return [f"/suggest?q={quote(word[: random.randint(1, 8)])}" for word in words]


def misspelt(names: Sequence[str], seed: int) -> list[str]:
    """/search for each name with two letters of its longest word swapped, or one of them left out."""
    random = Random(f"{seed}/typos")
    return [f"/search?q={quote(_misspell(name, random))}" for name in names]


def _misspell(name: str, random: Random) -> str:
    word = max(name.split(), key=len)
    at = random.randrange(1, max(2, len(word) - 1))
    wrong = (
        word[:at] + word[at + 1] + word[at] + word[at + 2 :] if random.random() < 0.5 else word[:at] + word[at + 1 :]
    )
    return name.replace(word, wrong)


def batches(names: Sequence[str], size: int) -> list[Lookup]:
    """POSTs to /reconcile as OpenRefine sends them, ``size`` names each."""
    found: list[Lookup] = []
    for start in range(0, len(names), size):
        queries = {f"q{n}": {"query": name, "limit": 5} for n, name in enumerate(names[start : start + size])}
        body = urlencode({"queries": json.dumps(queries, ensure_ascii=False)})
        found.append(
            {"target": "/reconcile", "body": body, "headers": {"Content-Type": "application/x-www-form-urlencoded"}}
        )
    return found
