"""What a worker sees in a query's tokens before the engine parses it: SERVICE, FROM, nesting."""

from __future__ import annotations

import pytest

from graph.isolation.scan import is_plain, redirect, survey


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://e/> { ?s ?p ?o } }",
        "SELECT * { service silent <http://e/> { ?s ?p ?o } }",
        "SELECT * { ?s ?p ?o . SERVICE ?g { ?s ?p ?o } }",
        "SELECT * {?s ?p true SERVICE<http://e/>{}}",
        "SELECT * {?s ?p trueSERVICE<http://e/>{}}",
        "SELECT * {?s ?p 1SERVICE<http://e/>{}}",
        "SELECT * {?s ?p 'x'SERVICE<http://e/>{}}",
        "SELECT * {FILTER(?a<?b)SERVICE#>\n<http://e/>{}}",
        'SELECT * { ?s ?p "\\"" . SERVICE <http://e/> {} }',
        "SELECT * { ?s ?p ''' ' '' ''' . SERVICE <http://e/> {} }",
        "SELECT * { # comment\n SERVICE <http://e/> {} }",
        "SELECT * { # comment\r SERVICE <http://e/> {} }",
        "PREFIX e: <http://e/> SELECT * { SERVICE e:x {} }",
    ],
)
def test_service_is_seen(query: str) -> None:
    assert survey(query).services


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?service ?p ?o }",
        "SELECT * { $SERVICE ?p ?o }",
        "PREFIX service: <http://e/service> SELECT * { ?s service:SERVICE e:service }",
        "SELECT * { ?s <http://schema.org/serviceType> 'SERVICE' }",
        "SELECT * { ?s ?p 'a'@service }",
        "SELECT * { ?s ?p ?o } # SERVICE <http://e/> {}",
        'SELECT * { ?s ?p """ " SERVICE "" """ }',
        "SELECT * { _:service ?p ?o }",
    ],
)
def test_other_uses_of_the_word_are_let_by(query: str) -> None:
    assert survey(query).services == []


def test_the_endpoint_is_read_only_from_a_full_iri() -> None:
    calls = survey("SELECT * { SERVICE SILENT <http://e/x> {} SERVICE ?y {} }").services
    assert [call.endpoint for call in calls] == ["http://e/x", None]


@pytest.mark.parametrize(
    ("query", "sent"),
    [
        (
            "SELECT * { SERVICE <http://e/b> { ?s <http://e/b> ?o } }",
            "SELECT * { SERVICE <r:1> { ?s <http://e/b> ?o } }",
        ),
        ("ASK{SERVICE SILENT<http://e/a>{}SERVICE <http://e/b>{}}", "ASK{SERVICE SILENT<r:0>{}SERVICE <r:1>{}}"),
        ("ASK { SERVICE # <http://e/b>\n <http://e/a> {} }", "ASK { SERVICE # <http://e/b>\n <r:0> {} }"),
        # What stands within goes along as it is: the outer endpoint calls it, and could not call the relay.
        (
            "ASK { SERVICE <http://e/a> { { SERVICE <http://e/b> {} } } }",
            "ASK { SERVICE <r:0> { { SERVICE <http://e/b> {} } } }",
        ),
        (
            "ASK { { SERVICE <http://e/a> { ?s ?p (1) SERVICE <http://e/b> {} } } SERVICE <http://e/b> {} }",
            "ASK { { SERVICE <r:0> { ?s ?p (1) SERVICE <http://e/b> {} } } SERVICE <r:1> {} }",
        ),
        ("ASK { ?s ?p 'SERVICE <http://e/a>' }", "ASK { ?s ?p 'SERVICE <http://e/a>' }"),
    ],
)
def test_calls_are_redirected_to_the_relay_and_nothing_else_is_changed(query: str, sent: str) -> None:
    assert redirect(query, lambda endpoint: f"r:{('http://e/a', 'http://e/b').index(endpoint)}") == sent


def test_dataset_clauses_are_read_with_their_prologue() -> None:
    seen = survey("BASE <http://e/> PREFIX x: <y#> SELECT * FROM <a> FROM x:b FROM NAMED <c> { ?s ?from 'FROM <d>' }")
    assert (seen.defaults, seen.named) == (["<a>", "x:b"], ["<c>"])
    assert seen.prologue == "BASE <http://e/> PREFIX x: <y#> "
    assert seen.form == "SELECT"


def test_nesting_is_counted_in_all_brackets() -> None:
    assert survey("SELECT * { { [ ( 1 ) ] } }").depth == 4
    assert survey("SELECT * { } { } '((((((' # ((((").depth == 1


def test_a_long_unclosed_string_is_looked_through_in_linear_time() -> None:
    assert survey("SELECT * { " + "'" * 100_001).depth == 1
    assert survey("SELECT * { " + '"""' + '"a' * 50_000).depth == 1
    assert survey("SELECT * { " + "a." * 50_000).depth == 1
    assert survey("SELECT * { " + "<" * 100_000).depth == 1


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { service <http://e/> {} }",
        "SELECT * {?s ?p 1\u017fervice<http://e/>{}}",
        "SELECT * from <http://e/> { }",
        "SELECT * { { [ ( 1 ) ] } }",
    ],
)
def test_a_query_that_may_hold_what_is_looked_for_is_not_plain(query: str) -> None:
    assert not is_plain(query, 3)


def test_other_queries_are_plain() -> None:
    assert is_plain("SELECT * { ?s ?p 'x' }", 3)
