"""What facts are told with: things by name, values, qualifiers, dates, evidence."""

from __future__ import annotations

from api.answers.schema import Schema, count, maybe, record, ref, rows, text, truth

_BASE = "https://w3id.org/edugraph/"
_EVENT, _ARTICLE = f"{_BASE}event/2023-almaty-esd-seminar", f"{_BASE}article/2023-almaty-esd-seminar"
_CLAIM = f"{_BASE}claim/0bec2bc32b5adcbf23d2"
_DATE = "http://www.w3.org/2001/XMLSchema#date"

PRECISIONS = ("moment", "day", "month", "year")
ID = text("Short name of the IRI: a prefix of this data set and the last part.", "event:2023-almaty-esd-seminar")
IRI = text("The IRI, which answers at its own address.", _EVENT)
LABEL = text("Its name in the first of the reader's languages that it has one in.", "Seminar on education")
LANG = text("The language tag of the label.", "en")
LANG_IF_ANY = maybe(text("The language tag of the label; null where none of its names has one.", "en"))
MODALITY_ID = text("How the article puts it.", "modality:Reported")
PLANNED = truth("Whether the article does not report it as so: planned, expected, asked for, or somebody's word.")
PROPERTY = text("Which property, by short name.", "edg:capacity")
CLAIM = text("The claim that carries it.", _CLAIM)
GENERATION = text("The generation that answers; it is in the ETag too.", "0123456789abcdef")
_QUOTE = maybe(text("The words of the text, where the service was given texts.", "…"), shown=False)
_START = maybe(count("First character of the span, from 0; null for a source as a whole.", 1418))
_END = maybe(count("The character behind the span.", 1488))
_SELECTOR = maybe(text("The span of the article as an IRI (RFC 5147).", f"{_ARTICLE}#char=1418,1488"))
_ROLE = {
    "id": "edg:organisedBy",
    "iri": f"{_BASE}ontology#organisedBy",
    "label": "organised by",
    "lang": "en",
}
_REPORTED = {"id": "modality:Reported", "iri": f"{_BASE}modality/Reported", "label": "reported", "lang": "en"}
_SOURCE = {"iri": _ARTICLE, "label": "On a seminar in Almaty", "lang": "en"}
MODALITY = ref("Named", "How the article puts it.", _REPORTED)
ROLE_NAMED = ref("Named", "The property.", _ROLE)
ARTICLE = ref("Named", "The article or reference source that says it.", {"id": "article:…", **_SOURCE})
ARTICLE_LABELLED = ref("Labelled", "The article or reference source that says it.", _SOURCE)
LABELLED = {"iri": IRI, "label": LABEL, "lang": LANG_IF_ANY}
NAMED = {"id": ID, **LABELLED}
_SPAN = {"selector": _SELECTOR, "start": _START, "end": _END, "quote": _QUOTE}
GROUNDS = {
    "claim": CLAIM,
    "modality": MODALITY,
    "planned": PLANNED,
    "article": ARTICLE,
    "evidence": rows(ref("EvidenceFrom"), "The spans that carry it."),
    "qualifiers": rows(ref("Qualifier"), "What makes it more precise, and why it is inferred."),
}
"""What the claim behind something says of itself."""
VALUE = {
    "id": ID,
    "iri": IRI,
    "label": LABEL,
    "lang": text("The language of the label, or of a text.", "en"),
    "value": {"type": ["string", "number", "boolean"], "description": "A literal.", "examples": [28]},
    "datatype": text("The datatype of a literal that is no text in a language.", _DATE),
    "precision": text("How precise a date is.", "day", among=PRECISIONS),
}
"""What may be said of a value; which of it is said follows from what it is."""

FACTS: dict[str, Schema] = {
    "Named": record("A thing by name.", NAMED),
    "Labelled": record("A thing by IRI and name.", LABELLED),
    "Role": record(
        "The property that ties two things, with the wider role that it belongs to.",
        {**NAMED, "broader": maybe(ref("Named", "The wider role; null if there is none."), shown=False)},
    )
    | {"examples": [{**_ROLE, "broader": None}]},
    "Value": record(
        "What is stated: a thing (iri, label) or a literal (value, with its datatype or language).",
        VALUE,
        VALUE,
        NAMED,
    ),
    "Qualifier": record(
        "What makes a fact more precise: a capacity, a share, a hedge, whose word it is, why it is inferred.",
        {"property": PROPERTY, **VALUE},
        VALUE,
    )
    | {"examples": [{"property": "edg:capacity", "value": "among the experts", "lang": "en"}]},
    "Evidence": record(
        "A span of the article that carries a fact.",
        _SPAN,
    ),
    "EvidenceOf": record(
        "A span of an article.",
        {
            "article": text("The article.", _ARTICLE),
            **_SPAN,
        },
    ),
    "EvidenceFrom": record(
        "A span of a source.",
        {
            "source": text("The article or reference source.", _ARTICLE),
            **_SPAN,
        },
    ),
    "EvidenceNode": record(
        "A span of a source, as a thing of its own.",
        {
            "iri": text("The IRI of this piece of evidence.", f"{_BASE}evidence/3222a1b2c3d4e5f60718"),
            "source": text("The article or reference source.", _ARTICLE),
            **_SPAN,
        },
    ),
    "Because": record(
        "Why something is said here (explain=1): the claim, the article, the span.",
        {
            "claim": CLAIM,
            "article": text("The article.", _ARTICLE),
            **_SPAN,
        },
    ),
    "DateSaid": record(
        "A date as a source gives it.",
        {
            "of": text("What it is the date of, where that is not the thing itself.", _EVENT),
            "property": text("Which date.", "edg:startDate"),
            "value": text("As precise as its source: a day, a month, a year.", "2023-04-03"),
            "datatype": text("The XML Schema datatype.", _DATE),
            "precision": text("How precise it is.", "day", among=PRECISIONS),
            "modality": MODALITY_ID,
            "planned": PLANNED,
            "because": rows(ref("Because"), "The claims behind it (explain=1)."),
        },
        ("of", "because"),
    ),
    "Grounds": record(
        "The claim behind a value, with its modality, article and evidence.",
        GROUNDS,
    ),
}
"""Records that many answers hold."""
