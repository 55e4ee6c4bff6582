"""What the OpenAPI document says of the service as a whole, and what completes it."""

from __future__ import annotations

from typing import Any

from api.answer_examples import with_examples
from api.answers.components import with_components
from api.url_texts import with_url_texts

DESCRIPTION = """\
Who organised what in education policy, with whom, for whom, under which programme, in which country, planned or
happened - and the very sentence that says so.

Start with `/search?q=` to find a thing by any of its names, then ask `/{collection}/{id}/links` for what ties it to
others. Every label says which language it is in; `lang` chooses. Every answer names the generation of the data that it
is from. An error is a problem document (RFC 9457), whose type is described at its IRI."""
LICENCE = {"name": "Code: Apache-2.0, data: CC-BY-4.0", "identifier": "Apache-2.0 AND CC-BY-4.0"}
TAGS = {
    "sparql": "SPARQL 1.1 Protocol, in processes that can be stopped.",
    "graph store": "SPARQL 1.1 Graph Store HTTP Protocol.",
    "lookups": "Collections, links and claims, and what the data says of itself.",
    "network": "Who is tied to whom, when, and what was promised.",
    "search": "Things by any spelling in any script.",
    "reconciliation": "The Reconciliation Service API 0.2.",
    "linked data": "Every IRI at its path, in every form; ontology, shapes, registry, catalogue.",
    "export": "Files of the whole or of a part.",
    "checks": "The checks of the curated graph for anybody's file.",
    "problems": "What the types of errors mean.",
    "health": "Whether the service runs, and can answer.",
    "operations": "Queries that run, and the power to stop one.",
}
"""What the operations are grouped by."""


def completed(document: dict[str, Any]) -> dict[str, Any]:
    """The document with its records, an example for each answer, and its groups described."""
    document = with_url_texts(with_examples(with_components(document)))
    used = {tag for operations in document["paths"].values() for one in operations.values() for tag in one["tags"]}
    document["tags"] = [{"name": name, "description": TAGS[name]} for name in TAGS if name in used]
    document["security"] = []  # no operation needs anything but those that say so
    return document
