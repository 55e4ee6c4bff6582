"""Looks at the tokens of a query, in the worker: what no engine setting can close must be seen before it runs.

This is no parser. It knows SPARQL's tokens, so that words in strings, comments, IRIs, variables and names do not
count, and where it is in doubt it says SERVICE: what it lets by still meets the worker's closed network.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

TOKEN = re.compile(
    r"""
    (?P<comment>\#[^\n\r]*)
  | (?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
  | (?P<string>'''(?:'{0,2}(?:[^'\\]|\\.))*''' | \"\"\"(?:"{0,2}(?:[^"\\]|\\.))*\"\"\"
      | '(?:[^'\\\n\r]|\\.)*' | "(?:[^"\\\n\r]|\\.)*")
  | (?P<variable>[?$]\w+)
  | (?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
  | (?P<name>(?:\w[\w.\-\u00b7]*+)?:(?:(?:[\w:]|%[0-9A-Fa-f]{2}|\\.)
      (?:(?:[\w:.\-\u00b7]|%[0-9A-Fa-f]{2}|\\.)*(?:[\w:\-\u00b7]|%[0-9A-Fa-f]{2}|\\.))?)?)
  | (?P<number>[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
  | (?P<word>\w[\w.\-]*+)
  | (?P<mark>\^\^|&&|\|\||!=|<=|>=|[^ \t\r\n])
""",
    re.VERBOSE | re.DOTALL,
)

OPENING, CLOSING = frozenset("({["), frozenset(")}]")
UPDATES = frozenset({"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "COPY", "MOVE", "ADD", "WITH"})
FORMS = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})

# In "?a<?b)SERVICE#>" the engine reads a comparison where the tokens show an IRI.
_HIDDEN_IN_IRI = re.compile(r"\).*SERVICE", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True)
class Token:
    """One token: which kind, its text, and where it starts."""

    kind: str
    text: str
    start: int

    @property
    def keyword(self) -> str:
        """The text in capitals if this is a bare word, else the empty string."""
        return self.text.upper() if self.kind == "word" else ""


def tokens(query: str) -> Iterator[Token]:
    """The tokens of a query without its comments."""
    for found in TOKEN.finditer(query):
        if found.lastgroup not in ("comment", None):
            yield Token(str(found.lastgroup), found.group(), found.start())


@dataclass(frozen=True)
class Call:
    """One SERVICE: its endpoint's token, if that is a full IRI, and whether it stands within another SERVICE."""

    token: Token | None
    inner: bool

    @property
    def endpoint(self) -> str | None:
        """The endpoint as it stands in the query: an IRI without its brackets, or None for all else."""
        return self.token.text[1:-1] if self.token is not None else None


@dataclass
class Survey:
    """What the tokens of a query tell before the engine parses it."""

    depth: int = 0
    """The deepest nesting of brackets."""
    services: list[Call] = field(default_factory=list)
    """Each SERVICE."""
    prologue: str = ""
    """The text before the query form."""
    form: str = ""
    """SELECT, ASK, CONSTRUCT, DESCRIBE, an update's keyword, or empty."""
    defaults: list[str] = field(default_factory=list)
    """The terms after FROM, as they stand."""
    named: list[str] = field(default_factory=list)
    """The terms after FROM NAMED, as they stand."""


def is_plain(query: str, brackets: int) -> bool:
    """Whether a look at the letters shows that no SERVICE, no FROM and no more than so many brackets are in it.

    Every query costs this look and few the tokens, which take as long as a lookup. It misses nothing that the tokens
    would show: a word of theirs stands in the text as it is, and nothing nests deeper than there are brackets.
    """
    if sum(map(query.count, OPENING)) > brackets:
        return False
    capitals = query.upper()
    return "SERVICE" not in capitals and "FROM" not in capitals


def survey(query: str) -> Survey:
    """Look through the tokens once."""
    seen = Survey()
    depth, outer, found = 0, None, list(tokens(query))
    for index, token in enumerate(found):
        if token.text in OPENING:
            depth += 1
            seen.depth = max(seen.depth, depth)
        elif token.text in CLOSING:
            depth -= 1
            outer = None if outer is not None and depth <= outer else outer
        elif _calls_out(token):
            seen.services.append(Call(_endpoint(found[index + 1 : index + 3]), inner=outer is not None))
            outer = depth if outer is None else outer
        elif not seen.form and token.keyword in FORMS | UPDATES:
            seen.form, seen.prologue = token.keyword, query[: token.start]
        elif token.keyword == "FROM" and depth == 0:
            _dataset_clause(found[index + 1 : index + 3], seen)
    return seen


def _calls_out(token: Token) -> bool:
    if token.kind == "iri":
        return _HIDDEN_IN_IRI.search(token.text) is not None
    # Also inside a longer word: the engine reads "trueSERVICE" as two.
    return token.kind in ("word", "number") and "SERVICE" in token.text.upper()


def _endpoint(following: list[Token]) -> Token | None:
    term = next((token for token in following if token.keyword != "SILENT"), None)
    return term if term is not None and term.kind == "iri" else None


def redirect(query: str, instead: Callable[[str], str]) -> str:
    """The query with another IRI in the place of each endpoint.

    A SERVICE within another goes along as it stands: it is the outer endpoint that calls it.
    """
    for call in reversed(survey(query).services):
        if call.token is not None and not call.inner:
            end = call.token.start + len(call.token.text)
            query = f"{query[: call.token.start]}<{instead(call.token.text[1:-1])}>{query[end:]}"
    return query


def _dataset_clause(following: list[Token], seen: Survey) -> None:
    if len(following) == 2 and following[0].keyword == "NAMED":
        seen.named.append(following[1].text)
    elif following:
        seen.defaults.append(following[0].text)
