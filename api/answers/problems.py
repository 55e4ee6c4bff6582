"""What is wrong: problems (RFC 9457) with the descriptions of their types, and the report of a check."""

from __future__ import annotations

from api.answers.schema import Schema, mapping, maybe, record, ref, rows, text, truth
from graph.check.findings import LANGUAGES

_TYPE = text("The IRI of its type, which describes it.", "https://w3id.org/edugraph/problem/unknown-entity")
_TITLE = text("What happened, in a few words.", "No entity has that name or IRI")
_STATUS = {
    "type": "integer",
    "minimum": 400,
    "maximum": 599,
    "description": "The status of the answer.",
    "examples": [404],
}


def _place(meaning: str, example: int) -> Schema:
    return {"type": "integer", "minimum": 1, "description": meaning, "examples": [example]}


def _in_each_language(meaning: str, example: str) -> Schema:
    return record(f"{meaning} By language.", {lang: text(f"In {lang}.", example) for lang in LANGUAGES}, LANGUAGES[1:])


PROBLEMS: dict[str, Schema] = {
    "Problem": record(
        "An error (RFC 9457); some types have members of their own.",
        {
            "type": _TYPE,
            "title": _TITLE,
            "status": _STATUS,
            "detail": text("What is wrong with this request, and where.", "nothing is called 'lvx' in any language"),
            "request_id": text("The id of the request, as in X-Request-Id and the log.", "7542b329e82cef8b746c2cac"),
            "line": {"type": "integer", "description": "Of a syntax error: the line, from 1."},
            "column": {"type": "integer", "description": "Of a syntax error: the character, from 1."},
            "errors": rows(ref("Fault"), "Of an invalid request: each fault."),
            "successors": rows(text("An IRI.", "https://w3id.org/edugraph/…"), "Of a deprecated IRI: what to take."),
        },
        ("detail", "line", "column", "errors", "successors"),
        ("detail",),
    ),
    "Fault": record(
        "A fault of a request.",
        {"where": text("Which part.", "query/limit"), "message": text("What is wrong.", "it is negative")},
    )
    | {"additionalProperties": True, "propertyNames": {"examples": ["where"]}},
    "ProblemType": record(
        "A type of problem.",
        {
            "type": _TYPE,
            "status": _STATUS,
            "title": _TITLE,
            "meaning": text("What happened.", "A name that a parameter gives means nothing that there is."),
            "remedy": text("What to do about it.", "Take a name that /search finds."),
        },
    ),
    "Report": record(
        "What the checks find in a file.",
        {
            "conforms": truth("Whether nothing was found."),
            "findings": rows(ref("Finding"), "Each in the order of the file."),
        },
    ),
    "Finding": record(
        "Something that a shape or a check finds wrong.",
        {
            "check": text("The shape or check.", "organisation-kind"),
            "file": text("The file.", "posted.ttl"),
            "line": maybe(_place("The line, from 1.", 2)),
            "column": maybe(_place("The character, from 1; told for a syntax error.", 1), shown=False),
            "subject": maybe(text("The IRI of the thing concerned.", "https://w3id.org/edugraph/organisation/unesco")),
            "words": mapping(text("A word of a message.", "…"), "What messages are made with.", "value"),
            "message": _in_each_language("What is wrong.", "must have exactly one kind"),
            "value": maybe(text("The offending term or value.", "urn:x")),
            "remedy": _in_each_language("How to mend it.", "state edg:kind"),
        },
    ),
    "ProblemTypes": record("All types of problems.", {"problems": rows(ref("ProblemType"), "The types.")}),
}
