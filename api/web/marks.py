"""Names, links and values of answers as HTML: what stands on a page hundreds of times, written once for all of it.

Macros would do the same; a call of one takes ten times as long.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache, partial
from typing import Any

from markupsafe import Markup, escape

from api.public_base import address_of
from api.web import dates
from graph.index.dates import PRECISIONS
from graph.namespaces import BASE

KEPT = 16384
"""Names and links that are kept ready; the least used go first."""
_NUMBERS = ("integer", "decimal", "double")
Record = Mapping[str, Any]


class Marks:
    """How one reader's pages mark things: in a language, with links under the service's root."""

    def __init__(self, language: str, root: str) -> None:
        self._language = language
        self.href = lru_cache(KEPT)(partial(shown_at, root))
        self._name = lru_cache(KEPT)(self._write_name)
        self._link = lru_cache(KEPT)(self._write_link)

    def name(self, thing: Record) -> Markup:
        """The name of a thing, marked with its language where that is not the page's."""
        return self._name(thing["label"], thing["lang"])

    def thing(self, thing: Record, at: str = "") -> Markup:
        """The same as a link to the thing's page, or to what ``at``, the end of an address, says of it."""
        begun, ended = self._link(thing["iri"], thing["label"], thing["lang"])
        return Markup(begun + at + ended)  # noqa: S704 - escaped; ``at`` is ours

    def modality(self, record: Record) -> Markup | str:
        """How a fact is put: nothing where it is reported as so, else a mark that is words, not only colour."""
        if not record["planned"]:
            return ""
        told = record["modality"]
        said = self.name(told) if isinstance(told, Mapping) else escape(told.rpartition(":")[2])
        return Markup('<span class="mark planned">{}</span>').format(said)

    def value(self, record: Record) -> Markup | str:
        """A value: a thing, a text with its language, a date in words, a number."""
        if "iri" in record:
            return self.thing(record)
        value = record["value"]
        datatype = record.get("datatype", "")
        if precision := record.get("precision", PRECISIONS.get(datatype)):
            words = dates.written(self._language, value, precision)
            return Markup('<time datetime="{}">{}</time>').format(value, words)
        if "lang" in record:
            return Markup('<span lang="{}">{}</span>').format(record["lang"], value)
        if datatype.rpartition("#")[2] in _NUMBERS:
            return dates.number(self._language, value)
        return str(value)

    def period(self, starts: Sequence[Record], ends: Sequence[Record]) -> Markup:
        """From when to when; what contradicts stands side by side, and an end that adds nothing goes unsaid."""
        began, ended = (Markup(" / ").join(map(self.value, those)) for those in (starts, ends))
        if not ends or began == ended:
            return began
        if len(starts) == len(ends) == 1 and starts[0].get("precision") == ends[0].get("precision"):
            joined = dates.joined(self._language, starts[0]["value"], ends[0]["value"], starts[0].get("precision"))
            if joined:
                return escape(joined)
        return Markup("{} – {}").format(began, ended)

    def _write_name(self, label: str, lang: str | None) -> Markup:
        return Markup(f"<span{self.tongue(lang)}>{escape(label)}</span>")  # noqa: S704 - escaped

    def _write_link(self, iri: str, label: str, lang: str | None) -> tuple[str, str]:
        """What stands before and behind the end of the address."""
        return f'<a href="{escape(self.href(iri))}', f'"{self.tongue(lang)}>{escape(label)}</a>'

    def tongue(self, lang: str | None) -> Markup:
        """The attribute that names a language which is not the page's."""
        return Markup(' lang="{}"').format(lang) if lang and lang != self._language else Markup("")


@lru_cache(maxsize=32)
def marks(language: str, root: str) -> Marks:
    """The marks of a language of the interface, for a service at ``root``."""
    return Marks(language, root)


def shown_at(root: str, iri: str) -> str:
    """Where a thing is shown, for a service at ``root``; a term of the ontology at its fragment."""
    return address_of(root, iri) + ("#" + iri.partition("#")[2] if iri.startswith(BASE) and "#" in iri else "")
