"""A finding: what is wrong, where, with what, and how to mend it, in three languages."""

from __future__ import annotations

from dataclasses import dataclass, field

LANGUAGES = ("en", "ru", "lv")
FORMS = {
    "json": "application/json",
    "text": "text/plain",
    "turtle": "text/turtle",
    "jsonld": "application/ld+json",
}
"""Short name to media type of what a report is written in, the preferred first."""
Texts = dict[str, str]
"""Language -> text; English is always there."""


@dataclass(frozen=True)
class Finding:
    """One problem that one check found."""

    check: str
    """The shape or check that found it, such as ``claim-evidence``."""
    message: Texts
    remedy: Texts
    file: str | None = None
    line: int | None = None
    column: int | None = None
    subject: str | None = None
    """IRI of the thing concerned."""
    words: Texts = field(default_factory=dict)
    """The thing concerned, in words."""
    value: str | None = None
    """The offending term or value, as a person would write it."""

    def text(self, texts: Texts, lang: str) -> str:
        """The text in ``lang``, else in English."""
        return texts.get(lang) or texts.get("en", "")

    @property
    def key(self) -> tuple[str, int, int, str, str, str]:
        """Sort key: file, line, column, check, subject, value."""
        return (self.file or "", self.line or 0, self.column or 0, self.check, self.subject or "", self.value or "")
