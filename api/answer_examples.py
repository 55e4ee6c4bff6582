"""What an answer looks like in each media type, for the operations of the OpenAPI document that show nothing."""

from __future__ import annotations

from typing import Any

from api.answers.components import COMPONENTS
from api.answers.schema import example_of

_UNESCO = "https://w3id.org/edugraph/organisation/unesco"
_LABEL = "http://www.w3.org/2004/02/skos/core#prefLabel"
_TRIPLE = f'<{_UNESCO}> <{_LABEL}> "UNESCO"@en .\n'
_ROWS: dict[str, Any] = {
    "head": {"vars": ["name"]},
    "results": {"bindings": [{"name": {"type": "literal", "value": "UNESCO", "xml:lang": "en"}}]},
}
_XML = (
    '<?xml version="1.0"?><sparql xmlns="http://www.w3.org/2005/sparql-results#"><head><variable name="name"/></head>'
    '<results><result><binding name="name"><literal xml:lang="en">UNESCO</literal></binding></result></results>'
    "</sparql>"
)

EXAMPLES: dict[str, Any] = {
    "text/turtle": _TRIPLE,
    "application/n-triples": _TRIPLE,
    "application/n-quads": _TRIPLE,
    "application/trig": _TRIPLE,
    "application/rdf+xml": (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
        ' xmlns:skos="http://www.w3.org/2004/02/skos/core#">\n'
        f'<rdf:Description rdf:about="{_UNESCO}"><skos:prefLabel xml:lang="en">UNESCO</skos:prefLabel>'
        "</rdf:Description>\n</rdf:RDF>\n"
    ),
    "application/ld+json": {
        "@context": {},
        "@graph": [{"@id": _UNESCO, _LABEL: [{"@language": "en", "@value": "UNESCO"}]}],
    },
    "application/sparql-results+json": _ROWS,
    "application/sparql-results+xml": _XML,
    "application/json": _ROWS,
    "application/xml": _XML,
    "text/xml": _XML,
    "text/csv": "name\r\nUNESCO\r\n",
    "text/tab-separated-values": '?name\n"UNESCO"@en\n',
    "text/plain": _TRIPLE,
    "text/html": "<!doctype html>\n<title>UNESCO</title>\n",
}
"""By media type: one triple, or one row of an answer to SPARQL."""


def with_examples(document: dict[str, Any]) -> dict[str, Any]:
    """The OpenAPI document, its records in it, with an example for each answer."""
    records = {**document["components"]["schemas"], **COMPONENTS}
    for operations in document["paths"].values():
        for operation in operations.values():
            for status, answer in operation["responses"].items():
                _fill(answer.get("content", {}), records, good=status.startswith("2"))
    return document


def _fill(content: dict[str, dict[str, Any]], records: dict[str, Any], *, good: bool) -> None:
    for media_type, shown in content.items():
        if "example" in shown or "examples" in shown:
            continue
        if "json" in media_type and shown.get("schema"):
            shown["example"] = example_of(shown["schema"], records)
        elif good and media_type in EXAMPLES:
            shown["example"] = EXAMPLES[media_type]
