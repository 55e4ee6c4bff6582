"""What a search finds, and what a reconciliation service answers (Reconciliation Service API 0.2)."""

from __future__ import annotations

from api.answers.facts import GENERATION, LANG_IF_ANY, NAMED
from api.answers.links import CLASSES
from api.answers.schema import Schema, count, mapping, maybe, number, record, ref, rows, text, truth

_QUERY = text("What was asked for.", "Beisembaev")
_RESULTS = rows(ref("Match"), "What answers, the best first.")
_ENTITY = text("A segment and the last part of an IRI.", "organisation/unesco")
_NAME = text("Its name.", "UNESCO")
_TYPE_ID = text("A class of the ontology.", "Organisation")
_DESCRIPTION = text("What it is, in words.", "international organisation")
_TYPES = rows(ref("ReconciliationType"), "What it is.")
_SERVICE = text("The service.", "https://example.org")
_PATH = text("The path of one of its endpoints.", "/reconcile/suggest/entity")

FOUND: dict[str, Schema] = {
    "Match": record(
        "A thing that answers a search, with the name that matched and why.",
        {
            **NAMED,
            "classes": CLASSES,
            "type": ref("Labelled", "What it is, in words: its kind, or its class where it has no kind."),
            "score": number("From 0 to 100.", 92.3),
            "matched": record(
                "The name that matched.",
                {
                    "name": text("The name.", "Gani Beisembayev"),
                    "lang": LANG_IF_ANY,
                    "preferred": truth("Whether it is the one that is shown in its language.", True),
                },
            ),
            "why": rows(ref("WordMatched"), "For each word of the query, what it matched."),
        },
    ),
    "WordMatched": record(
        "A word, and how it was found.",
        {
            "word": text("The word of the query.", "Beisembaev"),
            "matched": text("The word of the name.", "Beisembayev"),
            "how": text("Exactly, by its beginning, its sound, its stem, or with one typing error.", "sound"),
        },
    ),
    "Found": record(
        "A page of what a search finds.",
        {
            "query": _QUERY,
            "total": count("How many answer."),
            "complete": truth("Whether all that may answer was looked at.", True),
            "results": _RESULTS,
            "next": maybe(text("Path and query of the next page.", "/search?q=…&cursor=…"), shown=False),
            "generation": GENERATION,
        },
    ),
    "Suggested": record(
        "What a text that is being typed may mean.",
        {"query": _QUERY, "results": _RESULTS, "generation": GENERATION},
    ),
    "ReconciliationType": record("A class.", {"id": _TYPE_ID, "name": text("Its name.", "organisation")}),
    "Candidate": record(
        "A thing that a name may mean.",
        {
            "id": _ENTITY,
            "name": _NAME,
            "description": _DESCRIPTION,
            "score": number("From 0 to 100.", 100.0),
            "match": truth("Whether it can be taken without a look.", True),
            "type": _TYPES,
            "features": rows(ref("Feature"), "What the score follows from."),
        },
    ),
    "Feature": record(
        "A part of a score.",
        {
            "id": text("Which.", "name_same"),
            "value": {"type": ["boolean", "number"], "description": "Whether, or how far.", "examples": [True]},
        },
    ),
    "Candidates": record(
        "The answer to one query; one that cannot be answered has no result, and says why.",
        {"result": rows(ref("Candidate"), "The best first."), "error": text("Why there is none.", "…")},
        ("error",),
    ),
    "ReconciliationResults": mapping(ref("Candidates"), "The answer to each query of a batch, by its id.", "q0"),
    "ReconciliationManifest": record(
        "What the reconciliation service offers.",
        {
            "versions": rows(text("A version of the protocol.", "0.2"), "Which it speaks."),
            "name": text("The service.", "edugraph: education policy in the news"),
            "identifierSpace": text("What ids begin with.", "https://w3id.org/edugraph/"),
            "schemaSpace": text("What types and properties begin with.", "https://w3id.org/edugraph/ontology#"),
            "documentation": text("Where it is described.", "https://example.org/docs"),
            "serviceVersion": text("Of edugraph.", "0.1.0"),
            "defaultTypes": _TYPES,
            "view": record("Where to see a thing.", {"url": text("With {{id}} in it.", "…/reconcile/view?id={{id}}")}),
            "preview": record(
                "Where to see it in short.",
                {
                    "url": text("With {{id}} in it.", "…/reconcile/preview?id={{id}}"),
                    "width": count("Pixels.", 480),
                    "height": count("Pixels.", 320),
                },
            ),
            "suggest": record(
                "Where to be given suggestions.",
                {name: ref("SuggestService") for name in ("entity", "type", "property")},
            ),
            "extend": record(
                "Where to fetch values.",
                {
                    "propose_properties": record("Of a type.", {"service_url": _SERVICE, "service_path": _PATH}),
                    "property_settings": rows(ref("PropertySetting"), "What can be set for a property."),
                },
            ),
            "batchSize": count("Queries in one batch at most.", 50),
        },
    ),
    "SuggestService": record(
        "A service of suggestions.",
        {"service_url": _SERVICE, "service_path": _PATH, "flyout_service_path": _PATH},
    ),
    "PropertySetting": record(
        "What can be set for a property.",
        {
            "name": text("Its name.", "limit"),
            "label": text("Its name for people.", "Values"),
            "type": text("The sort of field.", "number"),
            "help_text": text("What it does.", "At most so many values."),
            "default": {"type": ["boolean", "string", "number"], "description": "Where it is not set."},
        },
        ("default",),
    ),
    "Extension": record(
        "Values of things.",
        {
            "meta": rows(ref("PropertyNamed"), "The properties asked for."),
            "rows": mapping(
                mapping(rows(ref("Cell"), "Its values."), "By property.", "altLabel"),
                "By thing.",
                "organisation/unesco",
            ),
        },
    ),
    "PropertyNamed": record(
        "A property.",
        {
            "id": text("Its name in the ontology; ^ is the other way round.", "altLabel"),
            "name": text("Its name for people.", "other name"),
            "description": text("What it means.", "…"),
            "type": ref("ReconciliationType", "What its values are."),
        },
        ("description", "type"),
    ),
    "Cell": record(
        "A value: a text, a number, a date or a thing.",
        {
            "str": text("A text.", "ЮНЕСКО"),
            "int": {"type": "integer", "description": "A whole number."},
            "float": {"type": "number", "description": "A number."},
            "date": text("A date.", "2023-04-03"),
            "bool": {"type": "boolean", "description": "True or false."},
            "id": _ENTITY,
            "name": _NAME,
        },
        ("str", "int", "float", "date", "bool", "id", "name"),
        ("str",),
    ),
    "Properties": record(
        "The properties of a type whose values can be fetched.",
        {
            "properties": rows(ref("PropertyNamed"), "The properties."),
            "limit": count("At most so many.", 20),
            "type": _TYPE_ID,
        },
        ("limit", "type"),
    ),
    "Suggestions": record("What a text begins.", {"result": rows(ref("Suggestion"), "At most ten.")}),
    "Suggestion": record(
        "An entity, a type or a property.",
        {"id": _ENTITY, "name": _NAME, "description": _DESCRIPTION, "notable": _TYPES},
        ("description", "notable"),
    ),
    "Flyout": record("A few words.", {"id": _ENTITY, "html": text("As HTML.", "<p><strong>UNESCO</strong></p>")}),
}
