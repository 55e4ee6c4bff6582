"""The competency questions of data/questions have, on the built data, the answers that the texts give.

Each one runs in pyoxigraph, which serves the data, and in rdflib, which shows that it is plain SPARQL 1.1.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode, QueryBoolean, QuerySolutions, Store, Triple

from graph.build.dataset import Dataset, build_dataset
from graph.errors import SourceSyntaxError
from graph.namespaces import compact
from graph.query.questions import KINDS, Question, load_questions

HOME = Path(__file__).parents[1]
QUESTIONS = load_questions(HOME / "data/questions")
GOOD = '# question: Who?\n# kind: lookup\n# expect:\n#   who,"the, what"\n#   a,"b, c"\n\nSELECT ?who ?what WHERE {}\n'


@dataclass(frozen=True)
class Answer:
    """What an engine answered, in the form of the header."""

    columns: tuple[str, ...]
    rows: list[tuple[str, ...]]
    truth: bool | None


@pytest.fixture(scope="session")
def dataset() -> Dataset:
    """The data set of this checkout, built once and only read."""
    dataset = build_dataset(HOME)
    assert not dataset.syntax_errors
    return dataset


@pytest.fixture(scope="session")
def store(dataset: Dataset) -> Store:
    """The data set in pyoxigraph."""
    return dataset.store()


@pytest.fixture(scope="session")
def graph(dataset: Dataset) -> rdflib.Graph:
    """The default graph in rdflib."""
    return rdflib.Graph().parse(data=b"".join(dataset.triples()), format="nt")


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_pyoxigraph_gives_the_answer_of_the_texts(question: Question, store: Store) -> None:
    answer = store.query(question.query)
    if isinstance(answer, QueryBoolean):
        assert_answers(question, Answer((), [], bool(answer)))
        return
    assert isinstance(answer, QuerySolutions)
    columns = tuple(variable.value for variable in answer.variables)
    assert_answers(question, Answer(columns, [tuple(shown(term) for term in row) for row in answer], None))


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_rdflib_gives_the_same_answer(question: Question, graph: rdflib.Graph) -> None:
    result = graph.query(question.query)
    if result.type == "ASK":
        assert_answers(question, Answer((), [], result.askAnswer))
        return
    columns = tuple(str(variable) for variable in result.vars or ())
    rows = [tuple(shown_by_rdflib(term) for term in row) for row in result if isinstance(row, tuple)]
    assert_answers(question, Answer(columns, rows, None))


def test_there_are_questions_of_every_kind_and_enough_that_nothing_answers() -> None:
    kinds = Counter(question.kind for question in QUESTIONS)
    assert len(QUESTIONS) >= 48
    assert set(kinds) == set(KINDS)
    assert kinds["nothing"] >= 6


@pytest.mark.parametrize("language", ["en", "ru", "lv", "kk"])
def test_every_question_is_put_in_each_language_and_no_two_ask_the_same(language: str) -> None:
    titles = Counter(question.titles[language] for question in QUESTIONS)
    assert [text for text, n in titles.items() if n > 1] == []
    assert [text for text in titles if not text.rstrip(")").endswith(("?", "."))] == []


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_a_question_is_one_plain_query_with_prefixes_of_its_own(question: Question) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", question.name)
    assert not re.search(r"\b(SERVICE|VALUES|GRAPH|FROM|LATERAL|INSERT|DELETE)\b", question.query), question.name
    declared = dict(re.findall(r"^PREFIX ([\w-]*): <([^>]*)>$", question.query, re.MULTILINE))
    body = re.sub(r"\"[^\"]*\"|<[^>]*>|^#.*$", "", question.query, flags=re.MULTILINE)
    used = set(re.findall(r"(?<![\w?])([A-Za-z][\w-]*):(?=\w)", body))
    assert used == set(declared), f"{question.name}: declared and used prefixes differ"
    functions = set(re.findall(r"\b(\w+):\w+\s*\(", body))
    assert functions <= {"xsd"}, f"{question.name}: only casts of XML Schema are functions of SPARQL 1.1"


@pytest.mark.parametrize("question", [q for q in QUESTIONS if not q.ordered], ids=lambda question: question.name)
def test_rows_without_an_order_stand_sorted(question: Question) -> None:
    assert list(question.rows) == sorted(question.rows)


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("# question: Who?", "# Who?", 1, "# question:"),
        ("# question: Who?", "# question:", 1, "and a text"),
        ("# kind: lookup\n", "", 2, "# kind:"),
        ("# kind", "# question@lv: Kas?\n# question@lv: Kurš?\n# kind", 3, "in 'lv' twice"),
        ("# kind", "# question@en: Which?\n# kind", 2, "in 'en' twice"),
        ("# kind", "# question@lv:\n# kind", 2, "# kind:"),
        ("# kind: lookup", "# question@lv: Kas?\n# kind: riddle", 3, "'riddle' is none of"),
        ("# kind: lookup", "# kind: riddle", 2, "'riddle' is none of lookup, count"),
        ("# expect:\n", "", 3, "# expect:"),
        ("# expect:", "# expect: a,b", 3, "alone"),
        ('#   a,"b, c"', '# a,"b, c"', 5, "must begin with '#   '"),
        ('#   a,"b, c"', "#   a,b,c", 5, "3 values for 2 variables"),
        ('#   a,"b, c"', '#   a,"b, c', 4, "not CSV"),
        ('#   who,"the, what"\n#   a,"b, c"\n', "", 4, "lacks its line of variables"),
        ("SELECT ?who ?what WHERE {}", "ASK {}", 4, "true or false"),
        ("SELECT ?who ?what WHERE {}", "DESCRIBE <x>", 6, "no SELECT or ASK"),
    ],
)
def test_a_broken_header_is_refused_with_its_line(tmp_path: Path, old: str, new: str, line: int, said: str) -> None:
    assert old in GOOD
    (tmp_path / "who.rq").write_text(GOOD.replace(old, new), "utf-8")
    with pytest.raises(SourceSyntaxError) as caught:
        load_questions(tmp_path)
    assert (caught.value.file, caught.value.line) == ("data/questions/who.rq", line)
    assert said in caught.value.reason


def test_a_file_that_is_not_utf_8_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "who.rq").write_bytes(GOOD.replace("Who?", "Wér?").encode("latin-1"))
    with pytest.raises(SourceSyntaxError, match=r"data/questions/who\.rq: not UTF-8"):
        load_questions(tmp_path)


def test_a_good_header_is_read_whole(tmp_path: Path) -> None:
    (tmp_path / "who.rq").write_text(GOOD, "utf-8")
    (tmp_path / "ask.rq").write_text("# question: So?\n# kind: nothing\n# expect:\n#   false\n\nASK {}\n", "utf-8")
    ask, who = load_questions(tmp_path)
    assert (ask.name, ask.truth, ask.rows) == ("ask", False, ())
    assert (who.name, who.text, who.kind, who.query) == ("who", "Who?", "lookup", GOOD)
    assert who.named(("lv", "en")) == {"label": "Who?", "lang": "en"}
    assert (who.columns, who.rows, who.truth, who.ordered) == (("who", "the, what"), (("a", "b, c"),), None, False)


def test_a_question_is_named_in_the_first_language_that_it_is_written_in(tmp_path: Path) -> None:
    (tmp_path / "who.rq").write_text(GOOD.replace("# kind", "# question@lv: Kas?\n# kind"), "utf-8")
    [who] = load_questions(tmp_path)
    assert who.named(("kk", "lv", "en")) == {"label": "Kas?", "lang": "lv"}
    assert who.named(("kk",)) == {"label": "Who?", "lang": "en"}
    assert (who.text, who.kind, who.rows) == ("Who?", "lookup", (("a", "b, c"),))


def assert_answers(question: Question, got: Answer) -> None:
    """Compare row by row where the query orders its rows, else as a multiset."""
    same_rows = got.rows == list(question.rows) if question.ordered else Counter(got.rows) == Counter(question.rows)
    told = (
        f"{question.text}\n"
        f"expected: {in_lines(Answer(question.columns, list(question.rows), question.truth))}\n"
        f"got:      {in_lines(got)}"
    )
    assert got.truth == question.truth, told
    assert got.columns == question.columns, told
    assert same_rows, told


def in_lines(answer: Answer) -> str:
    if answer.truth is not None:
        return str(answer.truth)
    return "".join(f"\n    {' | '.join(row)}" for row in (answer.columns, *answer.rows))


def shown(term: NamedNode | BlankNode | Literal | Triple | None) -> str:
    if isinstance(term, NamedNode):
        return compact(term.value)
    return term.value if isinstance(term, Literal) else "" if term is None else str(term)


def shown_by_rdflib(term: object) -> str:
    return compact(str(term)) if isinstance(term, rdflib.URIRef) else "" if term is None else str(term)
