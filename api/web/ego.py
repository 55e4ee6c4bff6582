"""A small drawing of a thing and its nearest counterparts: the same links always give the same picture."""

from __future__ import annotations

from math import cos, pi, sin
from typing import Any

MOST = 12
WIDTH, HEIGHT = 720, 360
_ACROSS, _DOWN = 150, 140
_LETTERS = 23


def ego_network(groups: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Where each counterpart stands around the middle: one link of each role in turn, until there are enough."""
    chosen: dict[str, dict[str, Any]] = {}
    for turn in range(max((len(group["links"]) for group in groups), default=0)):
        for group in groups:
            if turn < len(group["links"]) and len(chosen) < MOST:
                link = group["links"][turn]
                chosen.setdefault(link["counterpart"]["iri"], link)
    return [_placed(link, number, len(chosen)) for number, link in enumerate(chosen.values())]


def _placed(link: dict[str, Any], number: int, total: int) -> dict[str, Any]:
    angle = 2 * pi * (number + 0.5) / total
    x, y = WIDTH / 2 + _ACROSS * sin(angle), HEIGHT / 2 - _DOWN * cos(angle)
    label = link["counterpart"]["label"]
    left = x < WIDTH / 2
    return {
        **link["counterpart"],
        "role": link["role"],
        "direction": link["direction"],
        "planned": link["planned"],
        "x": round(x),
        "y": round(y),
        "text_x": round(x) + (-10 if left else 10),
        "text_y": round(y) + 5,
        "anchor": "end" if left else "start",
        "short": label if len(label) <= _LETTERS else label[: _LETTERS - 1].rstrip() + "…",
    }
