"""``edugraph draft`` and ``edugraph locate``: the skeleton of an article's file, and the span of given words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Annotated

import typer
from sentencex import get_sentence_boundaries

from graph.commands.output import standard_output
from graph.errors import InputError, TextError

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_TAG = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")

_SKELETON = """VERSION "1.2"
@base <https://w3id.org/edugraph/article/{article}> .
@prefix edg: <https://w3id.org/edugraph/ontology#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix schema: <https://schema.org/> .

<> a edg:Article ;
    dcterms:identifier "{name}" ;
    dcterms:language "{lang}" ;
    schema:sha256 "{digest}" ;
    edg:textLength {length} ;
    edg:sentence
        {ledger} .
"""


def draft(
    text: Annotated[Path, typer.Argument(help="The article's text, UTF-8.")],
    article: Annotated[str, typer.Argument(metavar="ID", help="The article's id: the stem of its file.")],
    lang: Annotated[str, typer.Option(help="The language of the text.")] = "en",
) -> None:
    """Print the skeleton of data/articles/ID.ttl: hash, length and the ledger of sentences, none of the words."""
    _refuse(article, lang)
    data, words = _read(text)
    spans = [f"<#char={start},{end}>" for start, end in sentences(words, lang)]
    if not spans:
        raise TextError(f"{text} holds no sentence")
    filled = _SKELETON.format(
        article=article,
        name=text.stem.replace("\\", "\\\\").replace('"', '\\"'),
        lang=lang,
        digest=sha256(data).hexdigest(),
        length=len(words),
        ledger=" ,\n        ".join(spans),
    )
    with standard_output():
        typer.echo(filled, nl=False)


def _refuse(article: str, lang: str) -> None:
    """Raise InputError for an id that cannot end an IRI, or a language that is no tag."""
    if not _ID.fullmatch(article):
        raise InputError(f"{article!r} is not an id; use small letters, digits and hyphens, such as 2031-harbour-forum")
    if not _TAG.fullmatch(lang):
        raise InputError(f"{lang!r} is not a language tag; use one such as en, ru or lv")


def locate(
    text: Annotated[Path, typer.Argument(help="The article's text, UTF-8.")],
    words: Annotated[str, typer.Argument(help="The exact words.")],
) -> None:
    """Print the span of the words, one line for each place where they stand."""
    _, whole = _read(text)
    places = list(_places(whole, words))
    if not places:
        raise TextError(f"these words do not stand in {text}; they must be exact, letter by letter")
    with standard_output():
        for start in places:
            typer.echo(f"<#char={start},{start + len(words)}>")


def sentences(text: str, lang: str) -> Iterator[tuple[int, int]]:
    """The spans of the sentences, line by line, without white space around them; code points, end exclusive."""
    offset = 0
    for line in text.splitlines(keepends=True):
        for boundary in get_sentence_boundaries(lang, line):
            piece = line[boundary["start_index"] : boundary["end_index"]]
            start = offset + boundary["start_index"] + len(piece) - len(piece.lstrip())
            if piece.strip():
                yield start, start + len(piece.strip())
        offset += len(line)


def _places(text: str, words: str) -> Iterator[int]:
    at = text.find(words) if words else -1
    while at >= 0:
        yield at
        at = text.find(words, at + 1)


def _read(path: Path) -> tuple[bytes, str]:
    try:
        data = path.read_bytes()
        return data, data.decode("utf-8")
    except OSError as error:
        raise TextError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise TextError(f"{path} is not UTF-8 at byte {error.start}; save it as UTF-8") from error
