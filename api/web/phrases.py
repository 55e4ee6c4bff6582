"""The words of the interface as templates say them: each is looked up once, and not again for every row of a page."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from markupsafe import Markup

from api.web.interface import words

KEPT = 4096


def phrases(language: str) -> dict[str, Callable[..., Markup]]:
    """What ``_``, ``gettext`` and ``ngettext`` mean in a template; values are put in, escaped, as ``%(name)s`` says.

    Those of Jinja's extension do the same, but copy the template's context twice for each word.
    """
    told = words(language)

    @lru_cache(maxsize=KEPT)
    def bare(message: str) -> Markup:
        return Markup(told.gettext(message))  # noqa: S704 - a word of ours

    @lru_cache(maxsize=KEPT)
    def finished(message: str) -> Markup:
        return bare(message) % {}

    def gettext(message: str, /, **values: object) -> Markup:
        return bare(message) % values if values else finished(message)

    def ngettext(singular: str, plural: str, number: int, /, **values: object) -> Markup:
        found = Markup(told.ngettext(singular, plural, number))  # noqa: S704 - a word of ours
        return found % {"num": number, **values}

    return {"_": gettext, "gettext": gettext, "ngettext": ngettext}
