"""Dividing a cost, exact to the cent. Pure: integers and fractions, no rounding before the last step.

The rule for remainders, as agreements state it: each one first gets its fair value rounded down to the cent; the cents
that are left go, one each, to the largest remainders; between equal ones, to the smallest SIREN, then URI. It depends
on nothing else: not on the order in which participants are listed. So the sum is the total, always, and each one is
within a cent of its fair value.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

#: How fine percentages are shown: 0.0001 %. They are divided by the same rule, so that they make 100.0000 together.
PERCENT_UNITS = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Part:
    """One participant, as far as the keys ask. None: not known, or not said."""

    id: str  #: URI
    siren: str = ""
    name: str = ""
    population: int | None = None
    need: Decimal | None = None
    percent: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class Key:
    """A part of the cost, in per cent, and what it is divided by."""

    by: str  #: "population", "need", "flat" or "percent"
    percent: Decimal = Decimal(100)


class Impossible(Exception):
    """This key divides nothing. `why` is one of the words below; `names` are whom it is about; `found` a percentage."""

    def __init__(self, why: str, *, names: Sequence[str] = (), found: Decimal | None = None) -> None:
        super().__init__(why)
        self.why = why
        self.names = list(names)
        self.found = found


NOBODY = "nobody"  #: there is no participant to divide between
NEGATIVE = "negative"  #: the total is below zero
KEY_TOTAL = "key_total"  #: the parts of the key do not make 100 % (`found`)
UNKNOWN = "unknown"  #: what it is divided by is not known of some (`names`)
ALL_ZERO = "all_zero"  #: what it is divided by is zero for all
PERCENT_TOTAL = "percent_total"  #: the agreed percentages do not make 100 % (`found`)
AGREED = "agreed"  #: the agreed amounts do not leave what the others can pay


def shares(
    key: Iterable[Key], parts: Iterable[Part], total_cents: int, *, agreed: Mapping[str, int] | None = None
) -> dict[str, int]:
    """Cents by id; their sum is `total_cents`. `agreed` amounts, in cents, stay; the key divides the rest.

    Raises: Impossible.
    """
    fair = weights(key, parts)
    if total_cents < 0:
        raise Impossible(NEGATIVE)
    kept = {id: cents for id, cents in (agreed or {}).items() if id in fair.by_id}
    rest = total_cents - sum(kept.values())
    others = {id: weight for id, weight in fair.by_id.items() if id not in kept}
    if rest < 0 or min(kept.values(), default=0) < 0 or (rest > 0 and not sum(others.values())):
        raise Impossible(AGREED)
    return kept | (_divide(rest, others, fair.order) if rest else dict.fromkeys(others, 0))


def percentages(parts: Iterable[Part], weight: Mapping[str, int] | Mapping[str, Fraction]) -> dict[str, Decimal]:
    """Each one's part of the whole, to four decimals; together 100.0000 exactly. All zero when the whole is zero."""
    order = {part.id: (part.siren, part.id) for part in parts}
    fractions = {id: Fraction(value) for id, value in weight.items()}
    units = _divide(PERCENT_UNITS, fractions, order) if sum(fractions.values()) else dict.fromkeys(fractions, 0)
    return {id: Decimal(count).scaleb(-4) for id, count in units.items()}


@dataclass(frozen=True)
class Weights:
    by_id: dict[str, Fraction]  #: each one's fair part of the whole; together 1
    order: dict[str, tuple[str, str]]  #: what decides between equal remainders


def weights(key: Iterable[Key], parts: Iterable[Part]) -> Weights:
    """Raises: Impossible."""
    listed, keys = list(parts), list(key)
    if not listed:
        raise Impossible(NOBODY)
    whole = sum((one.percent for one in keys), Decimal(0))
    if whole != 100 or any(one.percent < 0 for one in keys):
        raise Impossible(KEY_TOTAL, found=whole)
    fair = {part.id: Fraction(0) for part in listed}
    for one in keys:
        measured = _measures(one.by, listed)
        together = sum(measured.values())
        for id, measure in measured.items():
            fair[id] += Fraction(one.percent) / 100 * measure / together
    return Weights(fair, {part.id: (part.siren, part.id) for part in listed})


def _measures(by: str, parts: list[Part]) -> dict[str, Fraction]:
    """What each one counts for. Raises: Impossible; the sum of what is given back is never zero."""
    if by == "flat":
        return {part.id: Fraction(1) for part in parts}
    said: dict[str, int | Decimal | None] = {part.id: getattr(part, _FIELDS[by]) for part in parts}
    if by == "percent":
        found = sum((Decimal(value) for value in said.values() if value is not None), Decimal(0))
        if found != 100:
            raise Impossible(PERCENT_TOTAL, found=found)
    elif unknown := [part.name or part.id for part in parts if said[part.id] is None]:
        raise Impossible(UNKNOWN, names=sorted(unknown))
    measured = {id: Fraction(value or 0) for id, value in said.items()}
    if min(measured.values()) < 0:
        raise Impossible(NEGATIVE)
    if not sum(measured.values()):
        raise Impossible(ALL_ZERO)
    return measured


_FIELDS = {"population": "population", "need": "need", "percent": "percent"}


def _divide(units: int, weight: Mapping[str, Fraction], order: Mapping[str, tuple[str, str]]) -> dict[str, int]:
    """Largest remainder. `units` > 0 and a sum of weights > 0."""
    whole = sum(weight.values())
    fair = {id: units * value / whole for id, value in weight.items()}
    given = {id: value.numerator // value.denominator for id, value in fair.items()}
    left = units - sum(given.values())
    by_remainder = sorted(fair, key=lambda id: (given[id] - fair[id], order[id]))
    for id in by_remainder[:left]:
        given[id] += 1
    return given
