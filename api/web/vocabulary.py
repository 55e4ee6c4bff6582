"""The ontology, the shapes and the types of problems as pages to read, each where its IRI leads to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from api.generations import generation_of
from api.parameters import LANG, read_parameters
from api.problem_types import TYPES, ProblemType
from api.vocabulary_docs import ontology_terms, shapes_told
from api.web.given import with_those_of_pages
from api.web.marks import shown_at
from api.web.page import Page, begin, linked, render, written
from api.web.routing import Pages
from graph.errors import UnknownEntity
from graph.namespaces import ONTOLOGY_GRAPH, SHAPES
from graph.publish.generation import Generation
from graph.told import told

SECTIONS = ("classes", "object_properties", "datatype_properties", "annotation_properties", "controlled_lists")
"""The sections of the ontology's page, in its order."""

WAYS_OF_READING = 16
"""Choices of languages for which the long lists are kept; each takes longer to write than a page may."""

pages = Pages()


@dataclass(frozen=True)
class Reader:
    """What the lists of terms follow from, beside the generation; templates know it as ``page``."""

    language: str
    chain: tuple[str, ...]
    root: str

    def href(self, iri: str) -> str:
        """Where a thing is shown."""
        return shown_at(self.root, iri)


def reader_of(asked: Page) -> Reader:
    """The reader of a page."""
    return Reader(asked.language, asked.chain, asked.root)


@pages.page("/ontology")
async def ontology(request: Request) -> Response:
    """Every class, property and controlled list."""
    asked, generation = begin(request), generation_of(request)
    read_parameters(request, with_those_of_pages((LANG,)))
    terms = await run_in_threadpool(_terms, generation, reader_of(asked))
    page = render(asked, "vocabulary/ontology.html", version=generation.manifest["version"], terms=terms)
    return linked(page, request, ONTOLOGY_GRAPH.value)


@lru_cache(maxsize=WAYS_OF_READING)
def _terms(generation: Generation, reader: Reader) -> Markup:
    record = ontology_terms(generation)
    sections = [(name, record[name]) for name in SECTIONS]
    return Markup(written(reader.language, "vocabulary/terms.html", page=reader, sections=sections))  # noqa: S704


@pages.page("/shapes")
async def shapes(request: Request) -> Response:
    """What the data is held to."""
    asked, generation = begin(request), generation_of(request)
    read_parameters(request, with_those_of_pages((LANG,)))
    listed = await run_in_threadpool(_shapes, generation, reader_of(asked))
    return linked(render(asked, "vocabulary/shapes.html", shapes=listed), request, SHAPES.rstrip("/"))


@lru_cache(maxsize=WAYS_OF_READING)
def _shapes(generation: Generation, reader: Reader) -> Markup:
    listed = shapes_told(generation)
    return Markup(written(reader.language, "vocabulary/shape_list.html", page=reader, shapes=listed))  # noqa: S704


@pages.page("/shapes/{name}")
async def shape(request: Request) -> Response:
    """One shape, and those that use it."""
    asked, name = begin(request), request.path_params["name"]
    read_parameters(request, with_those_of_pages((LANG,)))
    known: list[dict[str, Any]] = await run_in_threadpool(shapes_told, generation_of(request))
    for one in known:
        if one["name"] == name:
            users = [other for other in known if name in (part["name"] for part in other["properties"])]
            return linked(render(asked, "vocabulary/shape.html", shape=one, users=users), request, SHAPES + name)
    raise UnknownEntity(told("there is no shape %(name)s; /shapes lists them", name=repr(name[:200])))


@pages.page("/problem")
async def problem_types(request: Request) -> Response:
    """What the service answers with where it cannot do what it was asked."""
    return _problems(request, list(TYPES.values()))


@pages.page("/problem/{name}")
async def problem_type(request: Request) -> Response:
    """One type of problem."""
    name = request.path_params["name"]
    if name not in TYPES:
        raise UnknownEntity(told("no type of problem is called %(name)s; /problem lists them", name=repr(name[:100])))
    return _problems(request, [TYPES[name]])


def _problems(request: Request, kinds: list[ProblemType]) -> Response:
    asked = begin(request)
    read_parameters(request, with_those_of_pages((LANG,)))
    return render(asked, "vocabulary/problems.html", kinds=kinds, all=len(kinds) == len(TYPES))
