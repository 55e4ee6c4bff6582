"""The forms in which a thing of linked data is answered: choosing one, its headers, and its revalidation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC
from email.utils import formatdate, parsedate_to_datetime
from functools import lru_cache
from io import BytesIO
from typing import IO, Annotated, Any
from urllib.parse import urlencode

from fastapi import Query
from pyoxigraph import RdfFormat, Store, Triple, serialize
from starlette.requests import Request
from starlette.responses import Response

from api import problem_types
from api.answers.components import answer
from api.generations import Revalidated, generation_of, moment_told, pure_in_generation
from api.negotiation import comes_as, negotiate, no_such_format
from api.parameters import invalid
from api.problem import problem
from api.public_base import ascii_only, public_base
from graph.errors import NothingBuilt
from graph.export.catalogue import licence
from graph.export.formats import FORMATS
from graph.export.jsonld_context import Context, make_context, write_jsonld
from graph.namespaces import PREFIXES
from graph.publish.generation import Generation
from graph.query.index import LANGUAGES

JSON, HTML, JSONLD = "application/json", "text/html", "application/ld+json"
_PURE = pure_in_generation("Accept", "Accept-Language")


@dataclass(frozen=True)
class Form:
    """One form of a document: its name for ``?format=`` and its media type."""

    name: str
    media_type: str
    rdf: RdfFormat | None = None

    @property
    def content_type(self) -> str:
        """The Content-Type field."""
        return f"{self.media_type}; charset=utf-8" if self.media_type.startswith("text/") else self.media_type


RDF_FORMS = tuple(
    Form(name, FORMATS[name].media_type, FORMATS[name].rdf) for name in ("jsonld", "turtle", "ntriples", "rdfxml")
)
DATA_FORMS = (Form("json", JSON), *RDF_FORMS)
"""The forms of a document, the one for a client without a wish first."""
PAGE_FORM = Form("html", HTML)
SHOWN_FORMS = (*DATA_FORMS, PAGE_FORM)
"""The forms of what has a page too, for the links from one to another."""


def described_forms(forms: Sequence[Form], record: str) -> dict[str, Any]:
    """The content of an answer in these forms for OpenAPI; its plain JSON is this record."""
    described = {JSON: answer(record), JSONLD: answer("JsonLd")}
    return {form.media_type: described.get(form.media_type, {"schema": {"type": "string"}}) for form in forms}


Languages = Annotated[
    str | None,
    Query(
        min_length=1,
        max_length=200,
        pattern=LANGUAGES,
        description="Languages of the labels, best first; default from Accept-Language.",
        examples=["lv,ru"],
    ),
]


def format_parameter(forms: Sequence[Form]) -> Any:
    """The description of ``?format=`` for OpenAPI."""
    names = [form.name for form in forms]
    return Query(description="The form of the answer; default by Accept.", json_schema_extra={"enum": names})


async def only_known_parameters(request: Request) -> None:
    """Dependency: refuses a query parameter that the route does not know, or that is given twice."""
    known = [field.alias for field in request.scope["route"].dependant.query_params]
    given = [name for name, _ in request.query_params.multi_items()]
    for name in given:
        if name not in known:
            raise invalid(f"query/{name[:100]}: there is no such parameter here; there are: {', '.join(known)}")
        if given.count(name) > 1:
            raise invalid(f"query/{name}: it is given more than once")


def choose_form(request: Request, name: str | None, forms: Sequence[Form]) -> Form:
    """The form by name, else by Accept; a browser without a page to see gets the first. Raises HttpProblem 406."""
    by_name = {form.name: form for form in forms}
    if name is not None:
        if name not in by_name:
            raise problem(problem_types.NOT_ACCEPTABLE, no_such_format(name, by_name))
        return by_name[name]
    accept = ",".join(request.headers.getlist("accept")) or None
    by_type = {form.media_type: form for form in forms}
    chosen = negotiate(accept, list(by_type))
    if chosen is None and negotiate(accept, [HTML]) is not None:
        return forms[0]
    if chosen is None:
        raise problem(problem_types.NOT_ACCEPTABLE, comes_as(by_type))
    return by_type[chosen]


@lru_cache(maxsize=2)
def open_store(generation: Generation) -> Store:
    """The store of a generation, opened once. Raises NothingBuilt."""
    try:
        return Store.read_only(str(generation.store))
    except OSError as error:
        raise NothingBuilt(f"{generation.store} cannot be opened: {error}; run 'edugraph build'") from error


def store_of(request: Request) -> Store:
    """The store of the request's generation, for looking triples up. Raises NothingBuilt."""
    return open_store(generation_of(request))


@lru_cache(maxsize=2)
def _context(generation: Generation) -> Context:
    return make_context(open_store(generation))


def context_of(request: Request) -> Context:
    """The JSON-LD context of the request's generation."""
    return _context(generation_of(request))


async def revalidate(request: Request) -> None:
    """Stamp the answer with its generation; raises Revalidated where the client holds it already (RFC 9110, 13.2.2)."""
    await _PURE(request)
    if not_modified_since(request, generation_of(request)):
        raise Revalidated


def not_modified_since(request: Request, generation: Generation) -> bool:
    """Whether the client holds an answer as new as the generation, going by If-Modified-Since alone."""
    since, moment = request.headers.get("if-modified-since"), generation.published
    if "if-none-match" in request.headers or since is None or moment is None:
        return False
    try:
        said = parsedate_to_datetime(since)
    except (ValueError, TypeError):  # no date: as if it had not been said
        return False
    # The oldest of HTTP's three forms of a date (asctime's) names no zone, and means Greenwich.
    return moment <= (said if said.tzinfo else said.replace(tzinfo=UTC))


def last_modified(generation: Generation) -> dict[str, str]:
    """The Last-Modified field: when the generation was published, as far as that can be told."""
    if generation.published is None:
        return {}
    return {"last-modified": formatdate(moment_told(generation), usegmt=True)}


def document_headers(request: Request, iri: str, address: str, forms: Iterable[Form], chosen: Form) -> dict[str, str]:
    """Link, Last-Modified and Content-Location of a document about ``iri``."""
    links = [f'<{address}>; rel="canonical"', f'<{ascii_only(iri)}>; rel="describes"']
    links += [
        f'<{address}?{urlencode({"format": form.name})}>; rel="alternate"; type="{form.media_type}"'
        for form in forms
        if form != chosen
    ]
    links += licence_link(request)
    return {"link": ", ".join(links), **last_modified(generation_of(request))}


def licence_link(request: Request) -> list[str]:
    """The link to the licence of the data, where they state one."""
    terms = _licence(generation_of(request))
    return [] if terms is None else [f'<{terms}>; rel="license"']


@lru_cache(maxsize=2)
def _licence(generation: Generation) -> str | None:
    return licence(open_store(generation))


def write_rdf(request: Request, form: Form, triples: Iterable[Triple], out: IO[bytes]) -> None:
    """Write triples that come grouped by subject, in one of the RDF forms."""
    if form.media_type == JSONLD:
        write_jsonld(context_of(request), public_base(request) + "context.jsonld", triples, out)
        return
    serialize(triples, out, format=form.rdf, prefixes=None if form.rdf == RdfFormat.N_TRIPLES else PREFIXES)


def rdf_body(request: Request, form: Form, triples: list[Triple]) -> bytes:
    """The same as bytes."""
    out = BytesIO()
    write_rdf(request, form, triples, out)
    return out.getvalue()


def respond(body: bytes, form: Form, headers: dict[str, str]) -> Response:
    """The answer."""
    return Response(body, headers={**headers, "content-type": form.content_type})
