"""/export: the whole graph, one article or one organisation or other thing, in every format of the command line."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import IO, Annotated

from fastapi import APIRouter, Depends, Query
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from api.generations import generation_of, pure_in_generation
from api.indexes import index_of
from api.negotiation import negotiate
from api.problem import HttpProblem
from graph.export.formats import FORMATS, ExportFormat
from graph.export.write import write_export
from graph.publish.generation import Generation
from graph.query.names import resolve

router = APIRouter(tags=["export"], dependencies=[Depends(pure_in_generation)])

PIECE = 1 << 16
IN_MEMORY = 1 << 20
"""Bytes of an export that are held in memory; what is larger waits on disk for its reader."""

Name = Annotated[
    str | None,
    Query(description="The format; default by Accept.", json_schema_extra={"enum": list(FORMATS)}),
]
Article = Annotated[str | None, Query(max_length=500, description="Only what this article says: its id or IRI.")]
Entity = Annotated[str | None, Query(max_length=500, description="Only this thing, self-contained: IRI or any name.")]


@router.get("/export", response_class=Response)
async def export(request: Request, format: Name = None, article: Article = None, entity: Entity = None) -> Response:  # noqa: A002
    """Send the export as a file to keep; the bytes are those of ``edugraph export``."""
    if article and entity:
        raise HttpProblem(400, "Bad Request", "article and entity exclude each other; give one of them")
    chosen = _format(format, request.headers.get("accept"))
    generation = generation_of(request)
    file = await run_in_threadpool(_written, request, generation, chosen, article, entity)
    part = article or entity
    name = f"edugraph-{generation.id}{'-part' if part else ''}.{chosen.extension}"
    headers = {"content-disposition": f'attachment; filename="{name}"', "vary": "Accept"}
    return StreamingResponse(_pieces(file), media_type=chosen.media_type, headers=headers)


def _format(name: str | None, accept: str | None) -> ExportFormat:
    if name is not None:
        if name not in FORMATS:
            raise HttpProblem(406, "Not Acceptable", f"format {name!r} is none of {', '.join(FORMATS)}")
        return FORMATS[name]
    by_type = {form.media_type.partition(";")[0]: form for form in reversed(FORMATS.values())}
    fitting = negotiate(accept, [form.media_type.partition(";")[0] for form in FORMATS.values()])
    if fitting is None:
        raise HttpProblem(406, "Not Acceptable", f"the export comes as {', '.join(by_type)}")
    return by_type[fitting]


def _written(
    request: Request, generation: Generation, form: ExportFormat, article: str | None, entity: str | None
) -> IO[bytes]:
    """The export in a file of its own, wound back to its start."""
    article_iri = resolve(index_of(request), article, "Article") if article else None
    entity_iri = resolve(index_of(request), entity) if entity else None
    file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - closed by the stream that reads it
    try:
        write_export(generation, form, file, article=article_iri, entity=entity_iri)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(PIECE):
            yield piece
