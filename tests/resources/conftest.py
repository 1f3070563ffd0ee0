import pytest
from django.core.cache import caches


@pytest.fixture(autouse=True)
def _fair_use_begins_anew():
    """How often programs ask is counted in the process: one test's requests are not another's."""
    caches["throttle"].clear()
