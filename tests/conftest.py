"""Fixtures that several test files share.

Policy: a fixture here is something slow to make (a built generation, a running service) that tests only read, so it
lives for the session. What a test changes, it makes itself, with tmp_path or ``tests.service.serving``. Fixtures
are named for what they give, are fully typed, and are never autouse.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.service import SMALL, Service, serving


@pytest.fixture(scope="session")
def dataset_service() -> Iterator[Service]:
    """``edugraph serve`` on the small TriG file, with the default settings and no token."""
    with serving(str(SMALL)) as service:
        yield service
