"""The child process that checks one posted file and ends; what a stranger sent is parsed here and nowhere else.

Run as ``python -I -B -c`` by graph.isolation.validation with: the code's folder, the generation, the memory limit in
bytes, the seconds, the parent's process id, and an Order as JSON. The file comes on standard input, the report goes to
standard output.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from graph.isolation import guards

TOO_LARGE = 3
"""Exit status where the memory limit ended the check."""


@dataclass(frozen=True)
class Order:
    """What to read and how to answer: media types, and the language of a text."""

    media_type: str
    form: str
    lang: str


def main() -> None:
    """Check what comes in, within the limits, and write the report."""
    path, memory, seconds, parent, told = sys.argv[2:]
    order = Order(**json.loads(told))
    generation, out = Path(path), os.dup(1)
    os.dup2(2, 1)
    guards.first(int(parent))
    from pyoxigraph import RdfFormat, Store

    from graph.check.posted import Rules, check_posted
    from graph.check.report import rendered

    rules = Rules.published((generation / "shapes.nt").read_bytes(), (generation / "checks.json").read_bytes())
    store = Store.read_only(str(generation / "store"))
    form = RdfFormat.from_media_type(order.media_type)
    guards.allow_processor(float(seconds))
    code = str(Path(sys.argv[1]) / "graph")
    guards.fence_check(str(generation / "store"), code)
    guards.last_of_check(int(memory), int(parent), code)
    try:
        if form is None:
            raise ValueError(f"{order.media_type} is not an RDF format")
        findings = check_posted(sys.stdin.buffer.read(), form, rules, store)
        report = memoryview(rendered(findings, order.form, order.lang))
        while report:
            report = report[os.write(out, report) :]
    except MemoryError:
        os._exit(TOO_LARGE)
    os._exit(0)  # what Python would tidy up, the system frees at once


def command(python: str, home: str, generation: str, memory: int, seconds: float, order: Order) -> list[str]:
    """The command line that runs this module from ``home`` as a child of the calling process."""
    start = "import sys; sys.path.insert(0, sys.argv[1]); from graph.isolation.checking import main; main()"
    rest = [home, generation, str(memory), str(seconds), str(os.getpid()), json.dumps(asdict(order))]
    return [python, "-I", "-B", "-c", start, *rest]
