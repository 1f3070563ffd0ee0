import pytest
from django.conf import settings
from django.core.cache import caches


@pytest.fixture(autouse=True)
def _fresh_caches():
    """Limits of sign-in and of programs, and what other servers answered, live there: one test's are not another's."""
    for alias in settings.CACHES:
        caches[alias].clear()
