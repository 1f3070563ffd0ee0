"""How progress rolls up, by property; and the days that count."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resources.charters.progress import counted, elapsed, is_late, mean, months_after, next_update, roll_up
from resources.kinds.charter_words import Status

PER_CENT = st.integers(0, 100)
COUNTED = st.lists(st.none() | PER_CENT, max_size=40)
DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))


@pytest.mark.parametrize(
    ("status", "progress", "counts"),
    [
        ("not_started", 30, 0),
        ("studied", 5, 5),
        ("voted", 10, 10),
        ("running", 60, 60),
        ("partly", 70, 70),
        ("done", 0, 100),
        ("blocked", 45, 45),
        ("dropped", 90, 0),
        ("not_applicable", 50, None),
    ],
)
def test_what_each_status_counts_for(status, progress, counts):
    assert counted(status, progress) == counts


def test_every_status_is_in_the_table_above():
    assert len(Status) == 9


@given(COUNTED)
def test_a_mean_is_a_per_cent_between_the_least_and_the_most(values):
    numbers = [value for value in values if value is not None]
    found = mean(values)
    assert (found is None) is (not numbers)
    if numbers:
        assert min(numbers) <= found <= max(numbers) or 0 < found < 100
        assert abs(found - sum(numbers) / len(numbers)) <= 1


@given(COUNTED)
def test_it_is_100_only_when_all_is_done_and_0_only_when_nothing_has_begun(values):
    numbers = [value for value in values if value is not None]
    assert (mean(values) == 100) is (bool(numbers) and all(number == 100 for number in numbers))
    assert (mean(values) == 0) is (bool(numbers) and not any(numbers))


@given(COUNTED, st.randoms())
def test_neither_the_order_nor_what_does_not_concern_changes_it(values, random):
    shuffled = [*values, None, None]
    random.shuffle(shuffled)
    assert mean(shuffled) == mean(values)


@given(st.lists(PER_CENT, min_size=1, max_size=40), st.data())
def test_to_come_further_in_one_measure_never_lowers_the_whole(values, data):
    at = data.draw(st.integers(0, len(values) - 1))
    further = data.draw(st.integers(values[at], 100))
    assert mean([*values[:at], further, *values[at + 1 :]]) >= mean(values)


@given(st.lists(st.tuples(st.sampled_from("ABCZ"), st.none() | PER_CENT), max_size=40))
def test_a_pledge_is_the_mean_of_its_measures_whichever_their_themes(commitments):
    rolled = roll_up(commitments, "ABC")
    assert rolled.whole == mean(value for _theme, value in commitments)
    for theme in "ABC":
        assert rolled.themes[theme] == mean(value for of, value in commitments if of == theme)
    known = [value for value in rolled.themes.values() if value is not None]
    if known and all(theme in "ABC" for theme, _value in commitments):
        assert min(known) - 1 <= rolled.whole <= max(known) + 1


@given(DAYS, st.integers(0, 120))
def test_months_later_is_the_same_day_or_the_last_of_its_month(day, months):
    later = months_after(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later.day < day.day and months_after(later.replace(day=1), 1).day == 1)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 3, 28), 24, date(2028, 3, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
    ],
)
def test_some_months(day, months, later):
    assert months_after(day, months) == later


@given(DAYS, st.integers(1, 120), DAYS)
def test_the_window_is_behind_us_from_0_to_100(start, months, today):
    end = months_after(start, months)
    passed = elapsed(start, end, today)
    assert 0 <= passed <= 100
    assert (passed == 100) is (today >= end)


@given(DAYS, st.integers(1, 24), DAYS)
def test_the_next_update_is_to_come_and_one_falls_on_the_last_day(today, months, end):
    following = next_update(today, months, end)
    assert today < following <= months_after(today, months)
    if today < end <= months_after(today, months):
        assert following == end


@pytest.mark.parametrize("status", Status.values)
def test_nothing_is_late_before_its_day_nor_once_it_is_closed(status):
    deadline = date(2027, 3, 28)
    assert not is_late(status, deadline, deadline)
    assert is_late(status, deadline, date(2027, 3, 29)) is (status not in ("done", "dropped", "not_applicable"))
