"""The pool of query workers, through its own door: limits, death, fairness, generations, guards."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

from graph.errors import (
    NotAcceptable,
    PoolBusy,
    QueryCancelled,
    QueryError,
    QueryRefused,
    QuerySyntax,
    QueryTimeout,
    QueryTooDeep,
    QueryTooLarge,
    WorkerLost,
)
from graph.isolation import fairness
from graph.isolation.job import Job
from graph.isolation.once import run_once
from graph.isolation.pool import Pool
from graph.isolation.worker import NAME
from graph.publish.generation import Generation
from graph.settings import Settings
from tests.generations import chain, graphs, make_generation

pytestmark = pytest.mark.alone

CHEAP = "ASK { ?s ?p ?o }"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
HUNGRY = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?f"
LARGE = "SELECT * { ?a ?b ?c . ?d ?e ?f }"


@pytest.fixture(scope="module", params=["on disk", "in memory"])
def nodes(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Generation:
    """A generation with 6,000 triples: small, and its cartesian products are endless."""
    in_memory = request.param == "in memory"
    return make_generation(tmp_path_factory.mktemp("nodes"), "nodes", chain(2000), in_memory=in_memory)


@pytest.fixture(scope="module")
def two_graphs(tmp_path_factory: pytest.TempPathFactory) -> Generation:
    """A generation of two graphs that share a triple."""
    return make_generation(tmp_path_factory.mktemp("graphs"), "graphs", graphs())


@contextlib.asynccontextmanager
async def running(generation: Generation, **settings: Any) -> AsyncIterator[Pool]:
    pool = Pool(Settings(**settings), generation)
    await pool.start()
    try:
        yield pool
    finally:
        await pool.close()


async def ask(pool: Pool, query: str, *, client: str = "a", **job: Any) -> str:
    async with pool.answer(Job(query=query, client=client, **job)) as answer:
        return b"".join([piece async for piece in answer]).decode()


def on_pool(generation: Generation, test: Callable[[Pool], Awaitable[None]], **settings: Any) -> None:
    async def run() -> None:
        async with running(generation, **settings) as pool:
            await test(pool)

    asyncio.run(run())


def children() -> list[psutil.Process]:
    """The workers of this process: the services that other tests started are its children too."""
    found = []
    for child in psutil.Process().children():
        with contextlib.suppress(psutil.Error):
            if child.name() == NAME and child.status() != psutil.STATUS_ZOMBIE:
                found.append(child)
    return found


def usage() -> dict[int, tuple[float, int]]:
    used = {}
    for child in children():
        with contextlib.suppress(psutil.NoSuchProcess):
            used[child.pid] = (sum(child.cpu_times()[:2]), child.memory_info().rss)
    return used


async def quiet_within(seconds: float, pool: Pool) -> None:
    """Assert that no worker computes, and that each is as small as a fresh one, after so many seconds."""
    await asyncio.sleep(seconds)
    before = usage()
    await asyncio.sleep(0.3)
    for pid, (processor, resident) in usage().items():
        assert processor - before.get(pid, (processor, 0))[0] < 0.1
        assert resident < 200 * 1024**2
    assert pool.busy == 0


def test_an_answer_says_what_it_is(two_graphs: Generation) -> None:
    async def test(pool: Pool) -> None:
        job = Job(query="SELECT ?o { GRAPH ?g { ?s ?p ?o } } ORDER BY ?o", client="a", solutions="text/csv")
        async with pool.answer(job) as answer:
            body = b"".join([piece async for piece in answer])
            assert (answer.kind, answer.media_type, answer.generation.id) == ("solutions", "text/csv", "graphs")
            assert answer.whole
            assert answer.rows == 4
        assert body == b"o\r\nhttp://e/a\r\nhttp://e/b\r\nhttp://e/shared\r\nhttp://e/shared\r\n"
        assert await ask(pool, "ASK { ?s ?p 1 }", solutions="text/csv") == "false"
        turtle = await ask(pool, "PREFIX e: <http://e/> CONSTRUCT WHERE { ?s e:p ?o }")
        assert "e:d e:p e:default" in turtle

    on_pool(two_graphs, test)


@pytest.mark.parametrize(
    "media_type",
    ["application/sparql-results+json", "application/sparql-results+xml", "text/csv", "text/tab-separated-values"],
)
def test_rows_are_counted_in_every_format(two_graphs: Generation, media_type: str) -> None:
    values = r'"}},{" "a\"b" "\\" "[{" "line\nbreak\r\n" "<result>" "," "tab\t" "{}" <http://e/x> 5 UNDEF ""'

    async def test(pool: Pool) -> None:
        for query, rows in (
            (f"SELECT * {{ VALUES ?x {{ {values} }} }}", 13),
            (f"SELECT * {{ VALUES ?x {{ {values} }} VALUES ?y {{ {values} }} }}", 169),
            ("SELECT * { VALUES ?x { } }", 0),
            ("SELECT * { VALUES (?x ?y) { (UNDEF UNDEF) (UNDEF UNDEF) } }", 2),
        ):
            async with pool.answer(Job(query=query, client="a", solutions=media_type)) as answer:
                _ = [piece async for piece in answer]
            assert answer.rows == rows, query

    on_pool(two_graphs, test)


def test_several_default_graphs_are_their_merge(two_graphs: Generation) -> None:
    count, both = "SELECT (COUNT(*) AS ?n)", ("http://e/one", "http://e/two")

    async def number(pool: Pool, query: str, **job: Any) -> int:
        return int((await ask(pool, query, solutions="text/csv", **job)).split()[1])

    async def test(pool: Pool) -> None:
        pattern, named = "{ ?s ?p ?o }", "{ GRAPH ?g { ?s ?p ?o } }"
        prologue = "BASE <http://e/x> PREFIX e: <http://e/> "
        assert await number(pool, f"{count} FROM <http://e/one> FROM <http://e/two> {pattern}") == 3
        assert await number(pool, f"{prologue}{count} FROM <one> FROM e:two FROM <one> {pattern}") == 3
        assert await number(pool, f"{count} FROM <http://e/one> FROM <http://e/one> {pattern}") == 2
        assert await number(pool, f"{count} FROM <http://e/one> {pattern}") == 2
        assert await number(pool, f"{count} {pattern}") == 1
        assert await number(pool, f"{count} {pattern}", default_graphs=both) == 3
        # The protocol's data set overrides the query's own, as a whole.
        assert await number(pool, f"{count} FROM <http://e/one> {pattern}", default_graphs=both) == 3
        assert await number(pool, f"{count} FROM NAMED <http://e/one> {named}", default_graphs=both) == 0
        assert await number(pool, f"{count} {pattern}", named_graphs=("http://e/one",)) == 0
        assert await number(pool, f"{count} {named}", named_graphs=("http://e/one",)) == 2
        assert await number(pool, f"{count} {named}", default_graphs=both, named_graphs=("http://e/two",)) == 2
        query = f"{count} FROM <http://e/one> FROM <http://e/two> FROM NAMED <http://e/two> {named}"
        assert await number(pool, query) == 2
        with pytest.raises(QuerySyntax, match="not named by an absolute IRI"):
            await number(pool, f"{count} {pattern}", default_graphs=("not an iri",))

    on_pool(two_graphs, test)


def test_from_reads_no_file_and_no_address(two_graphs: Generation, tmp_path: Path) -> None:
    (tmp_path / "secret.ttl").write_text("<http://e/x> <http://e/y> <http://e/z> .")

    async def test(pool: Pool) -> None:
        for iri in ((tmp_path / "secret.ttl").as_uri(), "http://127.0.0.1:9/x"):
            for query in (f"ASK FROM <{iri}> {{ ?s ?p ?o }}", f"ASK FROM NAMED <{iri}> {{ GRAPH ?g {{ ?s ?p ?o }} }}"):
                assert "false" in await ask(pool, query)
            assert "false" in await ask(pool, CHEAP, default_graphs=(iri, "http://e/none"))

    on_pool(two_graphs, test)


@pytest.mark.parametrize(
    ("query", "line", "column", "words"),
    [
        ("SELECT * {\n ?s ?p ?o . FILTER(?x = }", 2, 25, "} cannot stand here"),
        ("SELECT * { ?s ?p ?o", 1, 20, "ends where more is expected"),
        (
            "SELECT * { ?s foo:bar ?o }",
            1,
            15,
            "foo:bar cannot stand here (Prefix not found; declare it with PREFIX foo:",
        ),
        ("SELECT (xsd:int('1') AS ?a) {}", 1, 9, "xsd:int cannot stand here (Prefix not found"),
        ("PREFIX a: http://a/ ASK {}", 1, 11, "http: cannot stand here (an IRI stands between < and >)"),
        ("SELECT *\u00a0{ ?s ?p ?o }", 1, 9, "the invisible character U+00A0 cannot stand here"),
        ("SELECT * { ?s ?p ?o }\n\u200b", 2, 1, "the invisible character U+200B cannot stand here"),
        ("SELECT *\x0b{}", 1, 9, "the invisible character U+000B cannot stand here"),
        ('ASK {\n ?s ?p "abc }\n', 2, 8, '" begins a string that does not end'),
        ("ASK { ?s ?p \"a\", '''b\n\n }", 1, 18, "''' begins a string that does not end"),
        ("ASK { <http://x y> ?p ?o }", 1, 7, "<http://x y> cannot stand here (IRI parsing failed)"),
        ("ASK { FILTER(1 < 2)\n FILTER(1 > > 2) }", 2, 13, "> cannot stand here"),
        ("# nothing", 1, 10, "ends where more is expected"),
        ("SELECT ?x { ?s ?p ?o } GROUP BY ?s", 1, 35, "wrong as a whole (The SELECT contains a variable"),
        ("SELECT * { ?s ?p ?o } GROUP BY ?s", 1, 34, "wrong as a whole (SELECT * is not authorized"),
        ("# not a query\n  INSERT DATA { <a:a> <a:a> <a:a> }", 2, 3, "INSERT is an update"),
        ("SELEC * { ?s ?p ?o }", 1, 1, "SELEC cannot stand here"),
        ('SELECT ?a {\n# é comment\n BIND("é" AS ?a) %% }', 3, 18, "% cannot stand here"),
        ("SELECT * { ?s ?p ?o } }", 1, 23, "} cannot stand here"),
        ("SELECT * { ?s ?p -1 . ?s ?p }", 1, 29, "} cannot stand here"),
    ],
)
def test_a_syntax_error_says_what_stands_where(
    two_graphs: Generation, query: str, line: int, column: int, words: str
) -> None:
    async def test(pool: Pool) -> None:
        with pytest.raises(QuerySyntax) as caught:
            await ask(pool, query)
        assert words in str(caught.value)
        assert (caught.value.line, caught.value.column) == (line, column)
        assert pool.restarts == 0  # a bad query costs no worker

    on_pool(two_graphs, test)


@pytest.mark.parametrize("query", ["INSERT DATA { <a:a> <a:a> <a:a> }", "LOAD <http://127.0.0.1:9/>", "CLEAR ALL"])
def test_an_update_is_refused(two_graphs: Generation, query: str) -> None:
    async def test(pool: Pool) -> None:
        with pytest.raises(QuerySyntax, match="is an update"):
            await ask(pool, query)

    on_pool(two_graphs, test)


def test_the_kind_of_answer_must_be_acceptable(two_graphs: Generation) -> None:
    async def test(pool: Pool) -> None:
        with pytest.raises(NotAcceptable):
            await ask(pool, "DESCRIBE <http://e/s>", graphs=None)
        with pytest.raises(NotAcceptable):
            await ask(pool, CHEAP, solutions=None)

    on_pool(two_graphs, test)


def test_service_reaches_nothing(two_graphs: Generation) -> None:
    async def test(pool: Pool) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            listener.settimeout(0.3)
            iri = f"http://127.0.0.1:{listener.getsockname()[1]}/"
            for clause in (f"SERVICE <{iri}>", f"SERVICE SILENT <{iri}>", f"VALUES ?g {{ <{iri}> }} SERVICE SILENT ?g"):
                with pytest.raises(QueryRefused, match="is closed here"):
                    await ask(pool, f"SELECT * {{ {clause} {{ ?s ?p ?o }} }}")
            with pytest.raises(TimeoutError):
                listener.accept()

    on_pool(two_graphs, test)


def test_the_wall_clock_limit_ends_the_query_and_its_work(nodes: Generation) -> None:
    async def test(pool: Pool) -> None:
        for query in (ENDLESS, "SELECT * { ?a (<http://e/next>|!<http://e/x>)*/(<http://e/next>*)* ?b } ORDER BY ?b"):
            begin = time.monotonic()
            with pytest.raises(QueryTimeout, match="after 1 seconds"):
                await ask(pool, query)
            assert 0.9 < time.monotonic() - begin < 1.6
            await quiet_within(0.7, pool)
        assert pool.ended["QueryTimeout"] == 2
        begin = time.monotonic()
        await ask(pool, CHEAP)
        assert time.monotonic() - begin < 0.5

    on_pool(nodes, test, query_timeout=1.0)


def test_the_memory_limit_ends_the_query_and_its_work(nodes: Generation) -> None:
    async def test(pool: Pool) -> None:
        with pytest.raises(QueryTooLarge, match="128 MiB"):
            await ask(pool, HUNGRY)
        await quiet_within(0.7, pool)
        assert "true" in await ask(pool, CHEAP)

    on_pool(nodes, test, query_timeout=20.0, query_memory=128 * 1024**2)


def nested(kind: str, depth: int) -> str:
    pattern = "?s ?p ?o"
    return {
        "parentheses": f"SELECT * {{ FILTER({'(' * depth}1{')' * depth}) }}",
        "optionals": f"SELECT * {{ {pattern} {f'OPTIONAL {{ {pattern} ' * depth}{'}' * depth} }}",
        "groups": f"SELECT * {{ {'{' * depth}{pattern}{'}' * depth} }}",
        "subselects": f"SELECT * {{ {'{ SELECT * {' * depth}{'}}' * depth} }}",
        "exists": f"SELECT * {{ {pattern} {f'FILTER NOT EXISTS {{ {pattern} ' * depth}{'}' * depth} }}",
        "path groups": f"SELECT * {{ ?s {'(' * depth}<http://e/next>{')*' * depth} ?o }}",
        "lists": f"SELECT * {{ ?s ?p {'(' * depth}1{')' * depth} }}",
        "blank nodes": f"SELECT * {{ ?s ?p {'[ ?p ' * depth}1{']' * depth} }}",
        "path steps": f"SELECT * {{ ?s {'/'.join(['<http://e/next>'] * depth)} ?o }}",
        "negations": f"SELECT * {{ {pattern} FILTER({'!' * depth}true) }}",
        "unions": f"SELECT * {{ {' UNION '.join([f'{{ {pattern} }}'] * depth)} }} LIMIT 1",
        "sums": f"SELECT ({'+'.join(['1'] * depth)} AS ?x) {{}}",
        "binds": f"SELECT * {{ {' '.join(f'BIND({i} AS ?x{i})' for i in range(depth))} }}",
        "optionals in a row": f"SELECT * {{ {pattern} {f'OPTIONAL {{ {pattern} }} ' * depth} }} LIMIT 1",
    }[kind]


NESTINGS = (
    "parentheses optionals groups subselects exists path-groups lists blank-nodes path-steps negations unions sums "
    "binds optionals-in-a-row"
)


@pytest.mark.parametrize("kind", [kind.replace("-", " ") for kind in NESTINGS.split()])
def test_ten_thousand_levels_end_one_query_and_nothing_else(nodes: Generation, kind: str) -> None:
    async def test(pool: Pool) -> None:
        with pytest.raises(QueryError) as caught:
            await ask(pool, nested(kind, 10_000))
        assert isinstance(caught.value, QueryTooDeep), caught.value
        begin = time.monotonic()
        assert "true" in await ask(pool, CHEAP)
        assert time.monotonic() - begin < 2.5  # by a worker that is there, or by a new one; not when the limit comes

    on_pool(nodes, test, query_timeout=5.0)


def test_moderate_nesting_is_answered(nodes: Generation) -> None:
    async def test(pool: Pool) -> None:
        for kind in ("parentheses", "groups", "negations", "subselects", "sums", "unions"):
            await ask(pool, nested(kind, 30) + ("" if "LIMIT" in nested(kind, 1) else " LIMIT 5"))

    on_pool(nodes, test)


def test_a_killed_worker_is_one_clients_error_and_is_replaced(nodes: Generation) -> None:
    async def test(pool: Pool) -> None:
        query = asyncio.create_task(ask(pool, ENDLESS))
        await asyncio.sleep(0.3)
        worker = pool.running()[0].worker
        assert worker is not None
        os.kill(worker.pid, signal.SIGKILL)
        with pytest.raises(WorkerLost, match="try again"):
            await query
        assert "true" in await ask(pool, CHEAP)
        for idle in children():  # and while nobody asks
            with contextlib.suppress(psutil.NoSuchProcess):
                idle.kill()
        await asyncio.sleep(0.2)
        assert "true" in await ask(pool, CHEAP)

    on_pool(nodes, test)


def test_leaving_an_answer_stops_the_work(nodes: Generation) -> None:
    async def test(pool: Pool) -> None:
        async with pool.answer(Job(query=LARGE, client="a")) as answer:
            assert await answer.read()
        await quiet_within(0.7, pool)
        waiting = asyncio.create_task(ask(pool, ENDLESS))
        await asyncio.sleep(0.3)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        await quiet_within(0.7, pool)
        assert pool.ended["abandoned"] == 2

    on_pool(nodes, test)


def test_a_slow_reader_does_not_hold_a_worker(nodes: Generation) -> None:
    async def test(pool: Pool) -> None:
        async with pool.answer(Job(query=LARGE, client="a")) as answer:
            assert await answer.read()
            await asyncio.sleep(2.5)
            assert pool.busy == 0
            with pytest.raises(QueryTimeout, match="not taken within"):
                async for _ in answer:
                    pass
            assert not answer.whole

    on_pool(nodes, test, query_timeout=1.0, query_transfer=1.0)


def test_a_large_answer_streams_in_bounded_memory(nodes: Generation) -> None:
    async def test(pool: Pool) -> None:
        process, size = psutil.Process(), 0
        before = process.memory_info().rss
        async with pool.answer(Job(query=LARGE + " LIMIT 400000", client="a", solutions="text/csv")) as answer:
            async for piece in answer:
                size += len(piece)
            assert answer.rows == 400_000
        assert size > 30_000_000
        assert process.memory_info().rss - before < 20 * 1024**2

    on_pool(nodes, test, query_timeout=30.0)


@pytest.mark.parametrize("setting", [{"max_rows": 1000}, {"max_result": 100_000}])
def test_a_cap_breaks_the_answer_off(nodes: Generation, setting: dict[str, int]) -> None:
    async def test(pool: Pool) -> None:
        pieces = []
        with pytest.raises(QueryTooLarge, match="more than"):
            async with pool.answer(Job(query=LARGE, client="a")) as answer:
                pieces = [piece async for piece in answer]
        assert pieces == []
        await ask(pool, LARGE + " LIMIT 100")

    on_pool(nodes, test, **setting)


def test_an_operator_stops_a_query(nodes: Generation) -> None:
    async def test(pool: Pool) -> None:
        # With one worker one more runs, for the first has made room among the long ones.
        tasks = [asyncio.create_task(ask(pool, ENDLESS, client=client)) for client in "abc"]
        states = [("a", "running"), ("b", "running"), ("c", "queued")]
        async with asyncio.timeout(5):  # until the second has its worker; on a busy machine that takes a while
            while [(query.client, query.state) for query in pool.running()] != states:
                await asyncio.sleep(0.01)
        queries = pool.running()
        assert queries[0].sha256 == Job(query=ENDLESS, client="").sha256
        for query, task in zip(reversed(queries), reversed(tasks), strict=True):
            assert pool.stop(query.id)
            with pytest.raises(QueryCancelled):
                await task
        assert not pool.stop(queries[0].id)
        assert pool.running() == []
        await quiet_within(0.7, pool)

    on_pool(nodes, test, workers=1)


def test_a_query_makes_room_for_another_client_sooner_than_for_its_own(
    nodes: Generation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fairness, "LATE", 30.0)

    async def test(pool: Pool) -> None:
        endless = asyncio.create_task(ask(pool, ENDLESS, client="greedy"))
        await asyncio.sleep(0.1)
        own = asyncio.create_task(ask(pool, CHEAP, client="greedy"))
        await asyncio.sleep(0.3)
        assert not own.done()
        assert "true" in await ask(pool, CHEAP, client="modest")
        assert "true" in await own
        endless.cancel()
        await asyncio.gather(endless, return_exceptions=True)

    on_pool(nodes, test, workers=1)


def test_the_queue_is_bounded_and_each_client_has_its_share(nodes: Generation) -> None:
    async def test(pool: Pool) -> None:
        greedy = [asyncio.create_task(ask(pool, ENDLESS, client="greedy")) for _ in range(6)]
        await asyncio.sleep(0.3)
        busy = [task for task in greedy if task.done()]
        assert [type(task.exception()) for task in busy] == [PoolBusy] * 3  # one runs, half of a queue of 4 waits
        begin = time.monotonic()
        assert "true" in await ask(pool, CHEAP, client="modest")
        # The modest client waited for one slice of one query, not for all that came before.
        assert time.monotonic() - begin < 2.5
        for task in greedy:
            task.cancel()
        await asyncio.gather(*greedy, return_exceptions=True)

    on_pool(nodes, test, workers=1, query_queue=4, query_timeout=10.0)


def test_runaways_do_not_keep_cheap_queries_waiting(nodes: Generation) -> None:
    async def test(pool: Pool) -> None:
        runaways = [asyncio.create_task(ask(pool, ENDLESS, client="r")) for _ in range(3)]
        await asyncio.sleep(2.5)
        times = []
        for _ in range(20):
            begin = time.monotonic()
            await ask(pool, CHEAP, client="c")
            times.append(time.monotonic() - begin)
        assert sorted(times)[15] < 0.1, times
        for task in runaways:
            task.cancel()
        await asyncio.gather(*runaways, return_exceptions=True)

    on_pool(nodes, test, workers=2, query_timeout=20.0)


def levels() -> list[int]:
    """The priorities of all threads of this process's children."""
    found = []
    for thread in (thread.id for child in children() for thread in child.threads()):
        with contextlib.suppress(ProcessLookupError):
            found.append(os.getpriority(os.PRIO_PROCESS, thread))
    return found


def test_a_long_query_is_lowered_once_another_has_come_and_gone(
    nodes: Generation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fairness, "LATE", 60.0)

    async def test(pool: Pool) -> None:
        usual = psutil.Process().nice()
        task = asyncio.create_task(ask(pool, ENDLESS))
        await asyncio.sleep(0.2)
        assert [level for level in levels() if level > usual] == []
        assert "true" in await ask(pool, CHEAP)
        assert [level for level in levels() if level > usual] == [usual + 10]
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    on_pool(nodes, test, workers=2)


def test_a_lowered_priority_ends_with_its_query_and_not_with_its_worker(nodes: Generation) -> None:
    slow = "SELECT (COUNT(*) AS ?n) { { SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 5000000 } }"
    stays = not nodes.nquads.is_file()

    async def test(pool: Pool) -> None:
        before, usual = {child.pid for child in children()}, psutil.Process().nice()
        for turn in range(3):
            task = asyncio.create_task(ask(pool, slow))
            seen: set[int] = set()
            while not task.done():
                seen.add(sum(level > usual for level in levels()))
                await asyncio.sleep(0.01)
            assert "5000000" in task.result()
            # Each thread ends when the next begins, but the process's own stays, lowered; a fork's own never answers.
            assert max(seen) == (1 if turn == 0 else 1 + stays), (turn, seen)
        async with asyncio.timeout(10):  # a thread of the lowest priority ends when others let it
            assert "true" in await ask(pool, CHEAP)
            while sum(level > usual for level in levels()) != stays:  # what answers now is of the usual priority
                assert "true" in await ask(pool, CHEAP)
        assert pool.restarts == 0
        assert before <= {child.pid for child in children()}

    on_pool(nodes, test, workers=1)


def test_an_answer_is_from_one_generation_throughout(tmp_path: Path) -> None:
    first = make_generation(tmp_path, "first", chain(1000))
    second = make_generation(tmp_path, "second", graphs())

    async def test(pool: Pool) -> None:
        async with pool.answer(Job(query=LARGE + " LIMIT 100000", client="a", solutions="text/csv")) as answer:
            await answer.read()
            await pool.use(second)
            async for _ in answer:
                pass
            assert (answer.generation.id, answer.rows) == ("first", 100_000)
        async with pool.answer(Job(query="SELECT * { ?s ?p ?o }", client="a")) as answer:
            async for _ in answer:
                pass
            assert (answer.generation.id, answer.rows) == ("second", 1)

    on_pool(first, test)


def test_a_generation_that_cannot_be_opened_leaves_the_old_one_in_use(nodes: Generation, tmp_path: Path) -> None:
    async def test(pool: Pool) -> None:
        with pytest.raises(WorkerLost, match="a worker did not start"):
            await pool.use(Generation(id="gone", path=tmp_path / "gone"))
        assert "true" in await ask(pool, CHEAP)
        assert pool.generation.id == "nodes"

    on_pool(nodes, test)


def test_workers_end_with_the_pool_and_are_reused_in_it(nodes: Generation) -> None:
    async def test(pool: Pool) -> None:
        for _ in range(30):
            await ask(pool, CHEAP)
        assert pool.starts <= 2
        assert pool.ended["whole"] == 30

    on_pool(nodes, test)
    assert children() == []


def test_a_signal_to_the_whole_group_leaves_the_answer_to_the_parent(nodes: Generation) -> None:
    async def test(pool: Pool) -> None:
        async with pool.answer(Job(query=LARGE + " LIMIT 100000", client="a")) as answer:
            await answer.read()
            for worker in children():
                for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                    worker.send_signal(number)
            async for _ in answer:
                pass
            assert answer.rows == 100_000

    on_pool(nodes, test)


def test_guards_in_force_are_told(nodes: Generation) -> None:
    async def test(pool: Pool) -> None:
        # These hold on every Linux; Landlock and the limit on processes depend on the kernel and the user.
        for guard in ("no_file_growth", "dies_with_parent", "no_new_privileges", "memory_limit", "no_descriptors"):
            assert pool.guards[guard], pool.guards
        assert {"landlock_files", "landlock_network", "no_processes"} <= pool.guards.keys()

    on_pool(nodes, test)


def test_one_query_without_a_service(two_graphs: Generation) -> None:
    settings = Settings(query_timeout=1.0)
    assert b"".join(run_once(settings, two_graphs, "SELECT ?o { ?s ?p ?o }", "text/csv")) == (
        b"o\r\nhttp://e/default\r\n"
    )
    with pytest.raises(QuerySyntax):
        list(run_once(settings, two_graphs, "SELECT", "text/csv"))
    assert children() == []


def test_one_query_without_a_service_has_its_limit_and_can_be_left(nodes: Generation) -> None:
    begin = time.monotonic()
    with pytest.raises(QueryTimeout):
        list(run_once(Settings(query_timeout=1.0), nodes, ENDLESS, "text/csv"))
    assert time.monotonic() - begin < 3
    pieces = run_once(Settings(), nodes, LARGE, "text/csv")
    assert next(pieces)
    pieces.close()
    assert children() == []
