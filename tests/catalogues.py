"""The words of the templates against the catalogues; ``make messages`` writes the catalogues anew."""

from __future__ import annotations

import re
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from api.problem_types import TYPES

ROOT = Path(__file__).parent.parent
WEB = ROOT / "api" / "web"
TOLD = {"told": None, "unfilled": None}
"""The functions whose first argument is a sentence for the reader."""
WORDS = re.compile(r"(?<!%\()\b[a-z]{2,}")
TEMPLATES, LOCALE = WEB / "templates", WEB / "locale"
TRANSLATED = ("kk", "lv", "ru")
"""The languages of the interface but for English, which stands in the templates."""
PROBLEMS = "problems"
"""The catalogue of what the table of problem types says; no template holds these words."""
DETAILS = "details"
"""The catalogue of the sentences that the code tells of one request; see graph/told.py."""
ROOMS = sorted((*(path.name for path in TEMPLATES.iterdir()), PROBLEMS, DETAILS))
"""The folders of templates, the table of problems and the code; each has a catalogue of its own in every language."""

DATED = tuple(
    f'"{field}'
    for field in (
        *("POT-Creation-Date", "PO-Revision-Date", "Generated-By", "Last-Translator"),
        *("Project-Id-Version", "Report-Msgid-Bugs-To", "Language-Team"),
    )
)
"""Header fields that change with the day or the machine, and are left out."""


def said(room: str) -> Catalog:
    """Every word that the templates of a room mark for translation."""
    catalog = Catalog(charset="utf-8")
    if room == PROBLEMS:
        for kind in TYPES.values():
            for text in (kind.title, kind.meaning, kind.remedy):
                catalog.add(text)
        return catalog
    if room == DETAILS:
        for part in ("api", "graph"):
            for _, _, message, _, _ in extract_from_dir(ROOT / part, [("**.py", "python")], keywords=TOLD):
                if WORDS.search(str(message)):
                    catalog.add(message)
        return catalog
    found = extract_from_dir(
        TEMPLATES / room,
        method_map=[("**.html", "jinja2.ext:babel_extract")],
        options_map={"**.html": {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}},
    )
    for _, _, message, _, _ in found:
        catalog.add(message)
    return catalog


def catalogue(language: str, room: str) -> Path:
    """The file of a room's words in a language."""
    return LOCALE / language / "LC_MESSAGES" / f"{room}.po"


def known(language: str, room: str) -> Catalog:
    """The catalogue as it stands; empty where there is none yet."""
    file = catalogue(language, room)
    if not file.exists():
        return Catalog(locale=language, charset="utf-8")
    with file.open("rb") as source:
        return read_po(source, locale=language, ignore_obsolete=True)


def renew() -> None:
    """Bring every catalogue to the words that the templates hold now; what is new stands there untranslated."""
    for language in TRANSLATED:
        for room in ROOMS:
            catalog = known(language, room)
            catalog.update(said(room), no_fuzzy_matching=True, update_header_comment=False)
            catalog.obsolete.clear()
            catalog.header_comment = ""
            file = catalogue(language, room)
            file.parent.mkdir(parents=True, exist_ok=True)
            with file.open("wb") as target:
                write_po(target, catalog, width=120, no_location=True, omit_header=False, sort_output=True)
            lines = file.read_text("utf-8").splitlines(keepends=True)
            file.write_text("".join(line for line in lines if not line.startswith(DATED)), "utf-8")


if __name__ == "__main__":
    renew()
