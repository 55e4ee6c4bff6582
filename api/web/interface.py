"""In which language and in which light the interface is shown, and the catalogues of its words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from starlette.requests import Request

from api.languages import preferred_languages
from graph.query.index import language_chain

SOURCE = "en"
LANGUAGES = {"en": "English", "ru": "Русский", "lv": "Latviešu", "kk": "Қазақша"}
"""The languages of the interface, each by its own name; the first is that of the templates."""
CYRILLIC = ("ru", "kk")
"""Those of them that are written in Cyrillic."""
LOCALES = {"en": "en_GB", "ru": "ru_RU", "lv": "lv_LV", "kk": "kk_KZ"}
"""Each with the country whose form of it is written here."""
THEMES = ("auto", "light", "dark")
CATALOGUES = Path(str(files("api.web"))) / "locale"


@dataclass(frozen=True)
class Choice:
    """What one reader sees, and what must be remembered of it in cookies."""

    language: str
    theme: str
    chain: tuple[str, ...]
    """The languages of labels: the chosen one, then the reader's others."""
    remember: tuple[tuple[str, str], ...] = ()
    """Cookies to set, name and value: what the address asked for."""


def choice_of(request: Request) -> Choice:
    """The address decides, then the cookie, then Accept-Language; an unknown value is as if not said."""
    asked, theme = request.query_params.get("lang"), request.query_params.get("theme")
    wanted = language_chain(asked.split(",")) if asked else ()
    told = preferred_languages(request.headers.get("accept-language"))
    kept = request.cookies.get("language", "")
    language = next((tag for tag in (*wanted, kept, *told) if tag in LANGUAGES), SOURCE)
    remember = [("language", language)] if any(tag in LANGUAGES for tag in wanted) else []
    if theme in THEMES:
        remember.append(("theme", theme))
    else:
        theme = request.cookies.get("theme")
    chain = tuple(dict.fromkeys((*wanted, language, *told)))
    return Choice(language, theme if theme in THEMES else "auto", chain, tuple(remember))


@lru_cache(maxsize=len(LANGUAGES))
def words(language: str) -> Translations:
    """The catalogue of a language, made from its ``.po`` files, one for each room of templates."""
    found = Translations()
    for file in sorted((CATALOGUES / language / "LC_MESSAGES").glob("*.po")):
        compiled = BytesIO()
        with file.open("rb") as source:
            write_mo(compiled, read_po(source, locale=language))
        compiled.seek(0)
        room = Translations(compiled)
        found.merge(room)
        found.plural = room.plural  # merging takes the words over, and not the rule of their plurals
    return found
