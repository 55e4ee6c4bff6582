"""Things: the members of collections, all that is known of one, and claims."""

from __future__ import annotations

from api.answers.facts import (
    ARTICLE_LABELLED,
    GENERATION,
    LABELLED,
    LANG_IF_ANY,
    MODALITY,
    MODALITY_ID,
    NAMED,
    PLANNED,
    PROPERTY,
    ROLE_NAMED,
    VALUE,
)
from api.answers.links import CLASSES, DIRECTION, KIND
from api.answers.schema import Schema, count, mapping, maybe, record, ref, rows, text, truth
from graph.query.entities import KINSHIP

_BECAUSE = rows(ref("Because"), "The claims behind it (explain=1).")
_QUALIFIERS = rows(ref("Qualifier"), "What makes it more precise.")
_HOW_MANY = count("How many there are.")
_BY_MODALITY = rows(ref("CountedName"), "How many of each modality.")
_CLAIM = {
    "id": text("The last part of its IRI, which follows from what it says.", "0bec2bc32b5adcbf23d2"),
    "iri": text("The claim's IRI.", "https://w3id.org/edugraph/claim/0bec2bc32b5adcbf23d2"),
    "subject": ref("Named"),
    "predicate": ref("Role"),
    "object": ref("Value"),
    "modality": MODALITY,
    "planned": PLANNED,
    "article": ARTICLE_LABELLED,
    "evidence": rows(ref("EvidenceOf"), "The spans that carry it."),
    "qualifiers": _QUALIFIERS,
}
_MEMBER = {
    "id": text("The last part of its IRI.", "2023-almaty-esd-seminar"),
    **LABELLED,
    "kind": KIND,
    "where": rows(ref("Stated"), "Where it is or was held, each place with its modality."),
    "dates": rows(ref("DateSaid"), "When, as its sources date it."),
    "links": count("How many links it has.", 24),
    "values": rows(ref("Stated"), "Of a figure: its numbers."),
    "units": rows(ref("Stated"), "Of a figure: what it counts."),
}
_FOR_EVERY_THING = {
    **NAMED,
    "classes": CLASSES,
    "kind": KIND,
    "names": rows(ref("Name"), "All its names, preferred ones first."),
    "description": rows(ref("Described"), "What is said of it without a claim."),
    "links": record(
        "The first of its links; /{collection}/{id}/links has all.",
        {"total": _HOW_MANY, "shown": count("How many are here."), "items": rows(ref("Link"), "The links.")},
    ),
    "identifiers": rows(ref("Identifier"), "By what else it is known."),
    "related": rows(ref("RelatedName"), "What it is not, what else to see, what replaces it."),
    "dates": rows(ref("DateSaid"), "When, as its sources date it."),
    "url": text("The address of this record.", "https://example.org/events/2023-almaty-esd-seminar"),
    "formats": mapping(text("An address.", "https://example.org/…"), "The same in every form.", "turtle"),
    "generation": GENERATION,
}
_OF_SOME = {
    "facts": rows(ref("FactGroup"), "What is claimed of it, by property."),
    "mentions": ref("Mentions", "The articles that say something of it."),
    "counts": ref("LinkCounts"),
    "claims": record("Of an article: its claims.", {"total": _HOW_MANY, "by_modality": _BY_MODALITY}),
    "claim": ref("Claim", "Of a claim: what it says."),
    "evidence": rows(ref("EvidenceNode"), "Of a claim: the spans that carry it."),
}
_KINSHIP = sorted({name for lists in KINSHIP.values() for name in lists})


def _page_of(member: str) -> Schema:
    return record(
        "One page of a collection.",
        {
            "total": count("How many fit the filters, on all pages."),
            "items": rows(ref(member), "The members on this page."),
            "facets": mapping(rows(ref("FacetValue"), "Values."), "The values of each facet asked for.", "kind"),
            "next": maybe(text("Path and query of the next page; null behind the last.", "/…?cursor=…"), shown=False),
            "generation": GENERATION,
        },
    )


THINGS: dict[str, Schema] = {
    "Stated": record(
        "A value that an article or reference source states.",
        {
            "property": PROPERTY,
            **VALUE,
            "modality": MODALITY_ID,
            "planned": PLANNED,
            "article": text("The article or reference source that says it.", "https://w3id.org/edugraph/article/…"),
            "qualifiers": _QUALIFIERS,
            "because": _BECAUSE,
        },
        (*VALUE, "because"),
        NAMED,
    ),
    "Member": record("A member of a collection.", _MEMBER, ("values", "units")),
    "FacetValue": record(
        "A value of a facet, with how many members have it.",
        {"value": text("A language tag.", "ru"), **NAMED, "total": count("How many have it.")},
        ("value", *NAMED),
        NAMED,
    ),
    "Members": _page_of("Member"),
    "Claim": record(
        "One statement of one article: subject, role, object, and the spans that carry it.",
        {**_CLAIM, "because": _BECAUSE},
        ("because",),
    ),
    "Claims": _page_of("Claim"),
    "Name": record(
        "A name.",
        {
            "name": text("The name.", "UNESCO"),
            "lang": LANG_IF_ANY,
            "preferred": truth("Whether it is the one that is shown in its language.", True),
            "curator_translation": truth("The curator's own translation, which no source has.", True),
        },
        ("curator_translation",),
    ),
    "Described": record(
        "A property of a thing, and its value.",
        {"property": ROLE_NAMED, "value": ref("DescribedValue")},
    ),
    "DescribedValue": record(
        "A thing (iri, label) or a literal (value).",
        {**VALUE, "lang": LANG_IF_ANY},
        VALUE,
        NAMED,
    ),
    "Identifier": record(
        "An identifier that another authority gave.",
        {
            "property": text("How near it is: skos:exactMatch, skos:closeMatch, …", "skos:exactMatch"),
            "value": text("As it stands in the data.", "http://www.wikidata.org/entity/Q7809"),
            "authority": maybe(text("Who gave it; null where that is not known.", "Wikidata")),
            "shown": text("As people write it.", "Q7809"),
            "address": maybe(text("Where it leads, if anywhere.", "http://www.wikidata.org/entity/Q7809")),
        },
    ),
    "RelatedName": record(
        "A thing that stands in a relation without a claim.",
        {"property": PROPERTY, **LABELLED},
    ),
    "FactGroup": record(
        "What is claimed of a thing by one property.",
        {"property": ref("Role"), "values": rows(ref("Stated"), "Each value with its article and modality.")},
    ),
    "Related": record(
        "Things in one relation to a thing.",
        {"total": _HOW_MANY, "items": rows(ref("RelatedThing"), "The first hundred.")},
    ),
    "RelatedThing": record(
        "A thing in that relation.",
        {
            **NAMED,
            "planned": PLANNED,
            "holders": rows(ref("RelatedThing"), "Of a post: who holds it."),
            "roles": rows(ref("Role"), "In which role (explain=1)."),
            "qualifiers": _QUALIFIERS,
            "because": _BECAUSE,
        },
        ("holders", "roles", "qualifiers", "because"),
    ),
    "Mentions": record("Articles.", {"total": _HOW_MANY, "items": rows(ref("Mention"), "The first hundred of them.")}),
    "Mention": record(
        "An article that says something of a thing.",
        {**NAMED, "claims": count("In how many claims."), "planned": PLANNED},
    ),
    "CountedName": record("A thing, and how many.", {**NAMED, "total": _HOW_MANY}),
    "LinkCounts": record(
        "How many links a thing has.",
        {
            "links": count("In all."),
            "planned": count("Not reported as so.", 0),
            "by_role": rows(ref("LinkCount"), "By direction and role."),
            "by_modality": _BY_MODALITY,
        },
    ),
    "LinkCount": record(
        "How many links of one direction and role.",
        {
            "direction": DIRECTION,
            "role": ref("Role"),
            "total": _HOW_MANY,
            "planned": count("Not reported as so.", 0),
        },
    ),
    "Thing": record(
        "All that is known of a thing; which lists there are follows from what it is.",
        {
            **_FOR_EVERY_THING,
            **_OF_SOME,
            **{name: ref("Related", f"Of some things: {name.replace('_', ' ')}.") for name in _KINSHIP},
        },
        (*_OF_SOME, *_KINSHIP),
        ("facts", "mentions", "counts"),
    ),
}
