"""Forums on the wire: the fixtures of federation, and people elsewhere who speak for real."""

import pytest

from tests.federation.conftest import (  # noqa: F401
    _forget_what_was_fetched,
    _no_transaction_waits_for_the_network,
    hub,
    partner,
    server,
    stranger,
)
from tests.federation.knocking import a_speaker


@pytest.fixture
def jeanne(partner, server):  # noqa: F811
    """A person of a partner hub."""
    return a_speaker(server, "/ap/people/jeanne", type="Person")
