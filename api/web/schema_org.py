"""What search engines read of a thing: schema.org JSON-LD by its class."""

from __future__ import annotations

from typing import Any

TYPES = {
    "Organisation": "Organization",
    "Group": "Organization",
    "Person": "Person",
    "Event": "Event",
    "Programme": "Project",
    "Document": "CreativeWork",
    "Place": "Place",
    "Country": "Country",
    "skos:Concept": "DefinedTerm",
}
_DATES = {"edg:startDate": "startDate", "edg:endDate": "endDate"}
_ROLES = {"edg:heldAt": "location", "edg:organisedBy": "organizer"}


def schema_org(record: dict[str, Any], groups: list[dict[str, Any]], address: str) -> dict[str, Any]:
    """The description, of an event with place and organisers from its links by role.

    What is only planned is left out, for schema.org cannot say so.
    """
    found: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": _type(record["classes"]),
        "@id": record["iri"],
        "url": address,
        "name": record["label"],
    }
    others = sorted({name["name"] for name in record["names"]} - {record["label"]})
    same = [told["value"] for told in record.get("identifiers", ()) if told["property"] == "skos:exactMatch"]
    if others:
        found["alternateName"] = others
    if same:
        found["sameAs"] = same
    if found["@type"] == "Event":
        for date in record.get("dates", ()):
            if date["property"] in _DATES and not date["planned"]:
                found.setdefault(_DATES[date["property"]], date["value"])
        for group in groups:
            name = _ROLES.get(group["role"]["id"])
            told = [_other(link["counterpart"]) for link in group["links"] if not link["planned"]]
            if name and told and group["direction"] == "out":
                found[name] = told
    return found


def schema_article(
    record: dict[str, Any], language: str, publishers: list[dict[str, Any]], address: str
) -> dict[str, Any]:
    """The description of an article; a date or publisher that its text does not give is not there."""
    found: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "@id": record["iri"],
        "url": address,
        "headline": record["label"],
        "inLanguage": language,
    }
    issued = [date["value"] for date in record["dates"] if date["property"] == "dcterms:issued"]
    if issued:
        found["datePublished"] = issued[0]
    named = [one for one in publishers if "iri" in one]
    if named:
        found["publisher"] = [{"@type": "Organization", "@id": one["iri"], "name": one["label"]} for one in named]
    return found


def _other(thing: dict[str, Any]) -> dict[str, str]:
    """Another thing by its class, IRI and name."""
    return {"@type": _type(thing["classes"]), "@id": thing["iri"], "name": thing["label"]}


def _type(classes: list[str]) -> str:
    return next((TYPES[name] for name in classes if name in TYPES), "Thing")
