"""Holds the open indexes and texts of the generations that requests are answered from."""

from __future__ import annotations

from functools import _CacheInfo, lru_cache
from pathlib import Path
from weakref import WeakSet

from starlette.requests import Request

from api.generations import generation_of
from graph.publish.generation import Generation
from graph.query.index import Index
from graph.query.quotes import Quotes

_OPEN: WeakSet[Index] = WeakSet()


@lru_cache(maxsize=2)
def _open(generation: Generation, texts: Path | None) -> tuple[Index, Quotes]:
    """One index a generation; two are held, so that requests of the old one finish while the new one begins."""
    index = Index(generation)
    _OPEN.add(index)
    return index, Quotes(index, texts)


def index_of(request: Request) -> Index:
    """The index of the request's generation. Raises NothingBuilt where it has none."""
    return _open(generation_of(request), request.app.state.settings.texts)[0]


def quotes_of(request: Request) -> Quotes:
    """The texts to quote from in the request's generation."""
    return _open(generation_of(request), request.app.state.settings.texts)[1]


def index_if_open(generation: Generation | None) -> Index | None:
    """The index of a generation if some request has opened it, without opening it now."""
    return next((index for index in tuple(_OPEN) if index.generation == generation), None)


def opened() -> _CacheInfo:
    """How often an index was open already, or had to be opened, and how many are open."""
    return _open.cache_info()
