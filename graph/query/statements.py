"""All that is stated of one thing, from the index: the same statements that the store holds of it."""

from __future__ import annotations

import json

from pyoxigraph import Literal, NamedNode

from graph.build.identifiers import Span, evidence_iri
from graph.namespaces import DCTERMS, EDG, RDF
from graph.query.claims import claim_row
from graph.query.index import Index

Stated = tuple[str, str, str]
"""Property, value and form of the value (``iri``, ``@lang`` or a datatype)."""
TYPE, CLAIM, EVIDENCE = RDF + "type", EDG + "Claim", EDG + "evidence"
_OF_THING = """SELECT :type, class, 'iri' FROM thing WHERE iri = :iri
UNION SELECT :kind, kind, 'iri' FROM thing WHERE iri = :iri AND kind IS NOT NULL
UNION SELECT property, value, form FROM description WHERE thing = :iri
UNION SELECT predicate, object, form FROM claim WHERE subject = :iri AND asserted"""


def statements_of(index: Index, iri: str) -> list[Stated]:
    """What is stated of a thing or a claim but its names, in one order; nothing where the index does not hold it.

    The index holds no evidence, no span of a text and no term of the ontology by itself.
    """
    row = claim_row(index, iri)
    if row is not None:
        return in_order(_of_claim(row))
    given = {"iri": iri, "type": TYPE, "kind": DCTERMS + "type"}
    return in_order(index.connection.execute(_OF_THING, given).fetchall()) if index.exists(iri) else []


def in_order(stated: list[Stated]) -> list[Stated]:
    """The statements in the order of N-Triples."""
    return sorted(stated, key=lambda row: (row[0], _written(row[1], row[2])))


def _of_claim(row: tuple[str, ...]) -> list[Stated]:
    _, _, subject, predicate, stated, form, modality, _, evidence, qualifiers = row
    spans = (source if start is None else Span(source, start, end).iri for source, start, end in json.loads(evidence))
    return [
        (TYPE, CLAIM, "iri"),
        (RDF + "subject", subject, "iri"),
        (RDF + "predicate", predicate, "iri"),
        (RDF + "object", stated, form),
        (EDG + "modality", modality, "iri"),
        *((EVIDENCE, evidence_iri(span).value, "iri") for span in spans),
        *((prop, value, kind) for prop, value, kind in json.loads(qualifiers)),
    ]


def _written(value: str, form: str) -> str:
    """The value as N-Triples writes it."""
    if form == "iri":
        return f"<{value}>"
    if form.startswith("@"):
        return str(Literal(value, language=form[1:]))
    return str(Literal(value, datatype=NamedNode(form)))
