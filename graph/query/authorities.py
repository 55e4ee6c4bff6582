"""The authorities whose identifiers things bear, and where on the web each of them shows what it identifies.

An identifier is a text that begins with the authority's name, or an IRI of the authority's own. Beside each pattern
stands where it comes from; an authority without a pattern has no page for each identifier.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Authority:
    """Who gives identifiers, how ours begin, and the address of one."""

    name: str
    begins: str
    """What stands before the identifier itself."""
    form: str
    """A regular expression of the identifier itself; what does not fit has no address."""
    address: str | None = None
    """The address, with {} for the identifier; None where the identifier is an IRI that leads there itself."""


AUTHORITIES = (
    # isni.org/page/linked-data: https://isni.org/isni/{ISNI} identifies the entity
    Authority("ISNI", "ISNI ", r"\d{15}[\dX]", "https://isni.org/isni/{}"),
    # Crossref: a funder's id is a DOI of the prefix 10.13039
    Authority("Crossref Funder ID", "Crossref Funder ID ", r"\d+", "https://doi.org/10.13039/{}"),
    # UN Dag Hammarskjöld Library: a document's address is undocs.org and its symbol
    Authority("UN document", "UN document symbol ", r"[A-Z][A-Za-z0-9/().-]+", "https://undocs.org/{}"),
    Authority("ISO 3166", "ISO ", r".+"),
    Authority("ISBN", "urn:isbn:", r".+"),
    # IRIs that answer for themselves
    Authority("Wikidata", "http://www.wikidata.org/entity/", r"Q\d+"),
    Authority("ROR", "https://ror.org/", r"\w+"),
    Authority("GeoNames", "https://sws.geonames.org/", r"\d+/?"),
    Authority("DOI", "https://doi.org/", r"10\..+"),
    Authority("UNESDOC", "https://unesdoc.unesco.org/", r".+"),
    Authority("UNESCO Thesaurus", "http://vocabularies.unesco.org/thesaurus/", r".+"),
    Authority("EuroVoc", "http://eurovoc.europa.eu/", r"\w+"),
    Authority("EU Publications Office", "http://publications.europa.eu/resource/authority/", r".+"),
    Authority("UN SDG", "http://metadata.un.org/sdg/", r".+"),
)
"""Those of our data; the first whose beginning fits is meant."""


def reference(value: str) -> dict[str, str | None]:
    """Who gave an identifier, what it is with them, and where they show it; what is not known is None."""
    is_iri = value.startswith(("http://", "https://"))
    for authority in AUTHORITIES:
        own = value.removeprefix(authority.begins)
        if own != value and re.fullmatch(authority.form, own):
            address = authority.address.format(own) if authority.address else value if is_iri else None
            return {"authority": authority.name, "shown": own.strip("/"), "address": address}
    return {"authority": None, "shown": value, "address": value if is_iri else None}
