"""Sentences that remember the form they were made from, so that a page can say them in its reader's language.

They are written in English, once, where they are raised; ``make messages`` gathers their forms for the catalogues.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping


class Told(str):
    """A sentence in English: as text what it always was, with its form and with what stands in it."""

    form: str
    parts: Mapping[str, object]


def told(form: str, **parts: object) -> Told:
    """The sentence of a form with its ``%(name)s`` filled in; a part may be a sentence of its own."""
    sentence = Told(form % {name: str(part) for name, part in parts.items()})
    sentence.form, sentence.parts = form, parts
    return sentence


def unfilled(form: str) -> str:
    """A form that ``told`` is given elsewhere: marked so that it is gathered."""
    return form


def joined(between: str, sentences: Iterable[str]) -> Told:
    """Several sentences as one."""
    parts = {f"part{number}": sentence for number, sentence in enumerate(sentences)}
    return told(between.join(f"%({name})s" for name in parts), **parts)


def translated(sentence: Told, translate: Callable[[str], str]) -> str | None:
    """The sentence in the language of a catalogue; None where that has not all of its forms."""
    form = sentence.form if _is_bare(sentence.form) else translate(sentence.form)
    if form == sentence.form and not _is_bare(form):
        return None
    parts: dict[str, str] = {}
    for name, part in sentence.parts.items():
        said = translated(part, translate) if isinstance(part, Told) else str(part)
        if said is None:
            return None
        parts[name] = said
    return form % parts


def message_of(error: BaseException) -> str:
    """What an error says, with its form where it has one, which ``str(error)`` would lose."""
    return error.args[0] if error.args and isinstance(error.args[0], Told) else str(error)


def _is_bare(form: str) -> bool:
    """Whether a form has no words of its own."""
    return re.search(r"\w", re.sub(r"%\(\w+\)s", "", form)) is None
