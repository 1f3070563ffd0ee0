"""The sharing key: exact to the cent, fair to the cent, whatever the order and the numbers."""

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from resources.pooling.sharing import Impossible, Key, Part, percentages, shares, weights

PERSONS = st.one_of(st.integers(0, 3), st.integers(0, 12_000_000), st.just(0), st.just(2_133_111))
NEEDS = st.decimals(0, 10**9, places=2)
CENTS = st.one_of(st.integers(0, 10), st.integers(0, 10**13))
MEASURED = ("population", "need", "flat", "percent")


@st.composite
def participants(draw, least: int = 1) -> list[Part]:
    """Up to thirty, with percentages that make 100 exactly."""
    count = draw(st.integers(least, 30))
    cuts = sorted(draw(st.lists(st.integers(0, 1_000_000), min_size=count - 1, max_size=count - 1)))
    units = [after - before for before, after in zip([0, *cuts], [*cuts, 1_000_000], strict=True)]
    sirens = draw(st.lists(st.integers(200_000_000, 200_000_040), min_size=count, max_size=count))
    return [
        Part(
            id=f"https://hub.example/ap/orgs/{at}",
            siren=str(siren),
            name=f"Commune {at}",
            population=draw(PERSONS),
            need=draw(NEEDS),
            percent=Decimal(unit).scaleb(-4),
        )
        for at, (siren, unit) in enumerate(zip(sirens, units, strict=True))
    ]


@st.composite
def keys(draw) -> list[Key]:
    """One to four parts that make 100 %."""
    kinds = draw(st.lists(st.sampled_from(MEASURED), min_size=1, max_size=4))
    cuts = sorted(draw(st.lists(st.integers(0, 10_000), min_size=len(kinds) - 1, max_size=len(kinds) - 1)))
    percents = [after - before for before, after in zip([0, *cuts], [*cuts, 10_000], strict=True)]
    return [Key(by=by, percent=Decimal(percent).scaleb(-2)) for by, percent in zip(kinds, percents, strict=True)]


def measurable(key: list[Key], parts: list[Part]) -> bool:
    sums = {
        "population": sum(part.population or 0 for part in parts),
        "need": sum(part.need or 0 for part in parts),
        "flat": 1,
        "percent": 1,
    }
    return all(sums[one.by] for one in key)


@settings(max_examples=300, deadline=None)
@given(keys(), participants(), CENTS, st.randoms())
def test_the_sum_is_the_total_each_is_fair_to_the_cent_and_order_does_not_matter(key, parts, total, random):
    assume(measurable(key, parts))
    found = shares(key, parts, total)
    assert sum(found.values()) == total
    fair = weights(key, parts).by_id
    assert sum(fair.values()) == 1
    for id, cents in found.items():
        assert abs(cents - fair[id] * total) < 1
        assert cents >= 0
    shuffled = list(parts)
    random.shuffle(shuffled)
    assert shares(key, shuffled, total) == found


@settings(max_examples=200, deadline=None)
@given(keys(), participants())
def test_percentages_make_a_hundred_to_the_fourth_decimal(key, parts):
    assume(measurable(key, parts))
    fair = weights(key, parts).by_id
    shown = percentages(parts, fair)
    assert sum(shown.values()) == Decimal("100.0000")
    assert all(value.as_tuple().exponent == -4 for value in shown.values())
    assert all(abs(Fraction(value) - 100 * fair[id]) < Fraction(1, 10_000) for id, value in shown.items())


@settings(max_examples=200, deadline=None)
@given(keys(), participants(least=2), CENTS, st.data())
def test_what_is_agreed_stays_and_the_rest_makes_up_the_total(key, parts, total, data):
    assume(measurable(key, parts))
    chosen = data.draw(st.lists(st.sampled_from([part.id for part in parts]), unique=True, max_size=len(parts) - 1))
    agreed = {id: data.draw(st.integers(0, total)) for id in chosen}
    try:
        found = shares(key, parts, total, agreed=agreed)
    except Impossible as refusal:
        others = [part.id for part in parts if part.id not in agreed]
        nothing_to_divide_by = not sum(weights(key, parts).by_id[id] for id in others)
        assert refusal.why == "agreed"
        assert sum(agreed.values()) > total or nothing_to_divide_by
        return
    assert agreed.items() <= found.items()
    assert sum(found.values()) == total


@settings(max_examples=100, deadline=None)
@given(participants(), CENTS)
def test_the_more_inhabitants_the_more_one_pays_within_a_cent(parts, total):
    assume(measurable([Key(by="population")], parts))
    found = shares([Key(by="population")], parts, total)
    ranked = sorted(parts, key=lambda part: part.population or 0)
    for fewer, more in pairwise(ranked):
        assert found[fewer.id] <= found[more.id] + 1


def three(**facts) -> list[Part]:
    rows = [{"population": 1}, {"population": 1}, {"population": 1}]
    return [Part(id=f"u{at}", siren=f"20000000{3 - at}", name=f"C{at}", **(row | facts)) for at, row in enumerate(rows)]


def test_equal_remainders_go_to_the_smallest_siren_then_to_the_smallest_uri():
    assert shares([Key(by="population")], three(), 100) == {"u0": 33, "u1": 33, "u2": 34}
    same = [Part(id=f"u{at}", population=1) for at in (2, 0, 1)]
    assert shares([Key(by="population")], same, 100) == {"u0": 34, "u1": 33, "u2": 33}


def test_forty_per_cent_equal_sixty_by_need():
    parts = [Part(id="a", need=Decimal(300)), Part(id="b", need=Decimal(100)), Part(id="c", need=Decimal(0))]
    key = [Key(by="flat", percent=Decimal(40)), Key(by="need", percent=Decimal(60))]
    assert shares(key, parts, 15_600_000) == {"a": 9_100_000, "b": 4_420_000, "c": 2_080_000}


def test_a_hamlet_of_nobody_beside_a_metropolis_pays_nothing():
    parts = [Part(id="a", population=0), Part(id="b", population=2_133_111), Part(id="c", population=1)]
    found = shares([Key(by="population")], parts, 100_000_000)
    assert found["a"] == 0
    assert found["c"] in (46, 47)


@pytest.mark.parametrize(
    ("key", "parts", "total", "why"),
    [
        ([Key(by="flat")], [], 100, "nobody"),
        ([Key(by="flat")], three(), -1, "negative"),
        ([Key(by="flat", percent=Decimal(99))], three(), 100, "key_total"),
        ([Key(by="flat", percent=Decimal(120)), Key(by="population", percent=Decimal(-20))], three(), 1, "key_total"),
        ([], three(), 100, "key_total"),
        ([Key(by="population")], three(population=None), 100, "unknown"),
        ([Key(by="need")], three(), 100, "unknown"),
        ([Key(by="population")], three(population=0), 100, "all_zero"),
        ([Key(by="percent")], three(), 100, "percent_total"),
        ([Key(by="percent")], three(percent=Decimal("33.3333")), 100, "percent_total"),
        ([Key(by="need")], three(need=Decimal(-1)), 100, "negative"),
    ],
)
def test_what_divides_nothing_is_refused(key, parts, total, why):
    with pytest.raises(Impossible) as refusal:
        shares(key, parts, total)
    assert refusal.value.why == why


def test_free_percentages_must_make_a_hundred_exactly():
    with pytest.raises(Impossible) as refusal:
        shares([Key(by="percent")], [Part(id="a", percent=Decimal("99.9999"))], 100)
    assert refusal.value.found == Decimal("99.9999")
    halves = [Part(id="a", percent=Decimal(50)), Part(id="b", percent=Decimal(50))]
    assert shares([Key(by="percent")], halves, 101) == {"a": 51, "b": 50}


def test_nothing_to_pay_is_shared_too():
    assert shares([Key(by="flat")], three(), 0) == {"u0": 0, "u1": 0, "u2": 0}
    assert sum(percentages(three(), {"u0": 0, "u1": 0, "u2": 0}).values()) == 0
