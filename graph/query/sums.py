"""Adds up the numbers of targets, each unit by itself, and never what does not add."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from graph.namespaces import BASE

MORE_THAN, ALMOST, ABOUT = (f"{BASE}bound/{name}" for name in ("MoreThan", "Almost", "About"))
RATIOS = (f"{BASE}unit/Percent",)
"""Units whose numbers are shares of something: those of two things have no sum."""


@dataclass(frozen=True)
class Amount:
    """One target's number, if its sources agree on one."""

    target: str
    values: tuple[tuple[Decimal, str | None], ...]
    """Each number that is given, with its bound."""
    attributed: bool
    """Whether it is somebody's word that the article does not vouch for."""
    planned: bool


@dataclass(frozen=True)
class Sum:
    """What the numbers of one unit come to."""

    unit: str | None
    added: tuple[Amount, ...]
    not_added: tuple[tuple[str, str], ...]
    """Target and reason."""

    @property
    def stated(self) -> Decimal | None:
        """The numbers as written, added; what it means is said by ``bound``. None where nothing was added."""
        return sum((value for value, _ in self._terms), Decimal(0)) if self.added else None

    @property
    def bound(self) -> str | None:
        """How the sum is hedged: None only if every number in it is exact.

        Numbers of which some are exceeded and none fall short give a sum that is exceeded; the reverse gives one
        that is nearly reached; both together, or any that is only approximate, give an approximate one.
        """
        bounds = {bound for _, bound in self._terms} - {None}
        return bounds.pop() if len(bounds) == 1 else ABOUT if bounds else None

    @property
    def at_least(self) -> Decimal | None:
        """What the sum cannot be below: the exact numbers and those that are exceeded. None where nothing was added."""
        known = (value for value, bound in self._terms if bound in (None, MORE_THAN))
        return sum(known, Decimal(0)) if self.added else None

    @property
    def at_most(self) -> Decimal | None:
        """What the sum cannot be above; None where some number has no upper bound."""
        if not self.added or any(bound not in (None, ALMOST) for _, bound in self._terms):
            return None
        return self.stated

    @property
    def terms(self) -> Counter[str | None]:
        """How many of the numbers have which bound."""
        return Counter(bound for _, bound in self._terms)

    @property
    def _terms(self) -> list[tuple[Decimal, str | None]]:
        return [amount.values[0] for amount in self.added]


def sum_of(unit: str | None, amounts: Sequence[Amount]) -> Sum:
    """The sum of the amounts of one unit; those that cannot be added are named with the reason."""
    added, not_added = [], []
    for amount in amounts:
        if reason := _obstacle(unit, amount):
            not_added.append((amount.target, reason))
        else:
            added.append(amount)
    return Sum(unit, tuple(added), tuple(not_added))


def _obstacle(unit: str | None, amount: Amount) -> str | None:
    if unit is None:
        return "no single unit is said"
    if unit in RATIOS:
        return "a share of one thing is not added to a share of another"
    if len(amount.values) > 1:
        return "the sources give different numbers"
    return None


def plain_number(value: Decimal | None) -> int | float | None:
    """A number as JSON has it: whole if it is."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)
