"""Rows are counted as the bytes go by, exactly, wherever the pieces of an answer are cut."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, QueryResultsFormat, QuerySolutions, Store

from graph.isolation.rows import RowCounter

# What looks like the end of a string, of a row or of the list of rows, and is only text.
TEXT = st.lists(
    st.sampled_from(["{}", "},{", ":[{", '"', "\\", '},{"a', ':[{"a', "a", "é", ",", ":", "\n", "]"]), max_size=5
).map("".join)
ROWS = st.lists(st.tuples(*[st.none() | TEXT] * 2), max_size=6)
NAMES = st.sampled_from(["?x ?y", "?é ?_", "?1 ?a"])


@settings(max_examples=150, deadline=None)
@given(names=NAMES, rows=ROWS, cuts=st.lists(st.integers(1, 9), min_size=1, max_size=8))
def test_rows_of_json_are_counted_exactly(names: str, rows: list[tuple[str | None, ...]], cuts: list[int]) -> None:
    data = " ".join(f"({' '.join('UNDEF' if x is None else str(Literal(x)) for x in row)})" for row in rows)
    answer = Store().query(f"SELECT * {{ VALUES ({names}) {{ {data} }} }}")
    assert isinstance(answer, QuerySolutions)
    written = answer.serialize(format=QueryResultsFormat.JSON)
    assert written is not None
    counter, begin = RowCounter("application/sparql-results+json"), 0
    while begin < len(written):
        size = cuts[begin % len(cuts)]
        counter.feed(written[begin : begin + size])
        begin += size
    assert counter.rows == len(json.loads(written)["results"]["bindings"]) == len(rows)
