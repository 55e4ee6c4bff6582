"""One way through the house: what may import what, and how large a room may be."""

from __future__ import annotations

import ast
import graphlib
from collections.abc import Iterator
from pathlib import Path

import pytest

import api
import graph

ROOT = Path(__file__).parent.parent

# The rule. A module imports from its own line and from those above it; where two lines fit, the longer one counts.
# The tables that search and network read are written with the index, so these modules stand before it.
ORDER = [
    "errors",
    "told",
    "settings",
    "namespaces",
    "children",
    "private_folder",
    "read",
    "build",
    "check",
    "queries",
    "index.fold",
    "index.answers",
    "index.bits",
    "index.dates",
    "index.periods",
    "search.forms",
    "search.tables",
    "network.tables",
    "index",
    "changes",
    "publish",
    "query.index",
    "query.quotes",
    "search",
    "query",
    "network",
    "query.scope",
    "query.timeline",
    "query.targets",
    "query.quality",
    "query.changes",
    "query.surroundings",
    "export",
    "isolation",
    "commands",
    "cli",
]
LONGEST_MODULE, LONGEST_FUNCTION = 400, 80
WEB = {"api", "fastapi", "starlette", "uvicorn"}

CORE = sorted((ROOT / "graph").rglob("*.py"))
MODULES = CORE + sorted((ROOT / "api").rglob("*.py"))


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """Each module named by an import anywhere in the file, also within functions."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name(path)}:{node.lineno} imports relatively"
            module = node.module or ""
            yield from ((f"{module}.{alias.name}", node.lineno) for alias in node.names)


def line(dotted: str) -> int:
    """The line of the rule that ``graph.query.links.links_of`` stands on."""
    inner = dotted.removeprefix("graph.") + "."
    fitting = [place for place in ORDER if inner.startswith(place + ".")]
    assert fitting, f"the rule has no line for {dotted}"
    return ORDER.index(max(fitting, key=len))


def dotted(path: Path) -> str:
    """``graph.query.links`` of its file."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def test_the_packages_are_those_of_this_project() -> None:
    for package in (graph, api):
        assert package.__file__ is not None
        assert Path(package.__file__).resolve().parent.parent == ROOT.resolve()


@pytest.mark.parametrize("path", CORE, ids=name)
def test_the_core_knows_no_web(path: Path) -> None:
    assert [(module, line) for module, line in imports(path) if module.split(".")[0] in WEB] == []


@pytest.mark.parametrize("path", CORE, ids=name)
def test_imports_come_from_what_stands_before(path: Path) -> None:
    if dotted(path) == "graph":
        assert [*imports(path)] == []
        return
    own = line(dotted(path))
    wrong = [
        f"{name(path)}:{at} imports {module}"
        for module, at in imports(path)
        if module.startswith("graph.") and line(module) > own
    ]
    assert wrong == []


def test_no_two_modules_need_each_other() -> None:
    known = {dotted(path) for path in CORE}
    needs = {
        dotted(path): {
            found
            for module, _ in imports(path)
            for found in (module, module.rpartition(".")[0])
            if found in known - {"graph", dotted(path)}
        }
        for path in CORE
    }
    order = list(graphlib.TopologicalSorter(needs).static_order())  # raises CycleError with the modules
    assert set(order) == known


def test_the_rule_refuses_a_step_back(tmp_path: Path) -> None:
    file = tmp_path / "x.py"
    file.write_text("def f():\n    from graph.query.links import links_of\n    import fastapi.routing\n")
    assert list(imports(file)) == [("graph.query.links.links_of", 2), ("fastapi.routing", 3)]
    assert line("graph.query.links.links_of") > line("graph.build.dataset") > line("graph.errors")
    assert line("graph.index.fold.fold") < line("graph.search.tables") < line("graph.index.projection")


@pytest.mark.parametrize("path", sorted((ROOT / "api").rglob("*.py")), ids=name)
def test_the_web_holds_no_sparql(path: Path) -> None:
    """Words of SPARQL may stand in documentation and examples; a pattern with variables in braces may not."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node is not None:
            text = node.value
            assert not ("WHERE {" in text and "SELECT" in text and "\n" in text), f"{name(path)}:{node.lineno}"


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_modules_are_short_and_say_what_they_are(path: Path) -> None:
    source = path.read_text("utf-8")
    tree = ast.parse(source)
    assert ast.get_docstring(tree), f"{name(path)} has no docstring"
    assert source.count("\n") <= LONGEST_MODULE
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= LONGEST_FUNCTION, f"{name(path)}: {node.name} has {length} lines"
