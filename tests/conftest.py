"""Fixtures that several test files share.

Policy: a fixture here is something slow to make (a built generation, a running service) that tests only read, so it
lives for the session. What a test changes, it makes itself, with tmp_path or ``tests.service.serving``. Fixtures
are named for what they give, are fully typed, and are never autouse.
"""

from __future__ import annotations

import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser import CHROMIUM, SKIPPED, Visit, running, visiting
from tests.service import COMMAND, SMALL, Service, environment, serving


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse tests that share a name: several processes would run one of them, and leave out the others in silence."""
    counted = Counter(item.nodeid for item in items if item.get_closest_marker("alone") is None)
    if shared := [name for name, times in counted.items() if times > 1]:
        raise pytest.UsageError(f"tests share a name, mark them alone: {', '.join(shared)}")


@pytest.fixture(scope="session")
def dataset_service() -> Iterator[Service]:
    """``edugraph serve`` on the small TriG file, with the default settings and no token."""
    with serving(str(SMALL)) as service:
        yield service


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of generations after one ``edugraph build`` of the checkout."""
    folder = tmp_path_factory.mktemp("built")
    ended = subprocess.run(
        [*COMMAND, "build"], env=environment(build_dir=folder), capture_output=True, text=True, timeout=120, check=False
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return folder


@pytest.fixture(scope="session")
def curated_service(built: Path) -> Iterator[Service]:
    """``edugraph serve`` on the curated graph, with the default settings and no token."""
    with serving(build_dir=built) as service:
        yield service


# Of a module, not of the session: while it runs, its loop is this thread's, and tests with loops of their own fail.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless chromium; tests that need it are skipped, and say so, where there is none."""
    if CHROMIUM is None:
        pytest.skip(SKIPPED)
    with running() as found:
        yield found


@pytest.fixture
def visit(browser: Browser, curated_service: Service) -> Iterator[Visit]:
    """A tab on the curated graph; whatever it complained of by the end of the test fails it."""
    with visiting(browser, curated_service.url) as tab:
        yield tab
        assert tab.complaints == []
