import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _forget_what_was_fetched():
    """The cache outlives the database of a test."""
    cache.clear()


@pytest.fixture
def django_cache_cleared():
    return cache.clear
