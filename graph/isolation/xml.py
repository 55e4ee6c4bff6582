"""Makes of the XML that the engine writes what every reader of XML 1.0 takes, or says why that cannot be.

The engine writes characters that XML does not know, elements whose name ends with its prefix (for a property or class
whose IRI does not end in a name), and bare carriage returns, which readers take for line feeds.
"""

from __future__ import annotations

import re

RDF_XML, RESULTS = "application/rdf+xml", "application/sparql-results+xml"

OTHER_FORMS = {
    RDF_XML: "ask for Turtle, N-Triples or JSON-LD",
    RESULTS: "ask for SPARQL JSON, CSV or TSV",
}

_CONTROLS = bytes(number for number in range(32) if number not in b"\t\n\r")
_NO_CHARACTERS = {b"\xef\xbf\xbe": "U+FFFE", b"\xef\xbf\xbf": "U+FFFF"}
_NO_NAME = re.compile(rb"<[^<>\s:\"]+:[\s/>]")  # in text "<" is escaped, so this is an element


class NoXml(ValueError):
    """What stands in the answer cannot be written as XML."""


class XmlText:
    """The text of one answer as its pieces come."""

    def __init__(self, media_type: str) -> None:
        self._graph = media_type == RDF_XML
        self._other = OTHER_FORMS[media_type]
        self._tail = b""

    def fit(self, piece: bytearray) -> bytearray:
        """The piece as it may go out. Raises NoXml."""
        seen = self._tail + piece
        self._tail = seen[-64:]  # a name or a character may go on in the next piece
        if len(seen.translate(None, _CONTROLS)) != len(seen):
            found = next(number for number in seen if number in _CONTROLS)
            raise NoXml(f"the answer holds the character U+{found:04X}, which XML cannot; {self._other}")
        for character, name in _NO_CHARACTERS.items():
            if character in seen:
                raise NoXml(f"the answer holds the character {name}, which XML cannot; {self._other}")
        if self._graph and (b": " in seen or b":>" in seen) and _NO_NAME.search(seen):
            raise NoXml(f"a property or class has an IRI that does not end in a name, as RDF/XML needs; {self._other}")
        return piece.replace(b"\r", b"&#13;")
