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
    "Topic": "DefinedTerm",
    "Claim": "Claim",
}
_DATES = {"edg:startDate": "startDate", "edg:endDate": "endDate"}


def schema_org(record: dict[str, Any], address: str) -> dict[str, Any]:
    """The description; what is only planned is left out, for schema.org cannot say so."""
    found: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": next((TYPES[name] for name in record["classes"] if name in TYPES), "Thing"),
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
    return found
