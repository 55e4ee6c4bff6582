"""The documents about the data: ontology, shapes, registry, data set and catalogue."""

from __future__ import annotations

from api.answers.facts import GENERATION, LABEL, LANG_IF_ANY, NAMED
from api.answers.links import CLASSES, KIND
from api.answers.schema import Schema, mapping, record, ref, rows, text

_BY_LANGUAGE = mapping(text("A text.", "event"), "By language.", "en")
_TERMS = rows(ref("TermNamed"), "Terms.")
_TERM = {
    "iri": text("The term's IRI.", "https://w3id.org/edugraph/ontology#Event"),
    "id": text("Its short name.", "edg:Event"),
    "name": text("Its name within the document.", "Event"),
    "labels": _BY_LANGUAGE,
    "definition": _BY_LANGUAGE,
    "note": _BY_LANGUAGE,
    "broader": _TERMS,
    "domain": _TERMS,
    "range": _TERMS,
    "disjoint_with": _TERMS,
    "example": rows(text("A statement.", "event:2023-almaty-esd-seminar rdf:type edg:Event"), "Examples."),
}
_SECTIONS = ("classes", "object_properties", "datatype_properties", "annotation_properties", "controlled_lists")
_DOCUMENT = text("The document's IRI.", "https://w3id.org/edugraph/dataset")
_SHAPE = {
    "iri": text("The shape's IRI.", "https://w3id.org/edugraph/shapes/article"),
    "name": text("The last part of it.", "article"),
    "classes": rows(text("NodeShape or PropertyShape.", "NodeShape"), "What it is."),
    "targets": _TERMS,
    "path": _TERMS,
    "properties": rows(ref("ShapeNamed"), "The shapes of its properties."),
    "message": _BY_LANGUAGE,
    "remedy": _BY_LANGUAGE,
}

DOCUMENTS: dict[str, Schema] = {
    "JsonLd": record(
        "A document in JSON-LD 1.1.",
        {
            "@context": {"description": "The context, or its address.", "examples": [{}]},
            "@graph": {
                "type": "array",
                "items": {"type": "object"},
                "description": "The things, each with its @id.",
                "examples": [[{"@id": "https://w3id.org/edugraph/organisation/unesco"}]],
            },
        },
    ),
    "TermNamed": record("A term.", {"iri": _TERM["iri"], "id": _TERM["id"]}),
    "OntologyTerm": record(
        "A term of the ontology.",
        {**_TERM, "members": rows(ref("OntologyTerm"), "Of a controlled list.")},
        ("members",),
    ),
    "Ontology": record(
        "The ontology.",
        {
            "iri": text("Its IRI.", "https://w3id.org/edugraph/ontology"),
            **{
                section: rows(ref("OntologyTerm"), f"{section.replace('_', ' ').capitalize()}.")
                for section in _SECTIONS
            },
            "generation": GENERATION,
        },
    ),
    "ShapeNamed": record("A shape.", {"iri": _SHAPE["iri"], "name": _SHAPE["name"]}),
    "ShapeListed": record("A shape.", _SHAPE),
    "Shape": record("A shape.", {**_SHAPE, "generation": GENERATION}),
    "Shapes": record(
        "All shapes.",
        {
            "iri": text("Their IRI.", "https://w3id.org/edugraph/shapes"),
            "shapes": rows(ref("ShapeListed"), "The shapes."),
            "generation": GENERATION,
        },
    ),
    "RegisteredThing": record(
        "A thing as it stands in the registry.",
        {
            **NAMED,
            "classes": CLASSES,
            "kind": KIND,
            "names": rows(ref("Name"), "All its names."),
            "description": rows(ref("Described"), "What is said of it without a claim."),
        },
    ),
    "Registry": record(
        "The curated registry.",
        {
            "iri": text("Its IRI.", "https://w3id.org/edugraph/registry"),
            "things": rows(ref("RegisteredThing"), "All things."),
            "generation": GENERATION,
        },
    ),
    "Distribution": record(
        "A form in which the data set can be had.",
        {
            "iri": text("Its IRI.", "https://w3id.org/edugraph/dataset#turtle"),
            "description": rows(ref("Described"), "Address, media type, size, licence."),
        },
    ),
    "Dataset": record(
        "The data set, or the catalogue that lists it.",
        {
            "iri": _DOCUMENT,
            "label": LABEL,
            "lang": LANG_IF_ANY,
            "description": rows(ref("Described"), "Title, licence, publisher and so on."),
            "distributions": rows(ref("Distribution"), "In which forms."),
            "counts": mapping({"type": ["integer", "object"], "examples": [680]}, "How much it holds.", "triples"),
            "version": text("Of edugraph.", "0.1.0"),
            "generation": GENERATION,
        },
    ),
    "Context": record(
        "A JSON-LD context.", {"@context": {"type": "object", "description": "What the names mean.", "examples": [{}]}}
    ),
}
