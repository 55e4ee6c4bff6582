"""A page: what every template knows of its reader and its place, its headers, and its revalidation."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import Response

from api.generations import Revalidated, generation_of, names, varies_by
from api.indexes import index_of, quotes_of
from api.public_base import address_of, public_base
from api.representations import PAGE_FORM, SHOWN_FORMS, document_headers, last_modified
from api.web import assets, dates
from api.web.evidence import Evidence
from api.web.interface import LANGUAGES, LOCALES, THEMES, Choice, choice_of
from api.web.marks import Marks, marks
from api.web.phrases import phrases
from graph.namespaces import DCTERMS, EDG, expand
from graph.network.records import Reader
from graph.query.index import Index

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
VARIES = ("Accept", "Accept-Language", "Cookie")
"""The header fields that a page follows from."""
_CODE = re.compile(r"\b[a-z]+=[a-z]*|\b(?:If-None-Match|Accept-Language|Accept|ETag|Link|next)\b")
"""What a sentence of the guide names as a program writes it."""


@dataclass(frozen=True)
class Page:
    """The reader's choice and the place of one page; templates know it as ``page``."""

    request: Request
    choice: Choice

    @property
    def language(self) -> str:
        """The language of the interface."""
        return self.choice.language

    @property
    def chain(self) -> tuple[str, ...]:
        """The languages of labels, best first."""
        return self.choice.chain

    @cached_property
    def root(self) -> str:
        """The path of the service's root, with a slash at its end, as the reader's browser knows it."""
        return urlsplit(public_base(self.request)).path

    @property
    def locale(self) -> str:
        """The language with the country whose form it has here, as social networks write it."""
        return LOCALES[self.language]

    @property
    def preview(self) -> str:
        """The public address of the picture that social networks show beside a link."""
        return f"{public_base(self.request)}{assets.preview(self.language)}"

    @property
    def home(self) -> str:
        """The public address of the first page."""
        return public_base(self.request)

    @property
    def canonical(self) -> str:
        """The page's public address without its parameters."""
        return public_base(self.request) + quote(self.request.url.path.lstrip("/"))

    def href(self, iri: str) -> str:
        """Where a thing is shown: ours on its page, a term on the ontology's, others where they live."""
        return self.marks.href(iri)

    @cached_property
    def marks(self) -> Marks:
        """How the page marks names, links and values."""
        return marks(self.language, self.root)

    def evidence(self, title: str, place: str, why: str) -> Evidence:
        """Writes the evidence of facts, in these words."""
        return Evidence(self.marks, title, place, why, self.tongue)

    def tongue(self, article: str) -> Markup:
        """The attribute that names the language of an article's words, where that is not the page's."""
        return self.marks.tongue(index_of(self.request).remember(_language_of, article))

    def here(self, **changed: object) -> str:
        """This page's address with some parameters changed; None takes one away, and ``cursor`` always goes."""
        gone = {"cursor", "format", *changed}
        kept = [(name, text) for name, text in self.request.query_params.multi_items() if name not in gone]
        kept += [(name, str(value)) for name, value in changed.items() if value is not None]
        return f"?{urlencode(kept)}" if kept else self.request.url.path

    def asset(self, source: str) -> str | None:
        """The address of a style, script or font file; None where it was not built."""
        path = assets.address(source)
        return None if path is None else self.root + path

    @property
    def fonts(self) -> list[str]:
        """The addresses of the fonts that every page in this language needs; none where they were not built."""
        return [self.root + path for path in assets.fonts(self.language)]

    def named(self, iri: str) -> dict[str, str | None]:
        """The name of a thing in the reader's languages."""
        return index_of(self.request).named(iri, self.chain)

    def term(self, name: str) -> dict[str, str | None]:
        """The name, in words, of a class or property that an answer gives as a prefixed or bare name."""
        return self.named(expand(name) or EDG + name)

    def reader(self) -> Reader:
        """Reads names in the page's languages, and quotes where texts are given."""
        return Reader(index_of(self.request), quotes_of(self.request), self.chain)

    @property
    def narrowed(self) -> bool:
        """Whether the address asks for anything but a language, colours or a part."""
        return bool(set(self.request.query_params) - {"lang", "theme", "part"})

    def given(self, name: str) -> str:
        """The text of one parameter of the address, empty where it is not given."""
        return self.request.query_params.get(name, "")


def _language_of(index: Index, article: str) -> str | None:
    row = index.connection.execute(
        "SELECT value FROM description WHERE thing = ? AND property = ?", (article, DCTERMS + "language")
    ).fetchone()
    return None if row is None else str(row[0])


def page_of(request: Request) -> Page:
    """The page that a request asks for."""
    return Page(request, choice_of(request))


def begin(request: Request, beside: str = "") -> Page:
    """The page, stamped with generation, edition, language and theme; raises Revalidated where the browser holds it.

    ``beside`` is what else it follows from, as the ETag names it.
    """
    page = page_of(request)
    chosen = page.choice
    kept = f"{generation_of(request).id}-{assets.edition()}-{'.'.join(chosen.chain)[:200]}-{chosen.theme}"
    tag = f'W/"{kept}{beside}"'
    request.scope["state"].update(etag=tag, follows=not beside)
    varies_by(request, *VARIES)
    if not chosen.remember and names(",".join(request.headers.getlist("if-none-match")), tag):
        raise Revalidated
    return page


def render(page: Page, template: str, status: int = 200, *, styles: str = "", **values: Any) -> Response:
    """The page as an answer. The template gets ``page`` and the values; ``styles`` are let in beside our own."""
    body = written(page.language, template, page=page, **values)
    policy = PAGE_POLICY.replace("style-src 'self'", f"style-src 'self' {styles}".rstrip())
    headers = {"content-security-policy": policy, "vary": ", ".join(VARIES), "content-language": page.language}
    if status == 200 and page.request.scope["state"].get("generation") is not None:
        headers |= last_modified(generation_of(page.request))
    answer = Response(body, status, headers, "text/html")
    for name, value in page.choice.remember:
        answer.set_cookie(name, value, max_age=31_536_000, path=page.root, samesite="lax", httponly=True)
    return answer


def linked(answer: Response, request: Request, iri: str) -> Response:
    """The page with links to the document's other forms and to the licence, as the forms for programs have them."""
    address = address_of(public_base(request), iri)
    answer.headers["link"] = document_headers(request, iri, address, SHOWN_FORMS, PAGE_FORM)["link"]
    return answer


def written(language: str, template: str, **values: Any) -> str:
    """The text of a template in a language of the interface."""
    return _environment(language).get_template(template).render(**values)


@lru_cache(maxsize=len(LANGUAGES))
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=PackageLoader("api.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.newstyle_gettext = True  # type: ignore[attr-defined]
    environment.globals |= {"LANGUAGES": LANGUAGES, "THEMES": THEMES, **phrases(language)}
    environment.filters |= {
        "date": partial(_date, language),
        "number": partial(dates.number, language),
        "percent": partial(dates.percent, language),
        "share": partial(dates.share, language),
        "language": partial(dates.language_name, language),
        "data": _data,
        "coded": _coded,
    }
    return environment


def _date(language: str, record: dict[str, str]) -> str:
    """A date of an answer in words."""
    return dates.written(language, record["value"], record.get("precision"))


def _coded(sentence: str) -> Markup:
    """A sentence whose parameters and header fields stand as code."""
    return Markup(_CODE.sub(r"<code>\g<0></code>", str(escape(sentence))))  # noqa: S704 - escaped


def _data(value: object) -> Markup:
    """A value as JSON that may stand within a script element of a data type."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e"))  # noqa: S704 - escaped
