"""/export: the whole graph or what concerns one article, organisation, country, programme or other thing, as a file."""

from __future__ import annotations

from hashlib import sha256
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from api import problem_types
from api.generations import Revalidated, generation_of, names, varies_by
from api.indexes import index_of
from api.kept_files import KeptFile, KeptFiles, written
from api.negotiation import comes_as, negotiate, no_such_format
from api.problem import PROBLEM, problem
from api.public_base import public_base
from api.ranges import wanted_part
from api.representations import last_modified, licence_link, not_modified_since, only_known_parameters
from graph.export.formats import FORMATS, ExportFormat
from graph.export.parts import Part, part_named
from graph.export.table import COLUMNS
from graph.export.write import write_export
from graph.namespaces import BASE
from graph.publish.generation import Generation

router = APIRouter(tags=["export"], dependencies=[Depends(only_known_parameters)])

Name = Annotated[
    str | None,
    Query(description="The format; default by Accept.", json_schema_extra={"enum": list(FORMATS)}),
]
Article = Annotated[
    str | None,
    Query(max_length=500, description="Only what this article says: id or IRI.", examples=["2023-almaty-esd-seminar"]),
]
Entity = Annotated[
    str | None, Query(max_length=500, description="Only this thing: IRI or any name.", examples=["Gani Beisembayev"])
]
Organisation = Annotated[
    str | None, Query(max_length=500, description="Only this organisation: id, IRI or any name.", examples=["UNESCO"])
]
Country = Annotated[
    str | None,
    Query(
        max_length=500,
        description="Only this country and what lies in it: ISO code, IRI or any name.",
        examples=["LVA"],
    ),
]
Programme = Annotated[
    str | None,
    Query(max_length=500, description="Only this programme: id, IRI or any name.", examples=["comfortable-school"]),
]

_FILE: dict[str, Any] = {
    "content": {
        form.media_type.partition(";")[0]: {"schema": {} if form.name == "jsonld" else {"type": "string"}}
        for form in FORMATS.values()
    }
}
_FILE["content"]["text/csv"]["example"] = ",".join(COLUMNS) + "\r\n"
_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"description": "The export", **_FILE},
    206: {"description": "The part of it that Range asks for", **_FILE},
    304: {"description": "The client holds this export already"},
    416: {**PROBLEM, "description": "The file ends before the range"},
}


@router.get("/export", response_class=Response, responses=_ANSWERS)
async def export(
    request: Request,
    format: Name = None,  # noqa: A002
    article: Article = None,
    entity: Entity = None,
    organisation: Organisation = None,
    country: Country = None,
    programme: Programme = None,
) -> Response:
    """Send the export as a file to keep; the bytes are those of ``edugraph export``.

    A download that broke off goes on with Range and If-Range. At most one of the parameters that name a part is given.
    """
    given = {"organisation": organisation, "country": country, "programme": programme, "entity": entity}
    chosen = _format(format, ",".join(request.headers.getlist("accept")) or None)
    generation = generation_of(request)
    part = await run_in_threadpool(part_named, index_of(request), {"article": article, **given})
    etag = _entity_tag(generation, chosen, part)
    varies_by(request, "Accept")
    _revalidate(request, generation, etag)
    files: KeptFiles = request.app.state.kept_files
    file = await files.get((generation.id, chosen.name, part), lambda: _made(generation, chosen, part))
    headers = {
        "content-disposition": f'attachment; filename="{_file_name(generation, chosen, part)}"',
        "etag": etag,
        "cache-control": "no-cache",
        "accept-ranges": "bytes",
        "link": ", ".join([f'<{public_base(request)}dataset>; rel="describedby"', *licence_link(request)]),
        **last_modified(generation),
    }
    return _sent(request, file, chosen, headers)


def _format(name: str | None, accept: str | None) -> ExportFormat:
    if name is not None:
        if name not in FORMATS:
            raise problem(problem_types.NOT_ACCEPTABLE, no_such_format(name, FORMATS))
        return FORMATS[name]
    by_type = {form.media_type: form for form in FORMATS.values()}
    fitting = negotiate(accept, list(by_type))
    if fitting is None:
        raise problem(problem_types.NOT_ACCEPTABLE, comes_as(by_type))
    return by_type[fitting]


def _entity_tag(generation: Generation, form: ExportFormat, part: Part | None) -> str:
    """A strong tag: these very bytes."""
    said = "\n".join((generation.id, form.name, str(part and part.said_by), part.iri if part else ""))
    return f'"{sha256(said.encode()).hexdigest()[:32]}"'


def _revalidate(request: Request, generation: Generation, etag: str) -> None:
    """Raises Revalidated where the client holds these bytes already."""
    held = ",".join(request.headers.getlist("if-none-match"))
    if names(held, etag) or not_modified_since(request, generation):
        request.scope["state"]["etag"] = etag
        raise Revalidated


def _made(generation: Generation, form: ExportFormat, part: Part | None) -> KeptFile:
    ready = {"turtle": generation.turtle, "nquads": generation.nquads}.get(form.name)
    if part is None and ready is not None:
        return KeptFile(ready.open("rb"))
    return written(lambda file: write_export(generation, form, file, part))


def _file_name(generation: Generation, form: ExportFormat, part: Part | None) -> str:
    said = "" if part is None else "-" + part.iri.removeprefix(BASE).replace("/", "-")
    plain = "".join(letter if letter.isascii() and (letter.isalnum() or letter in "-._") else "_" for letter in said)
    return f"edugraph-{generation.id}{plain}.{form.extension}"


def _sent(request: Request, file: KeptFile, form: ExportFormat, headers: dict[str, str]) -> Response:
    part = wanted_part(request, file.size, headers["etag"])
    status, sent = (200, range(file.size)) if part is None else (206, part)
    if part is None and _compressible(request):
        headers["etag"] = "W/" + headers["etag"]
    if part is not None:
        headers["content-range"] = f"bytes {part.start}-{part.stop - 1}/{file.size}"
    headers |= {"content-length": str(len(sent)), "content-type": form.media_type}
    if request.scope["state"].get("head_only"):
        return Response(status_code=status, headers=headers)
    return StreamingResponse(file.pieces(sent), status, headers)


def _compressible(request: Request) -> bool:
    """Whether the answer may be compressed on its way, so that its bytes are not those of the file."""
    codings = ",".join(request.headers.getlist("accept-encoding")).lower()
    return any(coding in codings for coding in ("gzip", "br", "zstd", "*"))
