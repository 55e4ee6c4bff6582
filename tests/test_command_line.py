"""The command as a whole: its list of commands, which are imported one at a time, and a name that is none of them."""

from __future__ import annotations

import re
import subprocess

import pytest

from graph.cli import MODULES
from tests.service import COMMAND, environment


def run(*words: str) -> subprocess.CompletedProcess[str]:
    """Run ``edugraph`` with words, in a wide terminal."""
    told = environment() | {"COLUMNS": "200"}
    return subprocess.run([*COMMAND, *words], env=told, capture_output=True, text=True, timeout=60, check=False)


def test_the_help_lists_every_command_in_its_order() -> None:
    told = run("--help")
    assert told.returncode == 0
    listed = re.findall(r"^│ ([a-z]+) {2,}\S", told.stdout.partition("Commands")[2], re.MULTILINE)
    assert listed == [*MODULES, "serve"]


@pytest.mark.parametrize("name", [*MODULES, "serve"])
def test_each_command_says_how_it_is_used(name: str) -> None:
    told = run(name, "--help")
    assert told.returncode == 0, told.stderr
    assert re.search(rf"Usage: \S+ {name} ", told.stdout)


@pytest.mark.parametrize(("wrong", "meant"), [("quer", "query"), ("serv", "serve"), ("ling", "links")])
def test_a_name_that_is_none_proposes_a_near_one(wrong: str, meant: str) -> None:
    told = run(wrong)
    assert told.returncode == 2
    assert f"No such command '{wrong}'. Did you mean '{meant}'" in told.stderr
