"""Links: what ties a thing to others."""

from __future__ import annotations

from api.answers.facts import ARTICLE_LABELLED, CLAIM, GENERATION, MODALITY, NAMED, PLANNED
from api.answers.schema import Schema, count, maybe, record, ref, rows, text

DIRECTION = text("Whether the thing is the object (in) or the subject (out).", "out", among=("in", "out"))
CLASSES = rows(text("A class of the ontology.", "Event"), "Its classes.")
_UNESCO = {"id": "org:unesco", "iri": "https://w3id.org/edugraph/organisation/unesco", "label": "UNESCO", "lang": "en"}
_OFFICE = {
    "id": "kind:InternationalOrganisation",
    "iri": "https://w3id.org/edugraph/kind/InternationalOrganisation",
    "label": "international organisation",
    "lang": "en",
}
KIND = maybe(ref("Named", "Its kind within its class; null if it has none."), shown=False)
_TOTAL = count("How many links fit the filters, on all pages.")
_NOT_REPORTED = count("How many of these are not reported as so.", 0)
_NEXT = maybe(text("Path and query of the next page; null behind the last.", "/…/links?cursor=…"), shown=False)

LINKS: dict[str, Schema] = {
    "Counterpart": record(
        "The other end of a link.",
        {**NAMED, "classes": CLASSES, "kind": KIND},
    )
    | {"examples": [{**_UNESCO, "classes": ["Actor", "Organisation"], "kind": _OFFICE}]},
    "Through": record(
        "The activity in which a role is held, where the link goes through one.",
        {"activity": ref("Labelled", "The activity."), "role": ref("Labelled", "The role in it.")},
    ),
    "Link": record(
        "One fact that ties the thing to another, with its evidence.",
        {
            "direction": DIRECTION,
            "role": ref("Role"),
            "counterpart": ref("Counterpart"),
            "modality": MODALITY,
            "planned": PLANNED,
            "through": maybe(ref("Through"), shown=False),
            "article": ARTICLE_LABELLED,
            "evidence": rows(ref("Evidence"), "The spans that carry it."),
            "qualifiers": rows(ref("Qualifier"), "What makes it more precise."),
            "dates": rows(ref("DateSaid"), "When: of the claim itself, else of the activity that is its subject."),
            "claim": CLAIM,
        },
    ),
    "LinkGroup": record(
        "The links of one direction and role.",
        {
            "direction": DIRECTION,
            "role": ref("Role"),
            "total": _TOTAL,
            "planned": _NOT_REPORTED,
            "links": rows(ref("Link"), "A page of them."),
            "next": _NEXT,
        },
    ),
    "Links": record(
        "The links of a thing: in one row (links), or by direction and role (groups).",
        {
            "thing": ref("Named", "What was asked for."),
            "organisation": ref("Named", "The same, for an organisation."),
            "total": _TOTAL,
            "planned": _NOT_REPORTED,
            "links": rows(ref("Link"), "A page of them, without group=role."),
            "groups": rows(ref("LinkGroup"), "With group=role."),
            "next": _NEXT,
            "generation": GENERATION,
        },
        ("organisation", "links", "groups"),
        ("links",),
    ),
}
