"""/{collection}/{id}/links: what ties a thing to all others, each link with its evidence."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path
from orjson import Fragment
from starlette.requests import Request
from starlette.responses import Response

from api.answers.components import answer
from api.generations import generation_of
from api.indexes import index_of, quotes_of
from api.lean import LeanRoute
from api.lookups import VARIES, chain_of, described, json_answer, next_page, unknown_thing
from api.parameters import (
    CURSOR,
    EXPLAIN,
    LANG,
    PLANNED,
    SINCE,
    UNTIL,
    Parameter,
    invalid,
    limit,
    read_parameters,
)
from api.tables import FORMAT, table, wants_csv
from graph.namespaces import BASE
from graph.query.claims import claim_row
from graph.query.collections import COLLECTIONS
from graph.query.cursors import cursor_for, key_of
from graph.query.index import Index
from graph.query.link_bytes import LinkWriter
from graph.query.link_records import as_record, group_record
from graph.query.link_table import COLUMNS, table_row
from graph.query.links import LinkGroup, as_link, groups_of, link_rows
from graph.query.links_asked import LinksAsked, links_head
from graph.query.quotes import Quotes

router = APIRouter(tags=["lookups"])

PER_GROUP = 20
"""Links of each group where no limit is given."""

PARAMETERS = (
    Parameter(
        "direction",
        "Whether the thing is the object (in) or the subject (out) of the link.",
        {"type": "string", "enum": ["in", "out"]},
        "in",
    ),
    Parameter("role", "Only this role and narrower ones.", example="involves"),
    Parameter("modality", "Only links of this modality.", example="Planned"),
    Parameter("article", "Only what this article, or this reference source, says.", example="2023-almaty-esd-seminar"),
    Parameter("counterpart", "Only links to this thing: IRI, id or any name.", example="almaty"),
    Parameter("class", "Only links to things of this class.", example="Event"),
    Parameter("kind", "Only links to things of this kind.", example="Ministry"),
    SINCE,
    UNTIL,
    PLANNED,
    Parameter("group", "role: the links by direction and role.", {"type": "string", "enum": ["role"]}, "role"),
    limit(1000, None, f"Links on a page, or of each group ({PER_GROUP}); without it all links come."),
    CURSOR,
    LANG,
    EXPLAIN,
    FORMAT,
)
_TABLE = ",".join(COLUMNS) + "\r\nin,located in,Riga,en,place:riga,reported,GeoNames,\r\n"


@router.get(
    "/{collection:collection}/{identifier}/links",
    response_class=Response,
    openapi_extra=described(PARAMETERS, answer("Links"), _TABLE),
    summary="The links of a thing",
)
async def links(
    request: Request,
    collection: Annotated[
        str,
        Path(description="The collection.", json_schema_extra={"enum": list(COLLECTIONS)}, examples=["organisations"]),
    ],
    identifier: Annotated[str, Path(description="The last part of the IRI.", examples=["almatygenplan"])],
) -> Response:
    """All links of a thing, or a page of them, in one stable order; every label names the language that it is in."""
    return await LEAN.answer(request)


def _links(request: Request) -> Response:
    given = read_parameters(request, PARAMETERS)
    as_csv = wants_csv(request, given["format"])
    if as_csv and given["group"]:
        raise invalid("query/group: groups of links come as JSON alone; leave group out, for the rows are in its order")
    index, quotes = index_of(request), quotes_of(request)
    collection, identifier = request.path_params["collection"], request.path_params["identifier"]
    segment = COLLECTIONS[collection].segment
    iri = f"{BASE}{segment}/{identifier}"
    if not index.exists(iri) and claim_row(index, iri) is None:
        raise unknown_thing(index, segment, identifier)
    chain = chain_of(request, given["lang"])
    answer = Answer(request, index, quotes, iri, chain, given, written=not as_csv)
    body = answer.body()
    if as_csv:
        return table(COLUMNS, map(table_row, body["links"]), body["next"])
    body["generation"] = generation_of(request).id
    if collection == "organisations":
        body["organisation"] = body["thing"]
    return json_answer(body, answer.languages(body))


LEAN = LeanRoute("/{collection:collection}/{identifier}/links", _links, VARIES)
"""The endpoint without what FastAPI does around it."""


class Answer:
    """The answer to one question for links."""

    def __init__(
        self,
        request: Request,
        index: Index,
        quotes: Quotes,
        iri: str,
        chain: tuple[str, ...],
        given: dict[str, Any],
        *,
        written: bool = False,
    ) -> None:
        """With ``written`` the links are JSON as they go out, else objects."""
        self.request, self.index, self.quotes, self.iri, self.chain, self.given = (
            request, index, quotes, iri, chain, given,
        )  # fmt: skip
        self.wanted = LinksAsked(
            given["direction"], given["role"], given["modality"], given["article"], given["counterpart"],
            given["class"], given["kind"], given["from"], given["to"], given["planned"],
        ).filter(index)  # fmt: skip
        # The objects carry what the bytes leave out: the quoted words, and why each date is given.
        self._written = written and given["explain"] != "1" and not quotes.any
        self._spoken: set[str | None] = set()
        self.question = [iri, self.wanted, given["group"]]

    def body(self) -> dict[str, Any]:
        """The JSON document, but for the generation."""
        groups = groups_of(self.index, self.iri, self.wanted)
        head = links_head(self.index, self.iri, groups, self.chain)
        return head | (self._grouped(groups) if self.given["group"] else self._flat(groups))

    def _flat(self, groups: list[LinkGroup]) -> dict[str, Any]:
        cursor, most = self.given["cursor"], self.given["limit"]
        after = key_of(self.index.generation, self.question, cursor, (int,))[0] if cursor else 0
        records, behind = self._page(groups, after, most)
        return {"links": records, "next": self._next([behind])}

    def _grouped(self, groups: list[LinkGroup]) -> dict[str, Any]:
        """Every group with its first links and its own next page; with a cursor the one group that it is of."""
        most, after = self.given["limit"] or PER_GROUP, 0
        if self.given["cursor"]:
            shape = (str, str, int)
            direction, role, after = key_of(self.index.generation, self.question, self.given["cursor"], shape)
            groups = [group for group in groups if (group.direction, group.role) == (direction, role)]
        found = []
        for group in groups:
            records, behind = self._page([group], after, most)
            head = group_record(self.index, group, self.chain)
            found.append({**head, "links": records, "next": self._next([group.direction, group.role, behind])})
        return {"groups": found, "next": None}

    def _page(
        self, groups: list[LinkGroup], after: int, most: int | None
    ) -> tuple[list[dict[str, Any]] | Fragment, int | None]:
        """The links of a page, and the number of its last link if there are more."""
        page = link_rows(self.index, self.wanted, groups, after, -1 if most is None else most + 1)
        behind = None
        if most is not None and len(page) > most:
            page = page[:most]
            behind = page[-1][0]
        if self._written:
            writer: LinkWriter = self.index.remember(LinkWriter)
            return writer.write(page, self.chain, self._spoken), behind
        why = self.quotes if self.given["explain"] == "1" else None
        of, records = self.quotes.of, []
        for link in map(as_link, page):
            records.append(as_record(self.index, link, self.chain, of(link.evidence), why))
            self._spoken |= {records[-1][part]["lang"] for part in ("role", "counterpart")}
        return records, behind

    def languages(self, body: dict[str, Any]) -> list[str]:
        """The languages that the labels of the body are in."""
        return sorted(lang for lang in (self._spoken | {body["thing"]["lang"]}) if lang)

    def _next(self, key: list[Any]) -> str | None:
        if key[-1] is None:
            return None
        return next_page(self.request, cursor_for(self.index.generation, self.question, key))
