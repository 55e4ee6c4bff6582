"""What every benchmark says of its run: when, on which machine, beside which load; and how ratios are written."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from statistics import median

BUSY = 0.5
"""The load average from which on the machine was not quiet."""


_COMPARED = ("edugraph", "pyoxigraph", "oxigraph", "rdflib", "rdflib-endpoint")


def machine() -> str:
    """Date, cores, memory, versions, and how busy the machine was before."""
    busy = os.getloadavg()[0]
    return (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC; {size_of_machine()}, Python {platform.python_version()},"
        f" {', '.join(filter(None, map(_version, _COMPARED)))};"
        f" load average before the run {busy:.1f}{' (the machine was NOT quiet)' if busy > BUSY else ''}"
    )


def _version(package: str) -> str | None:
    """Name and version; None where it is not installed."""
    try:
        return f"{package} {version(package)}"
    except PackageNotFoundError:
        return None


def size_of_machine() -> str:
    """Cores and memory."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    return f"{os.cpu_count()} cores, {memory:.0f} GiB"


def pairs(ratios: Sequence[float]) -> str:
    """The ratio of each round, and their median."""
    each = " ".join(ratio_text(ratio) for ratio in ratios)
    return f"{each}, median **{ratio_text(median(ratios))}**"


def ratio_text(ratio: float) -> str:
    """Two decimals, none where the ratio is large."""
    return f"{ratio:,.0f}" if ratio >= 100 else f"{ratio:.2f}"
