import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _a_fresh_cache():
    """Rate limits live in the cache: one test's failed sign-ins are not another's."""
    cache.clear()
