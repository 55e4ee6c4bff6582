"""Every setting of the command and the service, read once from ``EDUGRAPH_`` variables into a frozen value."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Self

from graph.errors import SettingsError

PREFIX = "EDUGRAPH_"


def _default_home() -> Path:
    return Path(__file__).resolve().parent.parent


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the command and the service were told; nothing is opened here.

    Durations are seconds, sizes are bytes.
    """

    home: Path = _default_home()
    """The folder that holds ontology/, data/ and shapes/; by default the checkout."""
    build_dir: Path | None = None
    """Where generations are published; by default ``build`` under home."""
    texts: Path | None = None
    """A folder with the articles' texts, where they may be shown and checked against."""
    host: str = "127.0.0.1"
    """The address the service listens on."""
    port: int = 8000
    """The port the service listens on."""
    query_timeout: float = 10.0
    """Seconds of wall clock that a free SPARQL query may take."""
    query_memory: int = 1024**3
    """Bytes of memory that a free SPARQL query may take."""
    workers: int = 2
    """Child processes that run free SPARQL at the same time."""

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None, **overrides: Any) -> Self:
        """Read ``EDUGRAPH_`` variables; an override that is not None wins. Raises SettingsError."""
        env = os.environ if environ is None else environ
        known = {field.name: field for field in fields(cls)}
        values: dict[str, Any] = {}
        for name, text in env.items():
            if not name.startswith(PREFIX):
                continue
            key = name.removeprefix(PREFIX).lower()
            if key not in known:
                raise SettingsError(f"{name} is not a setting of edugraph; known: {_names(known)}")
            values[key] = _parse(name, text, str(known[key].type))
        settings = cls(**values)
        return replace(settings, **{key: value for key, value in overrides.items() if value is not None})

    @property
    def generations(self) -> Path:
        """The folder of generations and of the ``current`` link."""
        return self.build_dir if self.build_dir is not None else self.home / "build"

    def require_sources(self) -> None:
        """Raise SettingsError unless home holds the source folders."""
        missing = [name for name in ("ontology", "data", "shapes") if not (self.home / name).is_dir()]
        if missing:
            raise SettingsError(
                f"{self.home} has no {', '.join(missing)} folder; run edugraph from a checkout or set {PREFIX}HOME"
            )


def _names(known: Mapping[str, object]) -> str:
    return ", ".join(PREFIX + name.upper() for name in known)


def _parse(name: str, text: str, kind: str) -> Any:
    try:
        if kind.startswith("Path"):
            return Path(text)
        if kind == "bool":
            return {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}[text.lower()]
        if kind == "tuple[str, ...]":
            return tuple(part for part in text.split() if part)
        return {"int": int, "float": float, "str": str}.get(kind.removesuffix(" | None"), str)(text)
    except (ValueError, KeyError) as error:
        raise SettingsError(f"{name}={text!r} is not usable as {kind}") from error
