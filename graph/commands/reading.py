"""What the commands that read the graph share: their common options, and the reader that these ask for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Annotated

import typer

from graph.network.records import Reader
from graph.publish.generation import current
from graph.query.index import Index, languages_meant
from graph.query.quotes import Quotes
from graph.settings import Settings

Planned = Annotated[bool, typer.Option(help="With or without what is planned, asked for or merely said.")]
Languages = Annotated[str, typer.Option("--lang", help="Languages of the labels, the best first, such as lv,ru.")]
Texts = Annotated[Path | None, typer.Option(help="A folder with the articles' texts, to quote from.")]
Article = Annotated[str | None, typer.Option(help="Only what this article says.")]


@contextmanager
def reading(texts: Path | None, lang: str) -> Iterator[Reader]:
    """Reads the published generation, names in these languages, and quotes from a folder of texts."""
    settings = Settings.from_env(texts=texts)
    with closing(Index(current(settings.generations))) as index:
        yield Reader(index, Quotes(index, settings.texts), languages_meant(lang))
