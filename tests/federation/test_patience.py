from datetime import UTC, datetime, timedelta

import pytest

from federation import patience
from federation.patience import Verdict

NOW = datetime(2026, 11, 25, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        (200, Verdict.SENT),
        (202, Verdict.SENT),
        (204, Verdict.SENT),
        (301, Verdict.MOVED),
        (302, Verdict.MOVED),
        (307, Verdict.MOVED),
        (308, Verdict.MOVED),
        (400, Verdict.PARKED),
        (401, Verdict.SLOW),
        (403, Verdict.SLOW),
        (404, Verdict.MOVED),
        (405, Verdict.PARKED),
        (408, Verdict.LATER),
        (410, Verdict.GONE),
        (413, Verdict.PARKED),
        (415, Verdict.PARKED),
        (422, Verdict.PARKED),
        (425, Verdict.LATER),
        (429, Verdict.BUSY),
        (451, Verdict.PARKED),
        (500, Verdict.LATER),
        (501, Verdict.PARKED),
        (502, Verdict.LATER),
        (503, Verdict.BUSY),
        (504, Verdict.LATER),
        (599, Verdict.LATER),
        (102, Verdict.LATER),
        (999, Verdict.LATER),
        (None, Verdict.BUSY),
    ],
)
def test_what_an_answer_means(status, verdict):
    assert patience.verdict(status) is verdict


def test_waits_grow_then_stay_at_an_hour():
    seconds = [patience.wait(tries).total_seconds() for tries in range(1, 6)]
    assert seconds == [2, 10, 60, 300, 1800]
    for tries in (6, 7, 300):
        assert timedelta(minutes=48) <= patience.wait(tries) <= timedelta(minutes=72)


def test_the_breaker_opens_at_five_and_probes_ever_more_rarely():
    assert patience.breaker_wait(4) is None
    minutes = [patience.breaker_wait(failures).total_seconds() / 60 for failures in (5, 6, 7, 8, 9, 10, 5000)]
    assert minutes == [5, 10, 20, 40, 60, 60, 60]


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("120", 120),
        ("0", 0),
        ("Wed, 25 Nov 2026 08:10:00 GMT", 600),
        ("Wed, 25 Nov 2026 07:00:00 GMT", 0),
        ("999999999999999999999999", 24 * 3600),
        ("Sat, 25 Nov 2056 08:10:00 GMT", 24 * 3600),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("²", None),
    ],
)
def test_how_long_they_ask_us_to_wait(said, seconds):
    asked = patience.retry_after({"retry-after": said}, NOW)
    assert asked == (None if seconds is None else timedelta(seconds=seconds))
