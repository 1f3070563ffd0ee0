"""Facts that are made alike in several kinds."""

from typing import Any

from resources.kinds import lists
from resources.kinds.shape import Fact, Text, Type

MAX_EUROS = 10**12
MAX_FTE = 10_000


def line(code: str, label: Text, limit: int = 200, **more: Any) -> Fact:
    return Fact(code=code, label=label, type=Type.LINE, limit=limit, **more)


def euros(code: str, label: Text, **more: Any) -> Fact:
    bounds: dict[str, Any] = {"smallest": 0, "greatest": MAX_EUROS}
    return Fact(code=code, label=label, type=Type.DECIMAL, unit="€", **bounds | more)


def staff(code: str, label: Text, unit: Text, **more: Any) -> Fact:
    return Fact(code=code, label=label, type=Type.DECIMAL, unit=unit, smallest=0, greatest=MAX_FTE, **more)


def year(label: Text) -> Fact:
    return Fact(code="year", label=label, type=Type.INTEGER, smallest=1950, greatest=2100)


def section(label: Text) -> Fact:
    return Fact(code="section", label=label, type=Type.CHOICE, choices=lists.BUDGET_SECTIONS)


def day(code: str, label: Text) -> Fact:
    return Fact(code=code, label=label, type=Type.DATE)


def address(code: str, label: Text, **more: Any) -> Fact:
    return Fact(code=code, label=label, type=Type.URL, **more)
