"""The one door. Other apps see federation only as this module, and only from their `actions.py` and `federated.py`.

Every function that speaks to the network only writes rows, in the caller's transaction.
"""

from federation.identity import author, change_actor, close_actor, hub_author, new_uri, open_actor
from federation.ledger import fate, partners, reach
from federation.outbox import publish, withdraw

__all__ = [
    "author",
    "change_actor",
    "close_actor",
    "fate",
    "hub_author",
    "new_uri",
    "open_actor",
    "partners",
    "publish",
    "reach",
    "withdraw",
]
