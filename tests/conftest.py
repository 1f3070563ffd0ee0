from itertools import cycle

import pytest
from django.conf import settings
from django.core.cache import caches

from federation.wire import keys


@pytest.fixture(autouse=True, scope="session")
def _few_rsa_keys():
    """Making one takes longer than most tests; actors of different tests may well share theirs."""
    made = cycle([keys.generate_rsa() for _ in range(4)])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keys, "generate_rsa", lambda: next(made))
        yield


@pytest.fixture(autouse=True)
def _fresh_caches():
    """Limits of sign-in and of programs, and what other servers answered, live there: one test's are not another's."""
    for alias in settings.CACHES:
        caches[alias].clear()
